import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { type Caller, PUBLIC } from '@longyuan/access/caller.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { makePool } from '@longyuan/prisma/store/connect/open-pool.ts';
import { openScratchServer } from '@longyuan/prisma/store/embedded/open-scratch-server.ts';
import { opaqueKeyOf } from '@longyuan/prisma/store/opaque-key.ts';
import { readSeedState } from '@longyuan/prisma/store/seed-state.ts';
import { readEnvironment, type Settings } from '@longyuan/settings/environment.ts';
import { openLog } from '@longyuan/settings/log.ts';
import type { LibraryDefinition } from '@longyuan/subgraphs/serve/define-library.ts';
import { type RunningLibrary, startLibrary } from '@longyuan/subgraphs/serve/start-library.ts';
import { openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { openOwnerKey, openPseudonymKey } from '@longyuan/trust/keys.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actAsGateway } from './act-as-gateway.ts';
import { findHubPort } from './free-ports.ts';
import { startPostgresql } from './postgresql.ts';
import { missingServices } from './services.ts';

// Stores of older hubs, as `pg_dump` wrote them, with the keys that belong to them. They are restored into both kinds of store, and the
// libraries of today are started over them.

const UPGRADES = join(import.meta.dirname, 'upgrades');
const quiet = openLog('upgrade-test', { logLevel: 'silent' });
const { people } = readWorld();
const LIBRARIES = ['population', 'legal-entity', 'geospatial', 'e-license', 'credit'];
/** Who was granted what the question asks, where the hub of then knew grants. */
const CIVIL_AFFAIRS: Caller = { kind: 'department', sub: 'a program', uscc: '1162990100000006XQ', role: 'developer', region: null };
const ERRAND = '1162990100000006XQ2050620000003';

type Where = Pick<Settings, 'port' | 'dataDir' | 'postgres'> & Readonly<{ close(): Promise<void> | void }>;
type Pool = ReturnType<typeof makePool>;
type Kind = 'embedded' | 'PostgreSQL';

/** An empty store of its kind, as a hub that is restored finds it. */
async function openEmptyStore(kind: Kind): Promise<Where> {
  if (kind === 'embedded') {
    const server = await openScratchServer(quiet);
    return { ...server.settings, close: server.close };
  }
  const port = await findHubPort();
  const server = startPostgresql(port);
  const dataDir = mkdtempSync(join(tmpdir(), 'longyuan-upgrade-'));
  const close = () => {
    server.stop();
    rmSync(dataDir, { recursive: true });
  };
  return { port, dataDir, postgres: { serverUrl: server.url, urlByLibrary: {} }, close };
}

/** Restores one library's dump; where all libraries share a database, what they have in common is made once. */
async function restore(pool: Pool, hub: string, library: string, made: Set<string>): Promise<void> {
  const sql = brotliDecompressSync(readFileSync(join(UPGRADES, hub, `${library}.sql.br`))).toString('utf8');
  for (const statement of sql.split(/;(?:\n|$)/)) {
    if (statement.trim() === '' || (!statement.startsWith('INSERT') && made.has(statement))) continue;
    made.add(statement);
    await pool.query(statement);
  }
}

/** How many rows every table of a library has, by its name. */
async function countRows(pool: Pool, library: string): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname = $1 AND tablename <> '_prisma_migrations' OR (schemaname, tablename) = ('hub', 'grant_deed') ORDER BY 1`,
    [library.replaceAll('-', '_')],
  );
  const counts: Record<string, number> = {};
  for (const { name } of rows) {
    const counted = await pool.query<{ rows: number }>(`SELECT count(*)::int AS rows FROM ${name}`);
    counts[name] = counted.rows[0]?.rows ?? 0;
  }
  return counts;
}

const missing = missingServices('postgresql', 'postgis');
const kinds: readonly Kind[] = missing === null ? ['embedded', 'PostgreSQL'] : ['embedded'];
if (missing !== null) process.stdout.write(`skipped: stores of older hubs restored into a PostgreSQL server (${missing})\n`);

describe.each(kinds.flatMap((kind) => readdirSync(UPGRADES).map((hub) => ({ hub, kind }))))(
  'a store of the hub of $hub, restored as $kind',
  ({ hub, kind }) => {
    let settings: Settings;
    let close: Where['close'];
    const pools = new Map<string, Pool>();
    const running = new Map<string, RunningLibrary>();
    const before: Record<string, Record<string, number>> = {};
    const pool = (library: string) => pools.get(library) as Pool;

    beforeAll(async () => {
      const store = await openEmptyStore(kind);
      close = store.close;
      settings = { ...readEnvironment({ HUB_PERSONS: '100' }), ...store };
      const keys = join(settings.dataDir, 'keys');
      cpSync(join(UPGRADES, hub, 'keys'), keys, { recursive: true });
      // A checkout opens them to other accounts, as no hub would.
      chmodSync(keys, 0o700);
      for (const name of readdirSync(keys)) chmodSync(join(keys, name), 0o600);
      const made = new Set<string>();
      for (const library of LIBRARIES) {
        if (kind === 'PostgreSQL') {
          made.clear();
          await createDatabase(library);
        }
        pools.set(library, makePool({ settings: { ...settings, databaseConnections: 2 }, library, log: quiet, statementTimeoutMs: 0 }));
        await restore(pool(library), hub, library, made);
      }
      for (const library of LIBRARIES) before[library] = await countRows(pool(library), library);
    });
    afterAll(async () => {
      for (const library of running.values()) await library.close();
      for (const each of pools.values()) await each.end();
      await close?.();
    });

    async function createDatabase(library: string): Promise<void> {
      const server = makePool({
        settings: {
          ...settings,
          postgres: { ...settings.postgres, urlByLibrary: { server: settings.postgres.serverUrl ?? '' } },
          databaseConnections: 1,
        },
        library: 'server',
        log: quiet,
        statementTimeoutMs: 0,
      });
      await server.query(`CREATE DATABASE longyuan_${library.replaceAll('-', '_')}`);
      await server.end();
    }

    async function start(library: string) {
      const warrantKeys = await openWarrantKeys(settings);
      const ownerKey = await openOwnerKey(settings.dataDir, library);
      const { default: definition }: { default: LibraryDefinition } = await import(`@longyuan/subgraphs/${library}/server.ts`);
      const started = await startLibrary(definition, { settings, port: 0, warrantKeys, ownerKey, log: quiet });
      running.set(library, started);
      await started.ready;
      const post = async (path: string, body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
        (await fetch(`${started.url}${path}`, { method: 'POST', headers, body })).json();
      const gateway = await actAsGateway({ library, keys: warrantKeys, owner: ownerKey, post });
      return async (query: string, items: readonly string[], caller: Caller = PUBLIC, purpose: string | null = null) => {
        const body = JSON.stringify({ query });
        const answer = await post('/graphql', body, await gateway.headersFor(body, { items, caller, purpose }));
        const { data, errors } = answer as { data?: unknown; errors?: { extensions: { code: string } }[] };
        return errors?.map(({ extensions }) => extensions.code) ?? data;
      };
    }

    test('every library is ready over it, with every row, and its tables are those of today', async () => {
      for (const library of LIBRARIES) {
        const ask = await start(library);
        expect(await ask('{ __typename }', [])).toEqual({ __typename: 'Query' });
        const after = await countRows(pool(library), library);
        expect(after, library).toMatchObject(before[library] ?? {});
        // Hubs of then knew one day, and did not write it down.
        expect(await readSeedState(pool(library), library), library).toMatchObject({ state: 'COMPLETE', asOf: '2026-06-30' });
      }
      expect(before['population']).toMatchObject({ 'population."Person"': 100 });
      expect(before['geospatial']?.['geospatial."AdministrativeDivision"']).toBeGreaterThan(19_000);
    });

    test('people have the keys of then, and a grant of then is in force; where the hub knew none, nothing is granted', async () => {
      const [person] = people;
      if (!person) throw new Error('The world is empty.');
      const { rows } = await pool('population').query('SELECT id FROM population."Person" WHERE "idNumber" = $1', [person.idNumber]);
      expect(rows).toEqual([{ id: opaqueKeyOf(await openPseudonymKey(settings.dataDir))('person', person.idNumber) }]);
      await running.get('population')?.close();
      const ask = await start('population');
      const items = ['Query.person', 'Person.name'];
      const answer = await ask(`{ person(idNumber: "${person.idNumber}") { name } }`, items, CIVIL_AFFAIRS, ERRAND);
      const hadGrants = before['population']?.['hub.grant_deed'] !== undefined;
      // Without one the owner grants anew: nothing is in force that nobody signed.
      expect(answer).toEqual(hadGrants ? { person: { name: person.name } } : expect.arrayContaining(['ITEM_NOT_GRANTED']));
    });
  },
);
