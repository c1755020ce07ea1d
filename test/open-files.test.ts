import { get } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, inject, test } from 'vitest';
import { openDatabase } from './open-database.ts';

const hubs = [['embedded', inject('embedded')] as const, ...(inject('postgresql') ? [['PostgreSQL', inject('postgresql')] as const] : [])];
/** Files with their table and key: what the public may have of each is one row a key. */
const files = [
  ['102001~1', 'legal-entity', 'legal_entity."LegalEntity"', 'uscc'],
  ['103001~1', 'geospatial', 'geospatial."AdministrativeDivision"', 'code'],
  ['103003~1', 'geospatial', 'geospatial."Poi"', 'code'],
  ['105001~1', 'e-license', 'e_license."LicenseType"', 'code'],
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

/** Rows of a CSV without its header line (RFC 4180). */
function csvCells(text: string): string[][] {
  const records: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    records.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n') records.push([]);
  }
  return records.slice(1).filter((record) => record.length > 1);
}
