import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import jsonld from 'jsonld';
import { Parser, Store } from 'n3';
import SHACLValidator from 'rdf-validate-shacl';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { until } from './ask.ts';
import { metrics, valuesOf } from './dcat-ap/quality-metrics.ts';
import { openDatabase } from './open-database.ts';
import { patience } from './patience.ts';

const hub = inject('embedded');
const DCAT = 'http://www.w3.org/ns/dcat#';
const DCT = 'http://purl.org/dc/terms/';
const OFFICIAL = process.env['DCAT_AP_SHAPES'];
let catalogue = new Store();

beforeAll(async () => {
  // Sizes come once every dataset was read through; on a busy machine the first answer does not wait for all.
  await until('every file has its size', 90_000, async () => {
    catalogue = await readStatements(JSON.parse(await (await fetch(`${hub.url}/public/catalog.jsonld`)).text()));
    const files = subjects('Distribution').filter((node) => valuesOf(catalogue, node, `${DCAT}downloadURL`).length > 0);
    const isMeasured = files.every((node) => valuesOf(catalogue, node, `${DCAT}byteSize`).length > 0);
    return isMeasured && subjects('Dataset').every((node) => valuesOf(catalogue, node, `${DCT}temporal`).length > 0);
  });
});

/** The statements of a JSON-LD document. @throws where it cannot be read without fetching something. */
async function readStatements(document: jsonld.JsonLdDocument): Promise<Store> {
  const documentLoader = async (url: string): Promise<never> => {
    throw new Error(`The catalogue wants ${url} to be read.`);
  };
  const quads = await jsonld.toRDF(document, { format: 'application/n-quads', documentLoader });
  // With a format the answer is a text.
  return new Store(new Parser({ format: 'N-Quads' }).parse(String(quads)));
}

async function complaints(shapes: string, about: Store = catalogue): Promise<readonly string[]> {
  const validator = new SHACLValidator(new Store(new Parser().parse(shapes)), { importGraph: async () => new Store() });
  const { results } = await validator.validate(about);
  return results.map(({ focusNode, path, sourceConstraintComponent, value, severity }) =>
    // What a result lacks, a shape of the whole node has no path.
    [severity, focusNode, path, sourceConstraintComponent, value].map((term) => (term && 'value' in term ? term.value : '')).join(' '),
  );
}

const subjects = (type: string) => catalogue.getSubjects('http://www.w3.org/1999/02/22-rdf-syntax-ns#type', `${DCAT}${type}`, null);

test('the catalogue is as DCAT-AP 3.0.1 wants it', async () => {
  expect(subjects('Dataset').length).toBeGreaterThan(5);
  expect(await complaints(readFileSync(new URL('dcat-ap/profile.ttl', import.meta.url), 'utf8'))).toEqual([]);
});

