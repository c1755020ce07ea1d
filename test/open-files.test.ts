import { get } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, inject, test } from 'vitest';
import { ask, until } from './ask.ts';
import { openDatabase } from './open-database.ts';

const hubs = [['embedded', inject('embedded')] as const, ...(inject('postgresql') ? [['PostgreSQL', inject('postgresql')] as const] : [])];
/** Files with their table and key: what the public may have of each is one row a key. */
const files = [
  ['102001~1', 'legal-entity', 'legal_entity."LegalEntity"', 'uscc'],
  ['103001~1', 'geospatial', 'geospatial."AdministrativeDivision"', 'code'],
  ['103003~1', 'geospatial', 'geospatial."Poi"', 'code'],
  ['105001~1', 'e-license', 'e_license."LicenseType"', 'code'],
] as const;

/** Today in the province, as PostgreSQL says it, and what may be public of each kind of record, written once more by itself. */
const TODAY = `(now() AT TIME ZONE 'Asia/Shanghai')::date`;
const inPeriod = `("publishUntil" IS NULL OR "publishUntil" >= ${TODAY})`;
const records = [
  { code: '104001~1', table: 'credit."PermitDecision"', list: 'publishedPermits', where: '"subjectIsEntity"', shown: '"documentNo"' },
  {
    code: '104002~1',
    table: 'credit."Penalty"',
    list: 'publishedPenalties',
    where: `"subjectIsEntity" AND ${inPeriod}`,
    shown: '"documentNo"',
  },
  { code: '104003~1', table: 'credit."DishonestRecord"', list: 'dishonestList', where: inPeriod, shown: '"caseNo"' },
] as const;

describe.each(hubs)('over %s', (_name, given) => {
  const hub = given ?? inject('embedded');

  test.each(files)('%s holds every row once, in every format', async (code, library, table, key) => {
    const database = await openDatabase(hub, library);
    const rows = (await database.rows(`SELECT ${key}, name FROM ${table}`)).map((row) => `${row[key]} ${row['name']}`).sort();
    await database.close();
    const path = `/public/datasets/${code}`;
    const sent = lines(await read(hub, `${path}.ndjson`));
    expect(sent.map((row) => `${row[key]} ${row['name']}`).sort()).toEqual(rows);
    expect(
      csvCells(String(await read(hub, `${path}.csv`)))
        .map(([first, second]) => `${first} ${second}`)
        .sort(),
    ).toEqual(rows);
    const geojson = await fetch(`${hub.url}${path}.geojson`);
    if (geojson.status === 404) return;
    const { features } = (await geojson.json()) as { features: { geometry: unknown; properties: Record<string, unknown> }[] };
    expect(features.map(({ properties }) => `${properties[key]} ${properties['name']}`).sort()).toEqual(rows);
    expect(features.some(({ geometry }) => geometry !== null)).toBe(true);
  });

  test.each(records)(
    '$code holds the records that are public today, as SQL and the pages of the public door have them, and no other',
    async (of) => {
      const { code, table, list, where, shown } = of;
      const database = await openDatabase(hub, 'credit');
      const rowsWhere = async (condition: string) =>
        (await database.rows(`SELECT id, ${shown} AS no FROM ${table} WHERE ${condition}`)).map(({ id, no }) => `${id} ${no}`).sort();
      const rows = await rowsWhere(where);
      const hidden = await rowsWhere(`NOT (${where})`);
      await database.close();
      // The made-up country has both kinds, else nothing is shown here.
      expect([rows.length > 0, hidden.length > 0]).toEqual([true, true]);
      const field = shown.replaceAll('"', '');
      const told = (row: Record<string, unknown>) => `${row['id']} ${row[field]}`;
      expect(
        lines(await read(hub, `/public/datasets/${code}.ndjson`))
          .map(told)
          .sort(),
      ).toEqual(rows);
      const [headings = [], ...cells] = csvRecords(String(await read(hub, `/public/datasets/${code}.csv`)));
      const [id, no] = [headings.indexOf('id'), headings.indexOf(field)];
      expect(cells.map((record) => `${record[id]} ${record[no]}`).sort()).toEqual(rows);
      for (const door of ['/public/graphql', '/graphql'] as const) {
        const paged: string[] = [];
        for (let after: string | null = null, more = true; more; ) {
          const { data, errors } = await ask(
            hub,
            `query ($after: String) { ${list}(first: 100, after: $after) { total nodes { id ${field} } pageInfo { endCursor hasNextPage } } }`,
            { after },
            door,
            null,
          );
          expect([errors, data[list].total]).toEqual([undefined, rows.length]);
          paged.push(...data[list].nodes.map(told));
          ({ endCursor: after, hasNextPage: more } = data[list].pageInfo);
        }
        expect(paged.sort()).toEqual(rows);
      }
    },
  );

  test('each value in a file is one that its dictionary tells of: its kind, its length, its list of values, how many are empty', async () => {
    const catalogue = await (await fetch(`${hub.url}/public/catalog.jsonld`)).text();
    const codes = [...catalogue.matchAll(/datasets\/([\d~]+)\.ndjson/g)].map(([, code = '']) => code);
    expect(new Set(codes).size).toBe(7);
    for (const code of new Set(codes)) {
      const dictionary = await countedDictionary(hub, code);
      const rows = lines(await read(hub, `/public/datasets/${code}.ndjson`));
      expect([code, dictionary.rows]).toEqual([code, rows.length]);
      const columns = dictionary.columns.filter(({ formats }) => formats.includes('ndjson'));
      expect([code, Object.keys(rows[0] ?? {})]).toEqual([code, columns.map(({ column }) => column)]);
      for (const column of columns) {
        const values = rows.flatMap((row) => row[column.column] ?? []);
        expect([code, column.column, values.filter((value) => !isAsTold(value, column))]).toEqual([code, column.column, []]);
        const empty = rows.filter((row) => isEmpty(row[column.column])).length;
        expect([code, column.column, column.empty]).toEqual([code, column.column, empty]);
      }
      if (!dictionary.geometry) continue;
      const { features } = (await (await fetch(`${hub.url}/public/datasets/${code}.geojson`)).json()) as {
        features: { geometry: unknown }[];
      };
      expect(dictionary.geometry).toMatchObject({
        features: features.length,
        withoutGeometry: features.filter(({ geometry }) => geometry === null).length,
      });
    }
  }, 180_000);

  test('divisions of all five levels are there', async () => {
    const levels = Object.groupBy(lines(await read(hub, '/public/datasets/103001~1.ndjson')), (row) => String(row['level']));
    expect(Object.keys(levels)).toEqual(['1', '2', '3', '4', '5']);
  });

  test('packed or not, a file is the same', async () => {
    const path = '/public/datasets/103001~1.csv';
    const plain = await read(hub, path);
    const gzip = await read(hub, path, 'gzip');
    const brotli = await read(hub, path, 'br');
    expect(gunzipSync(gzip).equals(plain)).toBe(true);
    expect(brotliDecompressSync(brotli).equals(plain)).toBe(true);
    expect(Math.max(gzip.length, brotli.length)).toBeLessThan(plain.length / 4);
  });
});

