import { composeSupergraph } from '@longyuan/schema/src/compose-supergraph.ts';
import { publicSchema } from '@longyuan/schema/src/public-schema.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { expect, test } from 'vitest';
import { describeCatalogue } from './catalogue.ts';
import { formatsOf } from './file-formats.ts';
import { findOpenResources } from './find-datasets.ts';
import type { Measures } from './measure-datasets.ts';

const libraries = readLibraries();
const measured: Measures = {
  ...{ rows: 1, oldestAt: '2026-06-01T00:00:00Z', newestAt: '2026-06-29T00:00:00Z', firstDay: '1998-03-02', lastDay: '2026-06-28' },
  ...{ columns: new Map(), withoutGeometry: 0, measuredAt: '2026-06-30T00:00:00Z', files: new Map() },
};
const open = findOpenResources(libraries, publicSchema(libraries, composeSupergraph(libraries).apiSdl)).map((each) => ({
  ...each,
  measures: each.dataset
    ? { ...measured, files: new Map(formatsOf(each.dataset).map((format) => [format, { bytes: 9, sha256: '00' }])) }
    : null,
  confirmed: { oldestAt: '2026-05-01T00:00:00.000Z', newestAt: '2026-06-30T00:00:00.000Z' },
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

const datasetOf = (listed: typeof open, code: string) =>
  [...nodes(describeCatalogue(listed, 'http://hub'))].find((node) => node['@type'] === 'dcat:Dataset' && node['dct:identifier'] === code);
const period = (listed: typeof open, code: string) => {
  const told = datasetOf(listed, code)?.['dct:temporal'] as Described | undefined;
  return told && [told['dcat:startDate'], told['dcat:endDate']].map((at) => (at as Described)['@value']);
};

test('modified and the period come from the rows: the days that date them, else when they were confirmed', () => {
  expect(datasetOf(open, '104002/1')?.['dct:modified']).toEqual({ '@value': '2026-06-29T00:00:00Z', '@type': 'xsd:dateTime' });
  expect(period(open, '104002/1')).toEqual(['1998-03-02', '2026-06-28']);
  expect(
    period(
      open.map((each) => ({ ...each, measures: each.measures && { ...each.measures, firstDay: null, lastDay: null } })),
      '103003/1',
    ),
  ).toEqual(['2026-06-01T00:00:00Z', '2026-06-29T00:00:00Z']);
  // Of a resource without a file, its library says when its rows were confirmed.
  expect(datasetOf(open, '101001/1')?.['dct:modified']).toEqual({ '@value': '2026-06-30T00:00:00Z', '@type': 'xsd:dateTime' });
  expect(period(open, '101001/1')).toEqual(['2026-05-01T00:00:00Z', '2026-06-30T00:00:00Z']);
});

test('what is not known yet is not said: no day of publication stands for it', () => {
  const unknown = open.map((each) => ({ ...each, measures: null, confirmed: null }));
  expect(JSON.stringify(describeCatalogue(unknown, 'http://hub'))).not.toMatch(/dct:modified|dct:temporal/);
});

test('a dataset is described in Chinese and in English: what it holds, whose, how often, and which rows', () => {
  const told = (datasetOf(open, '104002/1')?.['dct:description'] ?? []) as Described[];
  expect(told.map((each) => each['@value'])).toEqual([
    '行政处罚双公示信息，一项处罚决定一行，含相对人、违法事实、处罚依据、内容、金额和处罚机关，由处罚机关自作出决定之日起报送，公示期满后撤下。由甘肃省发展和改革委员会提供，更新周期：每日。向社会开放的是相对人为法人且在公示期内的行。',
    'One penalty that was imposed. Provided by 甘肃省发展和改革委员会; update cycle: daily. Open are the rows for which this holds: the record is about a legal entity, and the day until which it is public has not passed.',
  ]);
  for (const { resource } of open) {
    const [zh = {}, en = {}] = (datasetOf(open, resource.code)?.['dct:description'] ?? []) as Described[];
    expect(String(zh['@value'])).toMatch(/^\p{Script=Han}.{60,}$/u);
    expect(String(en['@value'])).toMatch(/^[A-Z].{40,}$/);
  }
});

test('of a resource that is not open as a whole, both languages say what is', () => {
  const told = (datasetOf(open, '101001/1')?.['dct:description'] ?? []) as Described[];
  expect(told[0]?.['@value']).toMatch('只开放按区划、性别、年龄等分组的人口统计数');
  expect(told[1]?.['@value']).toMatch(/Only this of it is open: population statistics\.$/);
});

test('the hub publishes the catalogue and serves its questions, and each department its datasets', () => {
  const publishers = (type: string) =>
    [...nodes(catalogue)].filter((node) => node['@type'] === type).map((node) => (node['dct:publisher'] as Described)['@id']);
  expect([...publishers('dcat:Catalog'), ...publishers('dcat:DataService')]).toEqual(
    Array(2).fill('http://hub/public/catalog.jsonld#platform'),
  );
  for (const { resource } of open) {
    const { '@id': id, 'foaf:name': name } = (datasetOf(open, resource.code)?.['dct:publisher'] ?? {}) as Described;
    expect([id, name]).toEqual([
      `http://hub/public/catalog.jsonld#agent-${resource.provider.uscc}`,
      { '@value': resource.provider.name, '@language': 'zh' },
    ]);
  }
});

test('headings in Chinese say what a number is counted in', () => {
  const titles = new Set(open.flatMap(({ dataset }) => dataset?.columns.map(({ titleZh }) => titleZh) ?? []));
  const counted = ['罚款金额（元）', '没收金额（元）', '有效期范围（年）', '注册资本(出资额)（金额，万元）'];
  expect(counted.filter((title) => !titles.has(title))).toEqual([]);
});
