import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDemoGrants } from '@longyuan/prisma/country/load/write-demo-grants.ts';
import { serviceItems } from '@longyuan/prisma/country/purposes.ts';
import { openListener } from '@longyuan/prisma/store/connect/open-listener.ts';
import { openPool } from '@longyuan/prisma/store/connect/open-pool.ts';
import { openScratchServer } from '@longyuan/prisma/store/embedded/open-scratch-server.ts';
import { ensureGrantTables } from '@longyuan/prisma/store/grants/ensure-grant-tables.ts';
import { openGrantStore } from '@longyuan/prisma/store/grants/grant-store.ts';
import { readDirectory } from '@longyuan/schema/src/read-directory.ts';
import { libraryNamed } from '@longyuan/schema/src/read-libraries.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { openGrantOffice } from '@longyuan/subgraphs/serve/desks/grants/grant-office.ts';
import { listenForChanges } from '@longyuan/subgraphs/serve/desks/grants/listen-changes.ts';
import { openOwnKey } from '@longyuan/subgraphs/serve/desks/grants/open-own-key.ts';
import { keepOwnGrants, type OwnGrants } from '@longyuan/subgraphs/serve/desks/grants/own-grants.ts';
import { signList, tellGrants } from '@longyuan/subgraphs/serve/desks/grants/sign-list.ts';
import { tellApplication } from '@longyuan/subgraphs/serve/desks/grants/tell-application.ts';
import type { DepartmentCaller } from '@longyuan/subgraphs/serve/desks/grants/verified-caller.ts';
import { openHeadMarks } from '@longyuan/trust/head-marks.ts';
import { madeListOf } from '@longyuan/trust/key-fault.ts';
import { rotateKeyFile } from '@longyuan/trust/key-file.ts';
import { openOwnerKey, ownerKeyPath } from '@longyuan/trust/keys.ts';
import { openOwnerKeys } from '@longyuan/trust/owner-keys.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findHubPort } from './free-ports.ts';
import { patience } from './patience.ts';
import { startPostgresql } from './postgresql.ts';
import { missingServices } from './services.ts';

const library = libraryNamed('population');
const errand = serviceItems[0]?.implCode ?? '';
const quiet = openLog('test', { logLevel: 'silent' });
/** How soon the other processes of a library know what one of them wrote. */
const SOON = { timeout: patience(1_000), interval: 20 };
const department = (uscc: string, role: DepartmentCaller['role']): DepartmentCaller => ({
  ...{ kind: 'department', sub: `${role} of ${uscc}`, uscc, role, region: null },
});
const developer = department('1162990100000006XQ', 'developer');
const steward = department(library.uscc, 'steward');
/** So short that what is refused is refused at once, and longer than a look takes. */
const NO_TIME_MS = 0;

const missing = missingServices('postgresql');
if (missing !== null) process.stdout.write(`skipped: signed lists over a PostgreSQL server (${missing})\n`);

