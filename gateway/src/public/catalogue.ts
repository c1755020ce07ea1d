import { writeMoment } from '@longyuan/schema/src/moment.ts';
import { isOpenSomewhere } from '@longyuan/schema/src/read-directory.ts';
import { nameOf } from '@longyuan/schema/src/words/describe-words.ts';
import * as vocabulary from './catalogue-vocabularies.ts';
import { describeEn, describeZh } from './describe-resource.ts';
import { type FileFormat, formatsOf } from './file-formats.ts';
import type { OpenResource } from './find-datasets.ts';
import type { Measures } from './measure-datasets.ts';

type Node = Readonly<Record<string, unknown>>;

/**
 * What is listed, with what was measured of its rows and files; `confirmed`: of a resource without a file, when its owner first and last
 * confirmed one of its rows. Null where that is not known yet.
 */
export type Listed = OpenResource & Readonly<{ measures: Measures | null; confirmed: Confirmed | null }>;
/** Moments between which rows were confirmed, RFC 3339; null where no row says one. */
export type Confirmed = Readonly<{ oldestAt: string | null; newestAt: string | null }>;

/** The prefixes of the catalogue, written out: nothing is fetched to read it. */
const CONTEXT = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dcatap: 'http://data.europa.eu/r5r/',
  dct: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  geo: 'http://www.opengis.net/ont/geosparql#',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  skos: 'http://www.w3.org/2004/02/skos/core#',
  spdx: 'http://spdx.org/rdf/terms#',
  vcard: 'http://www.w3.org/2006/vcard/ns#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
} as const;

/**
 * The catalogue of what is open, in DCAT-AP 3 as JSON-LD. `base` is the hub's address without a path; names are fragments of the
 * catalogue's own address. Terms of vocabularies carry their type, so that the catalogue is valid without fetching them.
 */
export function describeCatalogue(listed: readonly Listed[], base: string): Node {
  const at = `${base}/public/catalog.jsonld`;
  const resources = [...listed].sort((one, other) => one.resource.code.localeCompare(other.resource.code));
  const issued = resources.map(({ resource }) => resource.publishedOn).sort();
  const service = describeService(resources, at, base);
  return {
    '@context': CONTEXT,
    '@id': `${at}#catalogue`,
    '@type': 'dcat:Catalog',
    'dct:title': both('陇源开放数据目录', 'Longyuan open data catalogue'),
    'dct:description': both(
      '甘肃省政务数据共享枢纽向社会开放的信息资源，由各基础库的目录声明计算得出。',
      'What the province’s base libraries open to the public, computed from what each of them declares.',
    ),
    'dct:publisher': platform(at, base),
    'dct:language': vocabulary.LANGUAGES.map((id) => term(id, 'dct:LinguisticSystem')),
    'dct:license': licence(),
    'dct:issued': day(issued[0] ?? ''),
    ...newest(resources),
    'dct:spatial': province(at),
    'dct:rights': rights(at),
    'foaf:homepage': typed(`${base}/`, 'foaf:Document'),
    'dcat:themeTaxonomy': {
      ...typed(vocabulary.DATA_THEMES, 'skos:ConceptScheme'),
      'dct:title': both('欧盟数据主题', 'EU data themes'),
    },
    'dcat:service': service,
    'dcat:dataset': resources.map((each) => describeDataset(each, at, base)),
  };
}

function describeDataset(each: Listed, at: string, base: string): Node {
  const { resource, dataset } = each;
  const { zh, en } = nameOf(resource);
  const id = fileName(resource.code);
  const { publishedOn } = resource;
  const modified = modifiedOf(each);
  return {
    '@id': `${at}#dataset-${id}`,
    '@type': 'dcat:Dataset',
    'dct:identifier': resource.code,
    'dct:title': both(zh, en),
    'dct:description': both(describeZh(each), describeEn(each)),
    'dct:publisher': publisher(each, at),
    'dcat:contactPoint': contact(each, at, base),
    'dcat:keyword': resource.keywords.map((word) => ({ '@value': word, '@language': /[\u4e00-\u9fff]/.test(word) ? 'zh' : 'en' })),
    'dcat:theme': concept(vocabulary.themeOf(resource.category)),
    // The standard's own category: no theme of the vocabulary that harvesters look for.
    'dct:subject': {
      ...typed(`${at}#category-${encodeURIComponent(resource.category.join('-'))}`, 'skos:Concept'),
      'skos:prefLabel': inChinese(resource.category.join('/')),
    },
    'dct:spatial': province(at),
    ...periodOf(each),
    'dct:accrualPeriodicity': term(vocabulary.FREQUENCIES[resource.updateCycle] ?? '', 'dct:Frequency'),
    'dct:language': term(vocabulary.LANGUAGES[0] ?? '', 'dct:LinguisticSystem'),
    'dct:issued': day(publishedOn),
    ...modified,
    'dct:accessRights': term(vocabulary.PUBLIC_ACCESS, 'dct:RightsStatement'),
    'dct:conformsTo': [...new Set(resource.items.flatMap((item) => (isOpenSomewhere(item) && item.standard ? [item.standard] : [])))].map(
      (standard) => ({
        '@id': `${at}#standard-${encodeURIComponent(standard)}`,
        '@type': 'dct:Standard',
        'dct:title': standard,
      }),
    ),
    'foaf:page': {
      ...typed(`${base}/public/datasets/${id}.dictionary.json`, 'foaf:Document'),
      'dct:title': both('数据字典', 'Data dictionary'),
    },
    'dcat:distribution': [
      ...(dataset ? formatsOf(dataset).map((format) => describeFile(each, format, modified, at, base)) : []),
      describeQuestions(each, modified, at, base),
    ],
  };
}