test('a dataset without a title and a file without an address are noticed', async () => {
  const broken = new Store(
    [...catalogue].filter(
      ({ subject, predicate }) =>
        !(predicate.value.endsWith('/title') && subject.value.includes('#dataset-102001')) &&
        !(predicate.value === `${DCAT}accessURL` && subject.value.endsWith('102001~1-csv')),
    ),
  );
  const found = await complaints(readFileSync(new URL('dcat-ap/profile.ttl', import.meta.url), 'utf8'), broken);
  expect(found.map((complaint) => complaint.replace(/\S*#/g, '')).sort()).toEqual([
    'Violation dataset-102001~1 http://purl.org/dc/terms/title MinCountConstraintComponent ',
    'Violation distribution-102001~1-csv accessURL MinCountConstraintComponent ',
  ]);
});

/** Rows that the public may see, and the days that date them; of license types nothing does. */
const open = [
  ['102001/1', 'legal-entity', 'legal_entity."LegalEntity"', '"establishedOn"', 'true'],
  ['104001/1', 'credit', 'credit."PermitDecision"', '"decidedOn"', '"subjectIsEntity"'],
  [
    ...(['104002/1', 'credit', 'credit."Penalty"', '"decidedOn"'] as const),
    `"subjectIsEntity" AND ("publishUntil" IS NULL OR "publishUntil" >= (now() AT TIME ZONE 'Asia/Shanghai')::date)`,
  ],
  ['105001/1', 'e-license', 'e_license."LicenseType"', null, 'true'],
] as const;

test.each(open)(
  'of %s, modified and the period are those of the rows that the public may see',
  async (code, library, table, day, where) => {
    const database = await openDatabase(hub, library);
    const at = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
    const [row = {}] = await database.rows(`SELECT ${at('max("confirmedAt")')} AS newest, ${at('min("confirmedAt")')} AS oldest
    ${day ? `, min(${day})::text AS first, max(${day})::text AS last` : ''} FROM ${table} WHERE ${where}`);
    await database.close();
    const dataset = subjects('Dataset').find((node) => valuesOf(catalogue, node, `${DCT}identifier`).includes(code));
    const [period] = dataset ? catalogue.getObjects(dataset, `${DCT}temporal`, null) : [];
    if (!dataset || !period) throw new Error(`${code} has no period.`);
    expect(valuesOf(catalogue, dataset, `${DCT}modified`)).toEqual([row['newest']]);
    const [from, to] = day ? [row['first'], row['last']] : [row['oldest'], row['newest']];
    expect([valuesOf(catalogue, period, `${DCAT}startDate`), valuesOf(catalogue, period, `${DCAT}endDate`)]).toEqual([[from], [to]]);
  },
);

describe.skipIf(OFFICIAL === undefined)('the official shapes, from the folder DCAT_AP_SHAPES', () => {
  test.each(OFFICIAL === undefined ? [] : readdirSync(OFFICIAL).filter((file) => file.endsWith('.ttl')))('%s', async (file) => {
    const found = await complaints(readFileSync(join(OFFICIAL ?? '', file), 'utf8'));
    expect(found.filter((complaint) => !isAgreed(complaint))).toEqual([]);
  });
});

/** What the optional vocabularies say against us, and why it stays. */
function isAgreed(complaint: string): boolean {
  // Publishers and places of the European lists: no bureau and no province of China is among them.
  if (/#Warning .*terms\/(publisher|spatial) /.test(complaint)) return true;
  // The shape wants https where SPDX itself, and the class in the same shape, say http.
  return / http:\/\/spdx\.org\/rdf\/terms#algorithm /.test(complaint);
}

test.each(metrics)('every $about earns the $points points for $name ($dimension)', ({ about, earns }) => {
  const isFile = (node: (typeof all)[number]) => !node.value.endsWith('-graphql');
  const all = subjects(about === 'dataset' ? 'Dataset' : 'Distribution');
  const asked = about === 'file' ? all.filter(isFile) : all;
  expect(asked.length).toBeGreaterThan(5);
  expect(asked.filter((node) => !earns(node, catalogue)).map((node) => node.value)).toEqual([]);
});

test('every address of the catalogue answers (80 points), and a file is as long as it says', { timeout: patience(300_000) }, async () => {
  for (const distribution of subjects('Distribution')) {
    const [size] = valuesOf(catalogue, distribution, `${DCAT}byteSize`);
    for (const address of new Set([`${DCAT}accessURL`, `${DCAT}downloadURL`].flatMap((each) => valuesOf(catalogue, distribution, each)))) {
      const answer = await fetch(address);
      const bytes = (await answer.arrayBuffer()).byteLength;
      expect([address, answer.status]).toEqual([address, 200]);
      // The media type that is told is the one that is served.
      const [mediaType = ''] = valuesOf(catalogue, distribution, `${DCAT}mediaType`);
      expect([address, mediaType]).toEqual([
        address,
        `https://www.iana.org/assignments/media-types/${answer.headers.get('content-type')?.split(';')[0]}`,
      ]);
      if (size !== undefined) expect([address, bytes]).toEqual([address, Number(size)]);
    }
  }
});

test('the points that metadata decide add up to those of the assessment', () => {
  // 405 in all; 80 more for addresses that answer, 30 more for being DCAT-AP: both tested above.
  expect(metrics.reduce((sum, { points }) => sum + points, 0)).toBe(405 - 80 - 30);
});