describe.each(missing === null ? ['embedded', 'PostgreSQL'] : ['embedded'])('over %s', (where) => {
  let end: () => unknown;
  let pool: Awaited<ReturnType<typeof openPool>>;
  let dataDir: string;
  let settings: Parameters<typeof openPool>[0]['settings'];
  const opened: OwnGrants[] = [];

  beforeAll(async () => {
    if (where === 'embedded') {
      const server = await openScratchServer(quiet);
      settings = { ...server.settings, databaseConnections: 4 };
      end = () => server.close();
    } else {
      const server = startPostgresql((await findHubPort()) + 20);
      settings = { port: 0, dataDir: tmpdir(), databaseConnections: 4, postgres: { serverUrl: server.url, urlByLibrary: {} } };
      end = () => server.stop();
    }
    pool = await openPool({ settings, library: library.name, log: quiet, statementTimeoutMs: 0 });
  });
  afterAll(async () => {
    await pool?.end();
    await end?.();
  });
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'longyuan-list-'));
    await openOwnerKey(dataDir, library.name);
    await pool.query('DROP SCHEMA IF EXISTS hub CASCADE');
    await ensureGrantTables(pool);
  });
  afterEach(() => {
    for (const each of opened.splice(0)) each.close();
    rmSync(dataDir, { recursive: true });
  });

  /** One process of the library: its own memory over the database that all share. It looks when it is told to. */
  async function startProcess(maxAgeMs = 60_000) {
    const said: string[] = [];
    const say = (about: unknown, words: string) =>
      said.push(`${words} ${JSON.stringify(about, (name, value) => (name === 'err' ? undefined : value))}`);
    const store = openGrantStore(library.name, async (sql, values) => (await pool.query(sql, [...values])).rows);
    const keys = openOwnerKeys(dataDir, library.name);
    const marks = openHeadMarks(dataDir, library.name);
    const log = { warn: say, error: say, info: () => {} } as unknown as typeof quiet;
    const grants = keepOwnGrants({
      ...{ library: library.name, store, keys, marks, log, maxAgeMs, intervalMs: () => 3_600_000 },
      nowMs: () => (maxAgeMs === NO_TIME_MS ? performance.now() : 0),
    });
    opened.push(grants);
    await grants.refresh().catch(() => {});
    const rules = { resources: readDirectory([library]).resources, purposes: new Set([errand]) };
    return { store, grants, said, marks, keys, office: openGrantOffice({ library, store, grants, keys, rules }) };
  }
  type Process = Awaited<ReturnType<typeof startProcess>>;

  const apply = ({ office }: Process, division = '620000') =>
    office.apply(developer, {
      ...{ resource: '101001/1', items: [{ code: 'P002', access: 'READ' }], purposes: [errand], basis: '社会救助暂行办法' },
      ...{ scenario: randomUUID(), division, level: 3, callsPerDay: 1_000 },
      until: new Date(Date.now() + 86_400_000).toISOString(),
    });
  async function grant(running: Process): Promise<string> {
    const { office } = running;
    const { no } = await apply(running);
    return (await office.answer(steward, { no, decision: 'GRANT' })).grantId ?? '';
  }
  const revoke = ({ office }: Process, id: string) => office.revoke(steward, { id, reason: '用途已变' });
  const idsOf = ({ grants }: Process) => grants.grantsOf(developer.uscc).map(({ id }) => id);
  const lookAgain = ({ grants }: Process) =>
    grants.refresh().then(
      () => 'trusted' as const,
      (error: Error) => error.message,
    );
  const tablesNow = async () => ({
    state: (await pool.query('SELECT * FROM hub.grant_state')).rows,
    deeds: (await pool.query('SELECT * FROM hub.grant_deed')).rows,
  });
  async function putBack({ state, deeds }: Awaited<ReturnType<typeof tablesNow>>): Promise<void> {
    await pool.query('DELETE FROM hub.grant_deed');
    await pool.query('DELETE FROM hub.grant_state');
    await pool.query('INSERT INTO hub.grant_state SELECT * FROM jsonb_populate_recordset(NULL::hub.grant_state, $1)', [
      JSON.stringify(state),
    ]);
    await pool.query('INSERT INTO hub.grant_deed SELECT * FROM jsonb_populate_recordset(NULL::hub.grant_deed, $1)', [
      JSON.stringify(deeds),
    ]);
  }

  describe('an application that the database holds otherwise than it was made is told as such, and only refused', () => {
    const changes: Readonly<Record<string, string>> = {
      'a wider division': `terms = replace(terms, '"division":"620102"', '"division":"620000"')`,
      'more rows a day': `terms = replace(terms, '"callsPerDay":1000', '"callsPerDay":1000000')`,
      'another department': `consumer = '11629901000000094E'`,
      'another number': `no = no || '0'`,
      'no signature': 'signature = NULL',
    };
    test.each(Object.entries(changes))('%s', async (_what, sql) => {
      const running = await startProcess();
      const { no: made } = await apply(running, '620102');
      const { rows } = await pool.query(`UPDATE hub.grant_application SET ${sql} WHERE no = $1 RETURNING no`, [made]);
      const no: string = rows[0].no;
      await expect(running.office.answer(steward, { no, decision: 'GRANT' })).rejects.toThrow('as it was made');
      const told = (await running.store.application(no)) ?? expect.unreachable();
      expect(await tellApplication(told, { library, ...running })).toMatchObject({ state: 'OPEN', isAltered: true });
      expect(await running.office.answer(steward, { no, decision: 'REFUSE', reason: '不符' })).toMatchObject({ state: 'REFUSED' });
      expect(idsOf(running)).toEqual([]);
    });

    test('as it was made it is granted, also after the owner has another key', async () => {
      const running = await startProcess();
      const { no, isAltered } = await apply(running, '620102');
      expect(isAltered).toBe(false);
      await rotateKeyFile(ownerKeyPath(dataDir, library.name), null);
      const { isAltered: isAlteredThen, state } = await running.office.answer(steward, { no, decision: 'GRANT' });
      expect([isAlteredThen, state]).toEqual([false, 'GRANTED']);
    });
  });

  describe('a grant whose row was changed is not used and reported, the others stand', () => {
    const changes: Readonly<Record<string, string>> = {
      'the revocation taken out of the columns': `"revokedAt" = NULL, "revokedBy" = NULL, "revokedFor" = NULL`,
      'the revocation taken out, and the version raised': `"revokedAt" = NULL, revocation = NULL, "revocationSignature" = NULL, version = version + 1`,
      'a later end': `"revokedAt" = "revokedAt" + interval '1 year'`,
      'another revocation, signed by nobody': `revocation = replace(revocation, '用途', '目的')`,
      'a longer term': `until = until + interval '1 year'`,
      'another consumer': `consumer = '11629901000000094E'`,
      'another application': `application = 'population-other'`,
      'more than was granted': `content = replace(content, '"level":3', '"level":4')`,
      'no signature': `signature = 'e30..'`,
    };
    test.each(Object.entries(changes))('%s', async (_what, sql) => {
      const running = await startProcess();
      const [kept, ended] = [await grant(running), await grant(running)];
      await revoke(running, ended);
      await pool.query(`UPDATE hub.grant_deed SET ${sql} WHERE id = $1`, [ended]);
      expect(await lookAgain(running)).toBe('trusted');
      const fresh = await startProcess();
      for (const each of [running, fresh]) {
        expect(idsOf(each)).toEqual([kept]);
        await lookAgain(each);
        expect(each.said.filter((line) => line.includes('is not used') && line.includes(ended))).toHaveLength(1);
      }
    });

    test('a grant in force whose columns were changed', async () => {
      const running = await startProcess();
      const [kept, changed] = [await grant(running), await grant(running)];
      await pool.query(`UPDATE hub.grant_deed SET until = until + interval '1 day' WHERE id = $1`, [changed]);
      expect(await lookAgain(running)).toBe('trusted');
      expect(idsOf(running)).toEqual([kept]);
      // The gateway is told everything anew.
      expect(running.grants.changesAfter({ epoch: '', version: 0 }).changes).toContainEqual(expect.objectContaining({ ended: changed }));
      await pool.query(`UPDATE hub.grant_deed SET until = until - interval '1 day' WHERE id = $1`, [changed]);
      await lookAgain(running);
      expect(idsOf(running)).toEqual([kept, changed]);
    });
  });

  describe('a list that is not the one that its owner signed last is refused as a whole, and reported once', () => {
    const changes: Readonly<Record<string, string>> = {
      'a grant deleted': `DELETE FROM hub.grant_deed WHERE "revokedAt" IS NOT NULL`,
      'all grants deleted': 'DELETE FROM hub.grant_deed',
      'the head deleted': 'DELETE FROM hub.grant_state',
      'all deleted': 'DELETE FROM hub.grant_state; DELETE FROM hub.grant_deed',
      'the signature of the head taken out': 'UPDATE hub.grant_state SET content = NULL, signature = NULL',
      'the count raised': 'UPDATE hub.grant_state SET version = version + 1',
      'another epoch': `UPDATE hub.grant_state SET epoch = 'another'`,
      'another head': `UPDATE hub.grant_state SET content = replace(content, '"grants":2', '"grants":1')`,
      'a grant under another name': `UPDATE hub.grant_deed SET id = 'population-other' WHERE "revokedAt" IS NULL`,
      'a deed copied': `INSERT INTO hub.grant_deed (library, id, application, consumer, until, content, signature, digest, version)
        SELECT library, 'population-copy', 'population-copy', consumer, until, content, signature, digest, version FROM hub.grant_deed LIMIT 1`,
      'the revocation and the digest of a row': `UPDATE hub.grant_deed SET "revokedAt" = NULL, revocation = NULL, "revocationSignature" = NULL,
        digest = encode(sha256(convert_to(json_build_array(id, version, content, signature, NULL, NULL)::text, 'UTF8')), 'hex')
        WHERE "revokedAt" IS NOT NULL`,
    };
    test.each(Object.entries(changes))('%s', async (_what, sql) => {
      const running = await startProcess(NO_TIME_MS);
      const [, ended] = [await grant(running), await grant(running)];
      await revoke(running, ended);
      await pool.query(sql);
      const fresh = await startProcess(NO_TIME_MS);
      for (const each of [running, fresh]) {
        expect(await lookAgain(each)).not.toBe('trusted');
        expect(await lookAgain(each)).not.toBe('trusted');
        expect([idsOf(each), each.grants.isStale()]).toEqual([[], true]);
        expect(each.said.filter((line) => line.includes('cannot be relied on'))).toHaveLength(1);
      }
      await expect(revoke(fresh, ended)).rejects.toThrow(/cannot rely on its list|must be the id of a grant/);
    });

    test('the tables dropped, and made again', async () => {
      const running = await startProcess();
      await grant(running);
      await pool.query('DROP SCHEMA hub CASCADE');
      expect(await lookAgain(running)).not.toBe('trusted');
      await ensureGrantTables(pool);
      expect(await lookAgain(running)).toBe('has no signed head any more');
      expect(await lookAgain(await startProcess())).toBe('has no signed head any more');
    });
  });

  test('a whole database put back to an older state is refused, also after a restart, until the owner accepts it', async () => {
    const running = await startProcess();
    const id = await grant(running);
    const older = await tablesNow();
    await revoke(running, id);
    await putBack(older);
    const behind = 'is older than this owner has seen it: change 2, and it had come to 3';
    expect(await lookAgain(running)).toBe(behind);
    const fresh = await startProcess();
    expect(await lookAgain(fresh)).toBe(behind);
    expect(fresh.said[0]).toContain('npm run grants:accept -- population');

    const { marks, store, keys } = fresh;
    const accepted = await signList({ library: library.name, store, keys, above: await marks.highest(), isWritten: true });
    expect(accepted.grants).toEqual([{ id, consumer: developer.uscc, standing: 'GRANTED' }]);
    expect(await lookAgain(fresh)).toBe('trusted');
    expect(await lookAgain(running)).toBe('trusted');
    expect(idsOf(await startProcess())).toEqual([id]);
  });

  test('database and keys put back together are taken, also where the keys were saved a little earlier', async () => {
    const running = await startProcess();
    const id = await grant(running);
    const marks = readdirSync(join(dataDir, 'keys')).filter((name) => name.endsWith('.head'));
    expect(marks).toEqual(['grants-population.2.head']);
    await grant(running);
    const saved = await tablesNow();
    await revoke(running, id);
    for (const name of readdirSync(join(dataDir, 'keys'))) if (name.endsWith('.head')) rmSync(join(dataDir, 'keys', name));
    await openHeadMarks(dataDir, library.name).raise({ version: 2, digest: '0'.repeat(64) });
    await putBack(saved);
    const fresh = await startProcess();
    expect(await lookAgain(fresh)).toBe('trusted');
    expect(idsOf(fresh)).toContain(id);
  });

  test('a store of a hub that did not sign revocations is signed as it stands, once', async () => {
    const before = await startProcess();
    const [kept, ended] = [await grant(before), await grant(before)];
    await revoke(before, ended);
    before.grants.close();
    // As it was: no head, no digests, a revocation in columns alone, and nothing beside the key.
    await pool.query('UPDATE hub.grant_state SET content = NULL, signature = NULL');
    await pool.query('UPDATE hub.grant_deed SET digest = NULL, revocation = NULL, "revocationSignature" = NULL');
    for (const name of readdirSync(join(dataDir, 'keys'))) if (name.endsWith('.head')) rmSync(join(dataDir, 'keys', name));
    const both = await Promise.all([startProcess(), startProcess()]);
    for (const each of both) expect([await lookAgain(each), idsOf(each)]).toEqual(['trusted', [kept]]);

    // Not a second time: who takes the head away brings nothing back.
    await pool.query('UPDATE hub.grant_state SET content = NULL, signature = NULL');
    await pool.query(`UPDATE hub.grant_deed SET digest = NULL, revocation = NULL, "revocationSignature" = NULL, "revokedAt" = NULL`);
    expect(await lookAgain(await startProcess())).toBe('has no signed head any more');
  });

  test('heads and revocations that the key before signed stand when the key is rotated', async () => {
    const running = await startProcess();
    const [kept, ended] = [await grant(running), await grant(running)];
    await revoke(running, ended);
    await rotateKeyFile(ownerKeyPath(dataDir, library.name), null);
    const fresh = await startProcess();
    expect([await lookAgain(fresh), idsOf(fresh), fresh.said]).toEqual(['trusted', [kept], []]);
    const next = await grant(fresh);
    expect([await lookAgain(running), idsOf(running)]).toEqual(['trusted', [kept, next]]);
  });

  test('processes that change the list at once lose nothing', async () => {
    const processes = [await startProcess(), await startProcess(), await startProcess()];
    const ids = await Promise.all(Array.from({ length: 9 }, (_, nth) => grant(processes[nth % 3] as Process)));
    await Promise.all(ids.slice(0, 4).map((id, nth) => revoke(processes[nth % 3] as Process, id)));
    for (const each of [...processes, await startProcess()]) {
      expect(await lookAgain(each)).toBe('trusted');
      expect(idsOf(each).sort()).toEqual(ids.slice(4).sort());
      expect(each.said).toEqual([]);
    }
  });

  test('a seed counts on from the furthest that the owner has seen, and what was before it does not come back', async () => {
    const running = await startProcess();
    await grant(running);
    const before = await tablesNow();
    await writeDemoGrants(pool, library.name, dataDir);
    expect(await lookAgain(running)).toBe('trusted');
    const seeded = idsOf(running);
    expect(seeded).toHaveLength(1);
    await putBack(before);
    expect(await lookAgain(await startProcess())).toMatch('is older than this owner has seen it');
    // Whoever deletes the database by hand and has it filled again is not refused.
    await pool.query('DROP SCHEMA hub CASCADE');
    await writeDemoGrants(pool, library.name, dataDir);
    expect([await lookAgain(running), idsOf(running)]).toEqual(['trusted', seeded]);
  });

  test('a store that holds grants gets no new key in silence, and another does', async () => {
    await grant(await startProcess());
    // The embedded PostgreSQL's password lies with the keys.
    const secret = join(dataDir, 'keys', 'postgres.secret');
    if (where === 'embedded') copyFileSync(join(settings.dataDir, 'keys', 'postgres.secret'), secret);
    const place = { settings: { ...settings, dataDir, healthIntervalMs: 50 }, library: library.name, log: quiet };
    const path = ownerKeyPath(dataDir, library.name);
    rmSync(path);
    await expect(openOwnKey(place)).rejects.toThrow(
      /holds grants, and the key of its owner that signed them is gone.*owner-population\.jwk/,
    );
    expect(existsSync(path)).toBe(false);
    await expect(openOwnerKeys(dataDir, library.name).current()).rejects.toThrow();
    expect(existsSync(path)).toBe(false);
    await pool.query('DROP SCHEMA hub CASCADE');
    // The key was made here once; what another one costs is said before it is.
    await expect(openOwnKey(place)).rejects.toThrow('is gone, although the hub has made or used it before');
    rmSync(madeListOf(path));
    expect((await openOwnKey(place)).kid).not.toBe('');
    expect(existsSync(path)).toBe(true);
  });

  test('under another key nothing counts, also after the owner accepted what stands', async () => {
    const running = await startProcess();
    const id = await grant(running);
    rmSync(ownerKeyPath(dataDir, library.name));
    // As `npm run grants:accept -- population --sign` does.
    await openOwnerKey(dataDir, library.name, true);
    const fresh = await startProcess();
    expect(await lookAgain(fresh)).toBe('has a head that no key of its owner signed');
    const { marks, store, keys } = fresh;
    const { grants } = await signList({ library: library.name, store, keys, above: await marks.highest(), isWritten: true });
    expect(grants).toEqual([{ id, consumer: developer.uscc, standing: 'ALTERED' }]);
    expect([await lookAgain(fresh), idsOf(fresh)]).toEqual(['trusted', []]);
  });

  test('a process that never looks by itself hears of another’s revocation, also after its connection broke', async () => {
    const [one, other] = [await startProcess(), await startProcess()];
    let opened = 0;
    const listener = listenForChanges({
      library: library.name,
      connect: async () => {
        opened += 1;
        return openListener(settings, library.name);
      },
      prepared: Promise.resolve(),
      onChange: () => void other.grants.refresh().catch(() => {}),
    });
    try {
      await expect.poll(() => listener.isListening()).toBe(true);
      const id = await grant(one);
      await expect.poll(() => idsOf(other), SOON).toEqual([id]);
      await revoke(one, id);
      await expect.poll(() => idsOf(other), SOON).toEqual([]);

      // Nothing comes back on it: it is given up, and another opened.
      if (where === 'PostgreSQL') {
        await expect(listener.ask?.('SELECT pg_terminate_backend(pg_backend_pid())', [])).rejects.toThrow();
        const next = await grant(one);
        await expect.poll(() => [opened, listener.isListening()]).toEqual([2, true]);
        await expect.poll(() => idsOf(other), SOON).toEqual([next]);
      }
    } finally {
      listener.close();
    }
  });

  test('a question that is held ends with a change, with its patience, and with the library', async () => {
    const process = await startProcess();
    const { grants } = process;
    const place = grants.changesAfter({ epoch: '', version: 0 }).place;
    const patience = new AbortController();
    const changed = grants.awaitChanges(place, patience.signal);
    const id = await grant(process);
    const { place: next, changes } = await changed;
    expect(changes).toMatchObject([{ grant: { id } }]);
    // What is known already is told at once.
    expect((await grants.awaitChanges(place, patience.signal)).changes).toHaveLength(1);
    const impatient = grants.awaitChanges(next, patience.signal);
    patience.abort();
    expect((await impatient).changes).toEqual([]);
    const left = grants.awaitChanges(next, new AbortController().signal);
    grants.close();
    expect((await left).changes).toEqual([]);
  });

  test('a database that says a revocation was written, and does not write it, is found out', async () => {
    const running = await startProcess();
    const id = await grant(running);
    await pool.query(`CREATE FUNCTION hub.forget() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER forget BEFORE UPDATE ON hub.grant_state FOR EACH ROW EXECUTE FUNCTION hub.forget()`);
    await expect(revoke(running, id)).rejects.toThrow('cannot rely on its list of grants now');
    expect(await lookAgain(running)).not.toBe('trusted');
  });

  test('a reason that no store can keep as it is signed is refused, and raises no false alarm', async () => {
    const running = await startProcess();
    const id = await grant(running);
    await expect(running.office.revoke(developer, { id, reason: '用途\ud800已变' })).rejects.toThrow('half a character');
    await running.office.revoke(developer, { id, reason: '用途已变 😀' });
    expect(await lookAgain(await startProcess())).toBe('trusted');
    expect(await running.store.applicationOfGrant(id)).toMatchObject({ granted: { id } });
    expect(running.said.join()).not.toContain('not as its owner signed');
  });

  test('what the owner is shown before signing is what stands there, whatever the database writes into it', () => {
    const lie = 'population-1\u001b[2K\r\n  REVOKED   population-2';
    const told = tellGrants([
      { id: lie, consumer: 'A\u202eB', standing: 'ALTERED' },
      { id: 'population-2', consumer: 'A', standing: 'GRANTED' },
    ]);
    expect(told.split('\n')).toEqual(['  ALTERED   population-1?[2K????REVOKED???population-2  of A?B', '  GRANTED   population-2  of A']);
  });

  test('a mark that cannot be read is no reason to trust', async () => {
    await grant(await startProcess());
    const [mark = ''] = readdirSync(join(dataDir, 'keys')).filter((name) => name.endsWith('.head'));
    writeFileSync(join(dataDir, 'keys', mark), '');
    const fresh = await startProcess();
    expect(await lookAgain(fresh)).toContain(`${mark} cannot be read`);
    expect(fresh.said.join()).toContain(`${mark} cannot be read`);
    expect(idsOf(fresh)).toEqual([]);
  });

  test('nothing unsigned is told of a grant: an application whose grant was altered says so', async () => {
    const running = await startProcess();
    const id = await grant(running);
    await revoke(running, id);
    await pool.query(`UPDATE hub.grant_deed SET "revokedAt" = NULL, revocation = NULL, "revocationSignature" = NULL`);
    const row = await running.store.applicationOfGrant(id);
    expect(row?.granted && running.grants.isListed(row.granted)).toBe(false);
  });
});