function describeFile({ resource, measures }: Listed, format: FileFormat, modified: Node, at: string, base: string): Node {
  const id = fileName(resource.code);
  const url = `${base}/public/datasets/${id}.${format}`;
  const file = measures?.files.get(format);
  return {
    '@id': `${at}#distribution-${id}-${format}`,
    ...describeDistribution(resource.publishedOn, modified, at),
    'dct:title': both(`${resource.title}（${format.toUpperCase()}）`, `${nameOf(resource).en} (${format.toUpperCase()})`),
    'dcat:accessURL': typed(url, 'rdfs:Resource'),
    'dcat:downloadURL': typed(url, 'rdfs:Resource'),
    'dct:format': term(vocabulary.FILE_TYPES[format].format, 'dct:MediaTypeOrExtent'),
    'dcat:mediaType': typed(vocabulary.FILE_TYPES[format].mediaType, 'dct:MediaType'),
    ...(file && {
      'dcat:byteSize': { '@value': String(file.bytes), '@type': 'xsd:nonNegativeInteger' },
      'spdx:checksum': {
        '@type': 'spdx:Checksum',
        'spdx:algorithm': typed('http://spdx.org/rdf/terms#checksumAlgorithm_sha256', 'spdx:ChecksumAlgorithm'),
        'spdx:checksumValue': { '@value': file.sha256, '@type': 'xsd:hexBinary' },
      },
    }),
  };
}

/**
 * The way by question that every open resource has. Its address asks what can be asked of the resource, and so answers in the media type of every
 * answer there; the service is the same address without the question.
 */
function describeQuestions({ resource }: Listed, modified: Node, at: string, base: string): Node {
  return {
    '@id': `${at}#distribution-${fileName(resource.code)}-graphql`,
    ...describeDistribution(resource.publishedOn, modified, at),
    'dct:title': both(`${resource.title}（GraphQL）`, `${nameOf(resource).en} (GraphQL)`),
    'dcat:accessURL': typed(`${base}/public/graphql?query=${encodeURIComponent(questionOf(resource.code))}`, 'rdfs:Resource'),
    'dcat:accessService': { '@id': `${at}#graphql` },
    'dct:format': term(vocabulary.JSON_FILE.format, 'dct:MediaTypeOrExtent'),
    'dcat:mediaType': typed(vocabulary.JSON_FILE.mediaType, 'dct:MediaType'),
    'dct:conformsTo': standard(vocabulary.GRAPHQL_SPECIFICATION, 'GraphQL'),
  };
}

function questionOf(code: string): string {
  return `{ resource(code: ${JSON.stringify(code)}) { code name abstract items { code name } operations { query variables } } }`;
}

function describeDistribution(publishedOn: string, modified: Node, at: string): Node {
  return {
    '@type': 'dcat:Distribution',
    'dct:description': both('按“是否向社会开放”声明逐项计算的开放内容。', 'Exactly what is declared open, item by item.'),
    'dct:license': licence(),
    'dct:rights': rights(at),
    'dct:issued': day(publishedOn),
    ...modified,
    'dct:language': term(vocabulary.LANGUAGES[0] ?? '', 'dct:LinguisticSystem'),
    'dcatap:availability': concept(vocabulary.AVAILABLE),
  };
}

function describeService(resources: readonly Listed[], at: string, base: string): Node {
  return {
    '@id': `${at}#graphql`,
    '@type': 'dcat:DataService',
    'dct:title': both('开放数据 GraphQL 接口', 'Open data GraphQL API'),
    'dct:description': both('无需令牌即可查询的开放内容；可自省。', 'Ask for whatever is open, without a token; introspection is open.'),
    'dct:publisher': platform(at, base),
    'dcat:contactPoint': {
      '@id': `${at}#contact-platform`,
      '@type': 'vcard:Kind',
      'vcard:fn': vocabulary.PLATFORM.zh,
      'vcard:hasURL': { '@id': `${base}/` },
    },
    'dcat:keyword': [inChinese('开放数据'), { '@value': 'open data', '@language': 'en' }],
    'dcat:theme': concept(vocabulary.themeOf([])),
    'dcat:endpointURL': typed(`${base}/public/graphql`, 'rdfs:Resource'),
    'dcat:endpointDescription': typed(`${base}/public/schema.graphql`, 'rdfs:Resource'),
    'dct:conformsTo': standard(vocabulary.GRAPHQL_SPECIFICATION, 'GraphQL'),
    'dct:license': licence(),
    'dct:accessRights': term(vocabulary.PUBLIC_ACCESS, 'dct:RightsStatement'),
    'dct:format': term(vocabulary.JSON_FILE.format, 'dct:MediaTypeOrExtent'),
    'dcat:servesDataset': resources.map(({ resource }) => ({ '@id': `${at}#dataset-${fileName(resource.code)}` })),
  };
}

