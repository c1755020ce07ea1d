import { openLog } from '@longyuan/settings/log.ts';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScratchServer, type ScratchServer } from '../../store/embedded/open-scratch-server.ts';
import { readWorld } from '../world.ts';
import { findSeeds } from './find-seeds.ts';
import { findSeeded, type SeedOptions, seedLibraries } from './load.ts';

const log = openLog('seed-test', { logLevel: 'silent' });
const libraries = findSeeds().map(({ name }) => name);
let server: ScratchServer;
let client: pg.Client;
let options: SeedOptions;

beforeAll(async () => {
  server = await openScratchServer(log);
  const settings = { ...server.settings, databaseConnections: 2 };
  options = { settings, persons: 300, reset: false, log };
  client = new pg.Client({ connectionString: server.url });
  await client.connect();
}, 60_000);

afterAll(async () => {
  await client.end();
  await server.close();
});

async function ask<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
  return (await client.query<Row>(sql)).rows;
}

test('the libraries are filled once, with everyone the world names', async () => {
  const outcome = await seedLibraries(options);
  expect(outcome).toMatchObject({ kind: 'seeded', seeded: libraries, persons: 300 });
  expect(await ask('SELECT count(*)::int AS people FROM population."Person"')).toEqual([{ people: 300 }]);
  const [person] = readWorld().people;
  expect(await ask(`SELECT name FROM population."Person" WHERE "idNumber" = '${person?.idNumber}'`)).toEqual([{ name: person?.name }]);
  expect(await findSeeded(options.settings, log)).toEqual(libraries);
  expect(await seedLibraries(options)).toMatchObject({ kind: 'seeded', seeded: [] });
}, 60_000);

test('keys that point into another library find their row there', async () => {
  const strays = (from: string, key: string, to: string): Promise<unknown[]> =>
    ask(`SELECT ${key} FROM ${from} WHERE ${key} IS NOT NULL AND NOT EXISTS (SELECT FROM ${to} = ${from}.${key}) LIMIT 3`);
  const address = 'geospatial."StandardAddress" a WHERE a.id';
  const person = 'population."Person" p WHERE p.id';
  const entity = 'legal_entity."LegalEntity" e WHERE e.uscc';
  const division = 'geospatial."AdministrativeDivision" d WHERE d.code';
  const questions = [
    () => strays('population."Person"', '"registeredAddress"', address),
    () => strays('population."Person"', '"residenceAddress"', address),
    () => strays('population."Person"', '"registeredDivision"', division),
    () => strays('population."Household"', '"address"', address),
    () => strays('population."Kinship"', '"relativeId"', person),
    () => strays('population."Marriage"', '"spouseId"', person),
    () => strays('legal_entity."LegalEntity"', '"legalRep"', person),
    () => strays('legal_entity."LegalEntity"', '"address"', address),
    () => strays('legal_entity."Shareholder"', '"person"', person),
    () => strays('legal_entity."Shareholder"', '"entity"', entity),
    () => strays('geospatial."RealEstateUnit"', '"address"', address),
    () => strays('geospatial."Ownership"', '"person"', person),
    () => strays('geospatial."Ownership"', '"entity"', entity),
    () => strays('e_license."License"', '"division"', division),
    () =>
      ask(`SELECT identifier FROM e_license."License" WHERE "holderKey" NOT IN
           (SELECT id::text FROM population."Person" UNION ALL SELECT uscc FROM legal_entity."LegalEntity")`),
    () =>
      ask(`SELECT "subjectKey" FROM credit."CreditSummary" WHERE "subjectKey" NOT IN
           (SELECT id::text FROM population."Person" UNION ALL SELECT uscc FROM legal_entity."LegalEntity")`),
    () =>
      ask(`SELECT id FROM credit."Penalty" WHERE "revokedLicense" IS NOT NULL AND NOT EXISTS
           (SELECT FROM e_license."License" WHERE number = "revokedLicense" AND "holderKey" = "subjectKey" AND state IN ('REVOKED', 'SUSPENDED'))`),
  ];
  const found: unknown[] = [];
  for (const question of questions) found.push(...(await question()));
  expect(found).toEqual([]);
}, 60_000);

test('addresses lie inside the approximate boundary of their county', async () => {
  expect(
    await ask(`SELECT a.code FROM geospatial."StandardAddress" a JOIN geospatial."AdministrativeDivision" d ON d.code = left(a.division, 6)
               WHERE NOT ST_Covers(d.boundary, a.location)`),
  ).toEqual([]);
}, 60_000);

test('a filling that was cut short is done again, with as many people as the other libraries hold', async () => {
  await ask(`UPDATE hub.seed SET state = 'LOADING' WHERE library = 'credit'`);
  await ask('DELETE FROM credit."CreditSummary"');
  expect(await seedLibraries({ ...options, persons: 5_000 })).toMatchObject({ kind: 'seeded', seeded: ['credit'], persons: 300 });
  const [{ entities } = { entities: 0 }] = await ask<{ entities: number }>(
    'SELECT count(*)::int AS entities FROM credit."CreditSummary" WHERE "subjectIsEntity"',
  );
  expect(await ask('SELECT count(*)::int AS entities FROM legal_entity."LegalEntity"')).toEqual([{ entities }]);
}, 60_000);

test('rows that no seed put there, and a store of a newer version, are left alone', async () => {
  await ask(`UPDATE hub.seed SET "seedVersion" = 99 WHERE library = 'population'`);
  expect(await seedLibraries(options)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('newer version') });
  await ask(`DELETE FROM hub.seed WHERE library = 'population'`);
  expect(await seedLibraries(options)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('population holds rows') });
}, 60_000);

test('the same number of people gives the same rows again', async () => {
  const digest = (): Promise<unknown[]> => ask(`SELECT md5(string_agg(t::text, '|' ORDER BY identifier)) FROM e_license."License" t`);
  const before = await digest();
  await seedLibraries({ ...options, reset: true });
  expect(await digest()).toEqual(before);
}, 60_000);