/** The body as it was sent, still packed. */
function read(hub: { url: string }, path: string, encoding?: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    get(`${hub.url}${path}`, { headers: encoding ? { 'accept-encoding': encoding } : {} }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks)));
      response.on('error', reject);
    }).on('error', reject);
  });
}

function lines(body: Buffer): Record<string, unknown>[] {
  return String(body)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** What is told of a dataset once its rows were read through. */
async function countedDictionary(hub: { url: string }, code: string): Promise<Dictionary> {
  let told: Dictionary = { rows: null, geometry: null, columns: [] };
  await until(`the rows of ${code} are counted`, 90_000, async () => {
    told = (await (await fetch(`${hub.url}/public/datasets/${code}.dictionary.json`)).json()) as Dictionary;
    return told.rows !== null;
  });
  return told;
}

type Dictionary = Readonly<{
  rows: number | null;
  geometry: unknown;
  columns: readonly Readonly<{
    column: string;
    formats: readonly string[];
    type: string;
    isList: boolean;
    length: number | null;
    longest: number | null;
    empty: number;
    values: readonly Readonly<{ value: string; zh: string }>[] | null;
  }>[];
}>;

/** Of a list each value is held against what is told of one. */
function isAsTold(value: unknown, { type, length, longest, values }: Dictionary['columns'][number]): boolean {
  const text = String(value);
  const forms: Readonly<Record<string, boolean>> = {
    text: typeof value === 'string',
    code: values?.some((each) => each.value === value && /\p{Script=Han}/u.test(each.zh)) ?? false,
    integer: Number.isInteger(value),
    decimal: typeof value === 'number',
    boolean: typeof value === 'boolean',
    date: /^\d{4}-\d\d-\d\d$/.test(text),
    moment: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text),
    point: JSON.stringify(value).includes('"Point"'),
  };
  return forms[type] === true && text.length <= (length ?? text.length) && (longest === null || text.length <= longest);
}

function isEmpty(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

/** Rows of a CSV without its header line. */
function csvCells(text: string): string[][] {
  return csvRecords(text).slice(1);
}

/** Records of a CSV (RFC 4180). */
function csvRecords(text: string): string[][] {
  const records: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    records.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n') records.push([]);
  }
  const [head = [], ...rest] = records.filter((record) => record.length > 1);
  return [head.map((heading) => heading.replace('\uFEFF', '')), ...rest];
}