/** Who publishes the catalogue and serves its questions: the hub, whose datasets are each a department's. */
function platform(at: string, base: string): Node {
  const { zh, en } = vocabulary.PLATFORM;
  return {
    '@id': `${at}#platform`,
    '@type': 'foaf:Agent',
    'foaf:name': both(zh, en),
    'dct:identifier': `${base}/`,
    'foaf:homepage': typed(`${base}/`, 'foaf:Document'),
    'dct:type': concept(vocabulary.REGIONAL_AUTHORITY),
  };
}

function publisher({ resource: { provider } }: Listed, at: string): Node {
  return {
    '@id': `${at}#agent-${provider.uscc}`,
    '@type': 'foaf:Agent',
    'foaf:name': inChinese(provider.name),
    'dct:identifier': provider.uscc,
    'dct:type': concept(vocabulary.REGIONAL_AUTHORITY),
  };
}

function contact({ resource: { provider } }: Listed, at: string, base: string): Node {
  return {
    '@id': `${at}#contact-${provider.uscc}`,
    '@type': 'vcard:Kind',
    'vcard:fn': provider.name,
    'vcard:hasURL': { '@id': `${base}/` },
  };
}

function province(at: string): Node {
  const { code, nameZh, nameEn, box, centre } = vocabulary.PROVINCE;
  return {
    ...typed(`${at}#division-${code}`, 'dct:Location'),
    'dct:identifier': code,
    'skos:prefLabel': both(nameZh, nameEn),
    'dcat:centroid': { '@value': centre, '@type': 'geo:wktLiteral' },
    'dcat:bbox': { '@value': box, '@type': 'geo:wktLiteral' },
  };
}

function rights(at: string): Node {
  return {
    ...typed(`${at}#rights`, 'dct:RightsStatement'),
    'rdfs:label': both('可自由使用，请注明来源。', 'Free to use; name the source.'),
  };
}

/** When the newest of its rows was confirmed; nothing where that is not known, for a day that is not true says less than none. */
function modifiedOf({ measures, confirmed }: Listed): Node {
  const at = (measures ?? confirmed)?.newestAt;
  return at ? { 'dct:modified': moment(at) } : {};
}

function newest(resources: readonly Listed[]): Node {
  const last = resources
    .flatMap(({ measures, confirmed }) => (measures ?? confirmed)?.newestAt ?? [])
    .map(written)
    .sort()
    .at(-1);
  return last ? { 'dct:modified': moment(last) } : {};
}

/** The days that the rows tell of; of rows that nothing dates, the time in which they were confirmed. */
function periodOf({ measures, confirmed }: Listed): Node {
  const days = measures?.firstDay && measures.lastDay ? { from: day(measures.firstDay), to: day(measures.lastDay) } : null;
  const { oldestAt, newestAt } = measures ?? confirmed ?? { oldestAt: null, newestAt: null };
  const period = days ?? (oldestAt && newestAt ? { from: moment(oldestAt), to: moment(newestAt) } : null);
  if (!period) return {};
  return { 'dct:temporal': { '@type': 'dct:PeriodOfTime', 'dcat:startDate': period.from, 'dcat:endDate': period.to } };
}

/** A resource's code as part of an address. */
export function fileName(code: string): string {
  return code.replaceAll('/', '~');
}

/** A term of a vocabulary that validators want to find there. */
function term(id: string, type: string): Node {
  return { ...typed(id, type), 'skos:inScheme': { '@id': vocabulary.schemeOf(id) } };
}

function concept({ id, zh, en }: vocabulary.Term): Node {
  return { ...term(id, 'skos:Concept'), 'skos:prefLabel': both(zh, en) };
}

function licence(): Node {
  return { ...term(vocabulary.LICENCE, 'dct:LicenseDocument'), 'dct:type': concept(vocabulary.ATTRIBUTION) };
}

function typed(id: string, type: string): Node {
  return { '@id': id, '@type': type };
}

function standard(id: string, title: string): Node {
  return { ...typed(id, 'dct:Standard'), 'dct:title': title };
}

function both(zh: string, en: string | null): readonly Node[] {
  return [inChinese(zh), ...(en ? [{ '@value': en, '@language': 'en' }] : [])];
}

function inChinese(text: string): Node {
  return { '@value': text, '@language': 'zh' };
}

function day(text: string): Node {
  return { '@value': text, '@type': 'xsd:date' };
}

function moment(text: string): Node {
  return { '@value': written(text), '@type': 'xsd:dateTime' };
}

/** In the one form that the graph and the files write a moment in: libraries tell it in another. */
function written(moment: string): string {
  return writeMoment(moment) ?? moment;
}
