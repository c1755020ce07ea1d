import { execFileSync } from 'node:child_process';
import { chownSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Caller, PUBLIC } from '@longyuan/access/caller.ts';
import { openCopyLoader } from '@longyuan/prisma/country/load/copy-loader.ts';
import { readLibrarySeed } from '@longyuan/prisma/country/load/find-seeds.ts';
import { makePool } from '@longyuan/prisma/store/connect/open-pool.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import eLicense from '@longyuan/subgraphs/e-license/server.ts';
import { type RunningLibrary, startLibrary } from '@longyuan/subgraphs/serve/start-library.ts';
import { openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { openOwnerKey } from '@longyuan/trust/keys.ts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { actAsGateway } from '../act-as-gateway.ts';
import { until } from '../ask.ts';
import { findHubPort } from '../free-ports.ts';
import { openGate } from '../gate.ts';
import { type PostgresServer, startPostgresql } from '../postgresql.ts';
import { missingServices } from '../services.ts';

const missing = missingServices('postgresql');
type Pool = ReturnType<typeof makePool>;
type Told = Readonly<{ code?: string; reason?: string }>;
const PATIENCE_MS = 60_000;
const HOLDER = 'p'.repeat(22);
const IDENTIFIER = '1.2.156.3005.2.11100000000013338W011.11629901000151001C.000000000.001.5';

describe.skipIf(missing !== null)(`a PostgreSQL server in trouble${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'longyuan-trouble-'));
  let server: PostgresServer;
  let admin: Pool;
  let port: number;
  const told: Told[] = [];
  const libraries: RunningLibrary[] = [];

  beforeAll(async () => {
    port = await findHubPort();
    server = startPostgresql(port + 20);
    admin = openAdmin('postgres');
  });
  afterEach(async () => {
    for (const library of libraries.splice(0)) await library.close();
    told.length = 0;
  });
  afterAll(async () => {
    await admin?.end();
    server?.stop();
    rmSync(dataDir, { recursive: true });
  });

  const log = noteTo(told);
  /** A way to a database for the test itself. */
  function openAdmin(database: string): Pool {
    const urlByLibrary = { 'e-license': server.url.replace(/postgres$/, database) };
    const settings = { port, dataDir, databaseConnections: 2, postgres: { serverUrl: null, urlByLibrary } };
    return makePool({ settings, library: 'e-license', log, statementTimeoutMs: 0 });
  }

  /** A database and a role of its own, which a test may spoil. */
  async function makeDatabase(name: string, tablespace = ''): Promise<{ url: string; sql: Pool }> {
    await admin.query(`CREATE ROLE ${name} LOGIN PASSWORD 'right'`);
    await admin.query(`CREATE DATABASE ${name} OWNER ${name} ${tablespace}`);
    return { url: `postgresql://${name}:right@127.0.0.1:${port + 20}/${name}`, sql: openAdmin(name) };
  }

  /** The library e-license over a database that stays as it is, and its gateway. */
  async function start(url: string, more: { waitsForRows?: boolean; onStatement?: (sql: string) => void } = {}) {
    const settings = readEnvironment({
      HUB_PORT: String(port),
      HUB_DATA_DIR: dataDir,
      HUB_HEALTH_INTERVAL_MS: '50',
      // One is the hub's own, and two of the others are one caller's at most.
      HUB_DATABASE_CONNECTIONS: '4',
      E_LICENSE_DATABASE_URL: url,
    });
    const warrantKeys = await openWarrantKeys(settings);
    const ownerKey = await openOwnerKey(dataDir, 'e-license');
    const library = await startLibrary(eLicense, { settings, port: 0, warrantKeys, ownerKey, log, ...more });
    libraries.push(library);
    let death: unknown = null;
    library.ready.catch((error) => {
      death = error;
    });
    const json = { 'content-type': 'application/json' };
    const post = async (path: string, body: string, headers: Record<string, string> = json, signal: AbortSignal | null = null) =>
      (await fetch(`${library.url}${path}`, { method: 'POST', headers, body, signal })).json() as Promise<Answer>;
    const gateway = await actAsGateway({ library: 'e-license', keys: warrantKeys, owner: ownerKey, post });
    const state = async () => ((await (await fetch(`${library.url}/health`)).json()) as { state: string }).state;
    return {
      state,
      death: () => death,
      becomes: (wanted: string) => until(`the library is ${wanted}`, PATIENCE_MS, async () => (await state()) === wanted),
      ask: async (query: string, items: readonly string[], caller: Caller = PUBLIC, signal: AbortSignal | null = null) => {
        const body = JSON.stringify({ query });
        const { data, errors = [] } = await post('/graphql', body, await gateway.headersFor(body, { items, caller }), signal);
        return errors.length > 0 ? errors.map(({ extensions }) => extensions.code) : data;
      },
    };
  }
  type Answer = { data?: unknown; errors?: { extensions: { code: string } }[] };
  type Started = Awaited<ReturnType<typeof start>>;

  const typesOf = (library: Started) => library.ask('{ licenseTypes { code } }', ['Query.licenseTypes', 'LicenseType.code']);
  const codesTold = () => told.filter(({ reason }) => reason !== undefined).map(({ code }) => code);

  test('one that is slow to take connections is waited for in place: the library lives, and is ready when it is let in', async () => {
    const { url, sql } = await makeDatabase('slow');
    const gate = await openGate(port + 20);
    const library = await start(url.replace(`:${port + 20}`, `:${gate.port}`));
    await until('the library waits at the gate', PATIENCE_MS, async () => gate.waiting() > 0);
    expect([await library.state(), await typesOf(library)]).toEqual(['STARTING', ['LIBRARY_UNAVAILABLE']]);
    // Whatever else asks, nobody storms it: one look at a time.
    expect(gate.waiting()).toBe(1);
    gate.open();
    await library.becomes('READY');
    expect([library.death(), await typesOf(library)]).toEqual([null, { licenseTypes: [] }]);
    await gate.close();
    await library.becomes('DOWN');
    await sql.end();
  });

  test('a wrong password, a read-only database and one that is not there are DOWN with their reason, never INTERNAL, and mend by themselves', async () => {
    const { url, sql } = await makeDatabase('spoilt');
    const hba = join(server.cluster, 'pg_hba.conf');
    writeFileSync(hba, `host all spoilt 127.0.0.1/32 scram-sha-256\n${readFileSync(hba, 'utf8')}`);
    await admin.query('SELECT pg_reload_conf()');
    const library = await start(url);
    await library.becomes('READY');
    const drop = () => admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'spoilt'`);
    for (const [code, spoil, mend] of [
      ['28P01', `ALTER ROLE spoilt PASSWORD 'wrong'`, `ALTER ROLE spoilt PASSWORD 'right'`],
      ['25006', 'ALTER ROLE spoilt SET default_transaction_read_only = on', 'ALTER ROLE spoilt RESET default_transaction_read_only'],
      ['3D000', 'ALTER DATABASE spoilt RENAME TO elsewhere', 'ALTER DATABASE elsewhere RENAME TO spoilt'],
      ['42501', 'REVOKE SELECT ON e_license."LicenseType" FROM spoilt', 'GRANT SELECT ON e_license."LicenseType" TO spoilt'],
    ] as const) {
      told.length = 0;
      await drop();
      if (code === '42501') await sql.query(spoil);
      else {
        // Nobody may be in a database that is renamed.
        await until('it is spoilt', PATIENCE_MS, async () =>
          drop()
            .then(() => admin.query(spoil))
            .then(
              () => true,
              () => false,
            ),
        );
      }
      await drop();
      // That it may read nothing is noticed when somebody wants to.
      if (code === '42501') expect(await typesOf(library)).toEqual(['LIBRARY_UNAVAILABLE']);
      await library.becomes('DOWN');
      expect(await typesOf(library)).toEqual(['LIBRARY_UNAVAILABLE']);
      expect(codesTold()).toContain(code);
      await (code === '42501' ? sql : admin).query(mend);
      await drop();
      await library.becomes('READY');
      expect(await typesOf(library), code).toEqual({ licenseTypes: [] });
    }
    expect(library.death()).toBe(null);
    await sql.end();
  });

  test('damaged pages: what reads them is LIBRARY_UNAVAILABLE, health says so until they are whole again', async () => {
    const { url, sql } = await makeDatabase('damaged');
    const library = await start(url);
    await library.becomes('READY');
    await sql.query(`INSERT INTO e_license."LicenseType" SELECT lpad(n::text, 21, '0'), 'a', 'b', '11620000MB1234567X', 'PERSON', NULL, '{}', now()
      FROM generate_series(1, 50) n`);
    await sql.query('CHECKPOINT');
    const { rows } = await sql.query<{ path: string }>(`SELECT pg_relation_filepath('e_license."LicenseType"') AS path`);
    const file = join(server.cluster, rows[0]?.path ?? '');
    const whole = readFileSync(file).subarray(0, 8_192);
    const write = (page: Uint8Array) =>
      server.restart(() => {
        const descriptor = openSync(file, 'r+');
        writeSync(descriptor, page, 0, 8_192, 0);
        closeSync(descriptor);
      });
    write(Buffer.alloc(8_192, 0xa5));
    // Health cannot know of it before somebody reads it.
    await library.becomes('READY');
    expect(await typesOf(library)).toEqual(['LIBRARY_UNAVAILABLE']);
    await library.becomes('DOWN');
    expect(await typesOf(library)).toEqual(['LIBRARY_UNAVAILABLE']);
    expect(codesTold().filter((code) => code === 'XX001')).toHaveLength(1);
    write(whole);
    await library.becomes('READY');
    expect(await typesOf(library)).toMatchObject({ licenseTypes: { length: 50 } });
    expect(library.death()).toBe(null);
    await sql.end();
  });

  const noDisk = tryToMount();
  test.skipIf(noDisk !== null)(
    `a full disk${noDisk === null ? '' : ` (skipped: ${noDisk})`}: what writes is LIBRARY_UNAVAILABLE, health says so until there is room`,
    async () => {
      const disk = mkdtempSync('/tmp/longyuan-disk-');
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', disk]);
      try {
        const place = join(disk, 'space');
        mkdirSync(place);
        if (server.owner) chownSync(place, server.owner.uid, server.owner.gid);
        await admin.query(`CREATE TABLESPACE small LOCATION '${place}'`);
        const { url, sql } = await makeDatabase('crowded', 'TABLESPACE small');
        const library = await start(url);
        await library.becomes('READY');
        await sql.query(
          `INSERT INTO e_license."LicenseType" VALUES (lpad('1', 21, '0'), 'a', 'b', '11620000MB1234567X', 'PERSON', NULL, '{}', now())`,
        );
        await sql.query(
          `INSERT INTO e_license."License" VALUES (gen_random_uuid(), $1, lpad('1', 21, '0'), '1', '001', 'a', $2, false, NULL, 'b', '11620000MB1234567X',
           '2020-01-01', NULL, NULL, 'VALID', '620102', lpad('1', 20, '0'), '{}', NULL, false, now())`,
          [IDENTIFIER, HOLDER],
        );
        const authorize = () =>
          library.ask(
            `mutation { authorizeUse(identifier: "${IDENTIFIER}", department: "11629901000000019M", purpose: "a loan", until: "${new Date(
              Date.now() + 86_400_000,
            ).toISOString()}") { purpose } }`,
            ['Mutation.authorizeUse', 'UseAuthorization.purpose', 'License.identifier'],
            { kind: 'citizen', sub: 'someone', person: HOLDER },
          );
        const filler = join(disk, 'filler');
        fill(filler);
        expect(await authorize()).toEqual(['LIBRARY_UNAVAILABLE']);
        await library.becomes('DOWN');
        expect(codesTold()).toContain('53100');
        rmSync(filler);
        await library.becomes('READY');
        expect(await authorize()).toEqual({ authorizeUse: { purpose: 'a loan' } });
        expect(library.death()).toBe(null);
        for (const each of libraries.splice(0)) await each.close();
        await sql.end();
        await admin.query('DROP DATABASE crowded WITH (FORCE)');
        await admin.query('DROP TABLESPACE small');
      } finally {
        execFileSync('umount', ['-l', disk]);
      }
    },
  );

  test('while rows are copied in nothing waits for them: the library says SEEDING and asks no table; a question that comes before it knows is let go', async () => {
    const { url, sql } = await makeDatabase('copied');
    const seed = await readLibrarySeed(join(import.meta.dirname, '../../prisma/country/seeds/e-license.ts'));
    const filling = { library: 'e-license', schema: 'e_license', persons: 100, tables: seed.tables };
    let looks = 0;
    const library = await start(url, { waitsForRows: true, onStatement: (text) => (looks += Number(text.includes('pg_try_advisory'))) });
    await library.becomes('SEEDING');
    const lookOften = async () => {
      const from = looks;
      await until('it was looked at often', PATIENCE_MS, async () => looks > from + 4);
      const { rows } = await sql.query(
        `SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = 'copied' AND wait_event_type = 'Lock'`,
      );
      return rows[0]?.waiting;
    };

    const first = await openCopyLoader(sql, filling);
    await first.begin();
    expect([await lookOften(), await library.state()]).toEqual([0, 'SEEDING']);
    await first.finish();
    await library.becomes('READY');

    const again = await openCopyLoader(sql, filling);
    await again.begin();
    expect(await typesOf(library)).toEqual(['LIBRARY_TIMEOUT']);
    await library.becomes('SEEDING');
    expect([await lookOften(), await typesOf(library)]).toEqual([0, ['LIBRARY_UNAVAILABLE']]);
    await again.abandon();
    await library.becomes('READY');
    expect([library.death(), await typesOf(library)]).toEqual([null, { licenseTypes: [] }]);
    await sql.end();
  });

  test('a call that was given up: its statement is ended in the database, what waits of it never comes there, and another call’s goes on', async () => {
    const { url, sql } = await makeDatabase('given_up');
    const put: string[] = [];
    const library = await start(url, { onStatement: (text) => put.push(text) });
    await library.becomes('READY');
    await sql.query(`ALTER TABLE e_license."LicenseType" RENAME TO "Quick"`);
    await sql.query(`CREATE VIEW e_license."LicenseType" AS SELECT "Quick".* FROM e_license."Quick", pg_sleep(3600)`);
    await sql.query('GRANT SELECT ON e_license."LicenseType" TO given_up; ALTER VIEW e_license."LicenseType" OWNER TO given_up');
    await sql.query(
      `INSERT INTO e_license."Quick" SELECT lpad(n || kind, 21, '0'), 'a', 'b', uscc, kind::e_license."HolderKind", NULL, '{}', now()
       FROM unnest($1::text[]) WITH ORDINALITY AS t(uscc, n), unnest($2::text[]) kind`,
      [USCCS, KINDS],
    );
    const types = () => put.filter((text) => text.includes('"LicenseType"')).length;
    const running = async () => {
      const { rows } = await sql.query(
        `SELECT count(*)::int AS running FROM pg_stat_activity WHERE usename = 'given_up' AND state = 'active' AND query LIKE '%"LicenseType"%'`,
      );
      return rows[0]?.running;
    };

    put.length = 0;
    const call = new AbortController();
    const many = USCCS.flatMap((uscc, n) =>
      KINDS.map((kind) => `t${n}${kind}: licenseTypes(authority: "${uscc}", holderKind: ${kind}) { code }`),
    );
    const given = library.ask(
      `{ ${many.join(' ')} }`,
      ['Query.licenseTypes', 'LicenseType.code', 'LicenseType.definedByUscc'],
      PUBLIC,
      call.signal,
    );
    await until('it has what one call may have', PATIENCE_MS, async () => (await running()) === 2);
    const department: Caller = { kind: 'department', sub: 'a', uscc: '11629901000000019M', role: 'developer', region: null };
    const check = (caller: Caller) =>
      library.ask('{ checkLicense(code: "00000000000000000000") { valid } }', ['Query.checkLicense', 'LicenseCheck.valid'], caller);
    expect(await check(department)).toEqual({ checkLicense: { valid: false } });
    expect(await running()).toBe(2);

    call.abort();
    await expect(given).rejects.toThrow();
    // Left to itself it would run for ten seconds more, and the others after it.
    await until('nothing of it runs', 5_000, async () => (await running()) === 0);
    expect(await check(PUBLIC)).toEqual({ checkLicense: { valid: false } });
    expect([types(), await library.state()]).toEqual([2, 'READY']);
    await sql.end();
  });
});

const KINDS = ['PERSON', 'LEGAL_ENTITY', 'MIXED'];
const USCCS = ['11629901000000019M', '11629901000000027G', '11629901000000035B', '116299010000000436', '116299010000000511'];

/** A log that keeps what it is given. */
function noteTo(told: Told[]): Logger {
  const note = (facts: Told): void => void told.push(facts);
  const ignore = (): void => {};
  // Of the logger only these are used here.
  return { warn: note, error: note, info: ignore, debug: ignore, isLevelEnabled: () => false } as unknown as Logger;
}

/** Why no small disk can be made here; null where it can. */
function tryToMount(): string | null {
  if (missing !== null) return missing;
  const place = mkdtempSync('/tmp/longyuan-mount-');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'ignore' });
    execFileSync('umount', [place]);
    return null;
  } catch {
    return 'needs leave to mount a disk';
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** Leaves no byte free on its disk. */
function fill(file: string): void {
  const descriptor = openSync(file, 'w');
  for (const bytes of [1_048_576, 4_096]) {
    try {
      for (;;) writeSync(descriptor, Buffer.alloc(bytes));
    } catch {
      // Full.
    }
  }
  // What was deleted while it is open is not free.
  closeSync(descriptor);
}
