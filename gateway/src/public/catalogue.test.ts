import { composeSupergraph } from '@longyuan/schema/src/compose-supergraph.ts';
import { publicSchema } from '@longyuan/schema/src/public-schema.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { expect, test } from 'vitest';
import { describeCatalogue } from './catalogue.ts';
import { formatsOf } from './file-formats.ts';
import { findOpenResources } from './find-datasets.ts';
import type { Measures } from './measure-datasets.ts';

const libraries = readLibraries();
const measured: Measures = { rows: 1, newestAt: '2026-06-29T00:00:00Z', files: new Map() };
const open = findOpenResources(libraries, publicSchema(libraries, composeSupergraph(libraries).apiSdl)).map((each) => ({
  ...each,
  measures: each.dataset
    ? { ...measured, files: new Map(formatsOf(each.dataset).map((format) => [format, { bytes: 9, sha256: '00' }])) }
    : null,
}));
const catalogue = describeCatalogue(open, 'http://hub');

type Described = { [property: string]: unknown };

/** Every node of the catalogue, wherever it is written. */
function* nodes(value: unknown): Generator<Described> {
  if (Array.isArray(value)) for (const each of value) yield* nodes(each);
  else if (typeof value === 'object' && value !== null) {
    // What is no list is a node or a value of the catalogue.
    yield value as Described;
    for (const [name, each] of Object.entries(value)) if (name !== '@context') yield* nodes(each);
  }
}

/** Mandatory and recommended properties of DCAT-AP 3.0.1, and those that data.europa.eu gives points for. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  'dcat:Catalog':
    'dct:title dct:description dct:publisher dct:language dct:license dct:issued dct:modified dct:spatial dct:rights foaf:homepage dcat:themeTaxonomy dcat:dataset dcat:service'.split(
      ' ',
    ),
  'dcat:Dataset':
    'dct:title dct:description dct:identifier dct:publisher dcat:contactPoint dcat:keyword dcat:theme dct:spatial dct:temporal dct:accrualPeriodicity dct:issued dct:modified dct:accessRights dcat:distribution foaf:page'.split(
      ' ',
    ),
  'dcat:Distribution':
    'dct:title dct:description dcat:accessURL dct:license dct:format dcat:mediaType dcatap:availability dct:rights dct:issued dct:modified'.split(
      ' ',
    ),
  'dcat:DataService':
    'dct:title dct:description dcat:endpointURL dcat:endpointDescription dcat:servesDataset dct:publisher dcat:contactPoint dct:license'.split(
      ' ',
    ),
  'foaf:Agent': ['foaf:name', 'dct:type', 'dct:identifier'],
  'skos:Concept': ['skos:prefLabel'],
  'dct:Location': ['dcat:bbox', 'dcat:centroid'],
  'spdx:Checksum': ['spdx:algorithm', 'spdx:checksumValue'],
};

test('every node says what DCAT-AP wants it to say, and is typed', () => {
  const lacking = [...nodes(catalogue)].flatMap((node) =>
    (wanted[String(node['@type'])] ?? []).filter((property) => empty(node[property])).map((property) => `${node['@id']} ${property}`),
  );
  expect(lacking).toEqual([]);
  for (const type of Object.keys(wanted)) expect([...nodes(catalogue)].some((node) => node['@type'] === type)).toBe(true);
});

function empty(value: unknown): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

test('every resource with something open is listed, in two languages, and every file of it', () => {
  const datasets = [...nodes(catalogue)].filter((node) => node['@type'] === 'dcat:Dataset');
  expect(datasets.map((node) => node['dct:identifier']).sort()).toEqual(open.map(({ resource }) => resource.code).sort());
  const entities = datasets.find((node) => node['dct:identifier'] === '102001/1');
  expect(entities?.['dct:title']).toEqual([
    { '@value': '法人单位基础信息', '@language': 'zh' },
    { '@value': 'Legal entity', '@language': 'en' },
  ]);
  const files = [...nodes(entities)].flatMap((node) => (node['dcat:downloadURL'] ? [node['dcat:accessURL']] : []));
  expect(files.map((file) => (file as Described)['@id'])).toEqual(
    ['csv', 'xlsx', 'ndjson'].map((format) => `http://hub/public/datasets/102001~1.${format}`),
  );
});
