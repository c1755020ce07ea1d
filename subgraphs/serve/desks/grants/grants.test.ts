import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDemoGrants } from '@longyuan/prisma/country/load/write-demo-grants.ts';
import { serviceItems } from '@longyuan/prisma/country/purposes.ts';
import { openPool } from '@longyuan/prisma/store/connect/open-pool.ts';
import { openScratchServer, type ScratchServer } from '@longyuan/prisma/store/embedded/open-scratch-server.ts';
import { ensureGrantTables } from '@longyuan/prisma/store/grants/ensure-grant-tables.ts';
import { type Ask, openGrantStore } from '@longyuan/prisma/store/grants/grant-store.ts';
import { readDirectory } from '@longyuan/schema/src/read-directory.ts';
import { libraryNamed } from '@longyuan/schema/src/read-libraries.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { signDeed } from '@longyuan/trust/grant-deed.ts';
import { openHeadMarks } from '@longyuan/trust/head-marks.ts';
import { rotateKeyFile } from '@longyuan/trust/key-file.ts';
import { openOwnerKey, ownerKeyPath } from '@longyuan/trust/keys.ts';
import { openOwnerKeys } from '@longyuan/trust/owner-keys.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { patience } from '../../../../test/patience.ts';
import { openGrantOffice } from './grant-office.ts';
import { keepOwnGrants, type OwnGrants } from './own-grants.ts';
import type { DepartmentCaller } from './verified-caller.ts';

const log = openLog('test', { logLevel: 'silent' });
const dataDir = mkdtempSync(join(tmpdir(), 'longyuan-grants-'));
const library = libraryNamed('population');
const errand = serviceItems[0]?.implCode ?? '';
let server: ScratchServer;
let pool: Awaited<ReturnType<typeof openPool>>;
const opened: OwnGrants[] = [];

beforeAll(async () => {
  server = await openScratchServer(log);
  const settings = { ...server.settings, databaseConnections: 4 };
  pool = await openPool({ settings, library: library.name, log, statementTimeoutMs: 0 });
  await Promise.all([ensureGrantTables(pool), ensureGrantTables(pool)]);
  await Promise.all([openOwnerKey(dataDir, library.name), openOwnerKey(dataDir, 'credit')]);
});
afterAll(async () => {
  for (const each of opened) each.close();
  await pool?.end();
  await server?.close();
  rmSync(dataDir, { recursive: true });
});

const department = (uscc: string, role: DepartmentCaller['role']): DepartmentCaller => ({
  ...{ kind: 'department', sub: `${role} of ${uscc}`, uscc, role, region: null },
});
const developer = department('1162990100000006XQ', 'developer');
const stranger = department('11629901000000094E', 'developer');
const steward = department(library.uscc, 'steward');

/** One process of the library: its own memory over the database that all share. */
async function startProcess(more: { ask?: Ask; maxAgeMs?: number; intervalMs?: number; nowMs?: () => number } = {}) {
  const { ask = async (sql, values) => (await pool.query(sql, [...values])).rows, maxAgeMs = 5_000, intervalMs = 400, nowMs } = more;
  const store = openGrantStore(library.name, ask);
  const keys = openOwnerKeys(dataDir, library.name);
  const marks = openHeadMarks(dataDir, library.name);
  const grants = keepOwnGrants({
    ...{ library: library.name, store, keys, marks, log, maxAgeMs, intervalMs: () => intervalMs },
    ...(nowMs && { nowMs }),
  });
  opened.push(grants);
  await grants.refresh().catch(() => {});
  const rules = { resources: readDirectory([library]).resources, purposes: new Set([errand]) };
  return { store, grants, office: openGrantOffice({ library, store, grants, keys, rules }) };
}

/** An application that was not made before. */
const application = (more: object = {}) => ({
  resource: '101001/1',
  items: [{ code: 'P002', access: 'READ' }],
  purposes: [errand],
  basis: '社会救助暂行办法',
  scenario: `核对 ${randomUUID()}`,
  division: '620000',
  level: 3,
  until: new Date(Date.now() + 86_400_000).toISOString(),
  callsPerDay: 1_000,
  ...more,
});
const idsOf = (grants: OwnGrants) => grants.grantsOf(developer.uscc).map(({ id }) => id);

test('what is applied for and granted is in force, and ends when it is revoked', async () => {
  const { office, grants } = await startProcess();
  const open = await office.apply(developer, application());
  expect(open).toMatchObject({ state: 'OPEN', consumer: developer.uscc, grantId: null });
  expect(idsOf(grants)).toEqual([]);

  const granted = await office.answer(steward, { no: open.no, decision: 'GRANT', reason: '符合条件', terms: { division: '620102' } });
  expect(granted).toMatchObject({ state: 'GRANTED', reason: '符合条件' });
  expect(grants.grantsOf(developer.uscc)).toMatchObject([{ id: granted.grantId, library: 'population', division: '620102', level: 3 }]);
  expect(grants.grantsOf(stranger.uscc)).toEqual([]);

  await expect(office.revoke(steward, { id: granted.grantId, reason: '电话 13800138000' })).rejects.toThrow(
    'must not hold a citizen number',
  );
  const revoked = await office.revoke(steward, { id: granted.grantId, reason: '用途已变' });
  expect(revoked).toMatchObject({ revokedFor: '用途已变' });
  expect(idsOf(grants)).toEqual([]);
});

test('a refusal needs a reason and grants nothing', async () => {
  const { office, grants } = await startProcess();
  const { no } = await office.apply(developer, application());
  await expect(office.answer(steward, { no, decision: 'REFUSE' })).rejects.toThrow('must say why');
  expect(await office.answer(steward, { no, decision: 'REFUSE', reason: '依据不足' })).toMatchObject({ state: 'REFUSED', grantId: null });
  expect(idsOf(grants)).toEqual([]);
});

const of = (caller: DepartmentCaller, region: string): DepartmentCaller => ({ ...caller, region });

test('a county’s steward answers and revokes for the county alone; what lies elsewhere is as if it were not there', async () => {
  const { office, grants } = await startProcess();
  const province = await office.apply(developer, application());
  const elsewhere = await office.apply(developer, application({ division: '621022' }));
  const county = await office.apply(developer, application({ division: '620102001' }));
  const ofCounty = of(steward, '620102');
  const answerTo = (no: string, by: DepartmentCaller) => office.answer(by, { no, decision: 'GRANT' });
  const message = async (answered: Promise<unknown>) =>
    answered.then(
      () => 'done',
      (error: Error) => error.message,
    );
  const unknown = await message(answerTo('population-none', ofCounty));
  for (const { no } of [province, elsewhere]) {
    expect(await message(answerTo(no, ofCounty))).toBe(unknown);
    expect(await message(office.answer(ofCounty, { no, decision: 'REFUSE', reason: '不同意' }))).toBe(unknown);
    expect(await message(office.answer(ofCounty, { no, decision: 'GRANT', terms: { division: '620102' } }))).toBe(unknown);
  }
  for (const region of ['620199', '629900', '000000']) expect(await message(answerTo(county.no, of(steward, region)))).toBe(unknown);
  const { grantId: own } = await answerTo(county.no, ofCounty);

  const { grantId: id } = await answerTo(province.no, steward);
  const revoke = (by: DepartmentCaller, which: string | null) => message(office.revoke(by, { id: which, reason: '用途已变' }));
  const none = await revoke(ofCounty, 'population-none');
  expect(none).toMatch('must be the id of a grant');
  expect(await revoke(ofCounty, id)).toBe(none);
  expect(await revoke(of(developer, '620102'), id)).toBe(none);
  expect(idsOf(grants)).toEqual(expect.arrayContaining([id, own]));
  expect(await revoke(of(developer, '620100'), own)).toBe('done');
  expect(await revoke(steward, id)).toBe('done');
});

test('what was narrowed to a county is the county’s to revoke', async () => {
  const { office } = await startProcess();
  const { no } = await office.apply(developer, application());
  const { grantId: id } = await office.answer(steward, { no, decision: 'GRANT', terms: { division: '620102' } });
  await expect(office.revoke(of(steward, '621022'), { id, reason: '用途已变' })).rejects.toThrow('must be the id of a grant');
  expect(await office.revoke(of(steward, '620102'), { id, reason: '用途已变' })).toMatchObject({ revokedFor: '用途已变' });
});

test('a developer applies for the division it works for, or part of it', async () => {
  const { office } = await startProcess();
  const apply = (region: string, division: string) => office.apply(of(developer, region), application({ division }));
  for (const [region, division] of [
    ['620102', '620000'],
    ['620102', '621022'],
    ['620199', '620102'],
    ['620102', '620100'],
  ] as const)
    await expect(apply(region, division)).rejects.toThrow('division must lie in the one that you work for');
  expect(await apply('620100', '620102')).toMatchObject({ state: 'OPEN' });
});

test('applications are found by division: that of the grant, or what was asked for, whatever the words in them say', async () => {
  const { office, store } = await startProcess();
  const consumer = department('116299010000007777', 'developer');
  const ask = async (division: string, basis: string) => (await office.apply(consumer, application({ division, basis }))).no;
  const [province, county, town] = [await ask('620000', '"division":"620102"'), await ask('620102', 'a'), await ask('621022100', 'b')];
  const narrowed = await ask('620000', 'c');
  await office.answer(steward, { no: narrowed, decision: 'GRANT', terms: { division: '621022' } });
  const filter = { consumer: consumer.uscc, state: null, after: null };
  const found = async (divisions: { gte: string; lt: string; or: string[] } | null) => {
    const rows = await store.applications({ ...filter, divisions }, 10);
    expect(await store.countApplications({ ...filter, divisions })).toBe(rows.length);
    return new Set(rows.map(({ no }) => no));
  };
  expect(await found(null)).toEqual(new Set([province, county, town, narrowed]));
  expect(await found({ gte: '620102', lt: '620103', or: [] })).toEqual(new Set([county]));
  expect(await found({ gte: '620102', lt: '620103', or: ['620102', '620100', '620000'] })).toEqual(new Set([county, province]));
  expect(await found({ gte: '621022', lt: '621023', or: [] })).toEqual(new Set([town, narrowed]));
  expect(await found({ gte: '629900', lt: '629900', or: [] })).toEqual(new Set());
});

test('each does what is theirs alone', async () => {
  const { office } = await startProcess();
  await expect(office.apply(department(developer.uscc, 'steward'), application())).rejects.toThrow('A developer of the department applies');
  await expect(office.apply(department(library.uscc, 'developer'), application())).rejects.toThrow('needs no grant');
  const { no } = await office.apply(developer, application());
  for (const wrong of [developer, department(developer.uscc, 'steward'), department(library.uscc, 'developer')])
    await expect(office.answer(wrong, { no, decision: 'GRANT' })).rejects.toThrow('Only a steward of');
  const { grantId: id } = await office.answer(steward, { no, decision: 'GRANT' });
  const reason = 'x';
  await expect(office.revoke(stranger, { id, reason })).rejects.toThrow('must be the id of a grant that your department gave or holds');
  await expect(office.revoke(stranger, { id: 'population-none', reason })).rejects.toThrow('must be the id of a grant');
  await expect(office.revoke(department(library.uscc, 'developer'), { id, reason })).rejects.toThrow('Only a steward of');
  await expect(office.revoke(developer, { id })).rejects.toThrow('Mutation.revokeGrant(reason:)');
  // Its holder may give it back.
  expect(await office.revoke(developer, { id, reason })).toMatchObject({ revokedFor: 'x' });
});

test('the same is not asked twice, answered twice or revoked twice, not even at once', async () => {
  const one = await startProcess();
  const other = await startProcess();
  const same = application();
  const applied = await Promise.allSettled([one.office.apply(developer, same), other.office.apply(developer, same)]);
  expect(applied.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await expect(one.office.apply(developer, same)).rejects.toThrow('is the same as an application');
  const no = applied.flatMap((each) => (each.status === 'fulfilled' ? [each.value.no] : []))[0];

  const answers = await Promise.allSettled([
    one.office.answer(steward, { no, decision: 'GRANT' }),
    other.office.answer(steward, { no, decision: 'GRANT' }),
    other.office.answer(steward, { no, decision: 'REFUSE', reason: 'x' }),
  ]);
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  await expect(one.office.answer(steward, { no, decision: 'GRANT' })).rejects.toThrow('this one has been answered');
  const { rows } = await pool.query('SELECT count(*)::int AS deeds FROM hub.grant_deed WHERE application = $1', [no]);
  const answered = await one.store.application(no ?? '');
  const id = answered?.granted?.id;
  expect(rows).toEqual([{ deeds: answered?.state === 'GRANTED' ? 1 : 0 }]);

  if (!id) return;
  const revocations = await Promise.allSettled([
    one.office.revoke(steward, { id, reason: 'x' }),
    other.office.revoke(developer, { id, reason: 'y' }),
  ]);
  expect(revocations.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await expect(one.office.revoke(steward, { id, reason: 'x' })).rejects.toThrow('was revoked before');
});

/** A second on a quiet machine. */
const SOON = { timeout: patience(1_000), interval: 20 };

test('a revocation by one process is in force in another within a second', async () => {
  const one = await startProcess();
  const other = await startProcess();
  const { no } = await one.office.apply(developer, application());
  const { grantId } = await one.office.answer(steward, { no, decision: 'GRANT' });
  await expect.poll(() => idsOf(other.grants), SOON).toContain(grantId);
  const version = other.grants.version();
  await one.office.revoke(steward, { id: grantId, reason: 'x' });
  await expect.poll(() => idsOf(other.grants), SOON).not.toContain(grantId);
  expect(other.grants.version()).not.toBe(version);
});

test('a row that was changed in the database is not used, nor one that the owner did not sign', async () => {
  const { office } = await startProcess();
  const made: string[] = [];
  for (let each = 0; each < 4; each += 1) {
    const { no } = await office.apply(developer, application());
    made.push((await office.answer(steward, { no, decision: 'GRANT' })).grantId ?? '');
  }
  const [kept, widened, unsigned, foreign] = made;
  await pool.query(`UPDATE hub.grant_deed SET content = replace(content, '"level":3', '"level":4') WHERE id = $1`, [widened]);
  await pool.query(`UPDATE hub.grant_deed SET signature = 'e30..' WHERE id = $1`, [unsigned]);
  // Signed, but by the owner of another library.
  const { rows } = await pool.query('SELECT content FROM hub.grant_deed WHERE id = $1', [foreign]);
  const { signature } = await signDeed(JSON.parse(rows[0].content), await openOwnerKeys(dataDir, 'credit').current());
  await pool.query('UPDATE hub.grant_deed SET signature = $2 WHERE id = $1', [foreign, signature]);

  const fresh = await startProcess();
  expect(idsOf(fresh.grants)).toContain(kept);
  expect(idsOf(fresh.grants).filter((id) => made.includes(id))).toEqual([kept]);
});

test('what the key before signed stands when the owner’s key is rotated', async () => {
  const { office } = await startProcess();
  const { no } = await office.apply(developer, application());
  const { grantId } = await office.answer(steward, { no, decision: 'GRANT' });
  await rotateKeyFile(ownerKeyPath(dataDir, library.name), null);
  expect(idsOf((await startProcess()).grants)).toContain(grantId);
});

test('a list that cannot be refreshed for too long grants nothing, until it can', async () => {
  let isGone = false;
  let nowMs = 0;
  const { grants } = await startProcess({
    intervalMs: 10,
    nowMs: () => nowMs,
    ask: async (sql, values) => {
      if (isGone) throw new Error('The database is gone.');
      return (await pool.query(sql, [...values])).rows;
    },
  });
  const before = idsOf(grants);
  expect(before.length).toBeGreaterThan(0);
  isGone = true;
  await expect(grants.refresh().then(() => grants.refresh())).rejects.toThrow();
  const version = grants.version();
  nowMs = 4_999;
  expect(idsOf(grants)).toEqual(before);
  const { place } = grants.changesAfter({ epoch: '', version: 0 });
  const held = grants.awaitChanges(place, new AbortController().signal);
  nowMs = 5_001;
  expect([idsOf(grants), grants.isStale()]).toEqual([[], true]);
  expect([...grants.untoldBy()]).toEqual([library.name]);
  // Who waits for a change is told now, and not when its patience ends.
  expect((await held).changes).toEqual([]);
  expect(grants.version()).not.toBe(version);
  isGone = false;
  await expect.poll(() => idsOf(grants), SOON).toEqual(before);
});

test('the gateway is told every change once, and everything where it knows nothing of this store', async () => {
  const { office, grants } = await startProcess();
  const all = grants.changesAfter({ epoch: '', version: 0 });
  expect(all.isWhole).toBe(true);
  const { no } = await office.apply(developer, application());
  const { grantId: id } = await office.answer(steward, { no, decision: 'GRANT' });
  const next = grants.changesAfter(all.place);
  expect(next).toMatchObject({ isWhole: false, isLast: true, changes: [{ grant: { id } }] });
  expect(JSON.stringify(next)).not.toContain(steward.sub);
  await office.revoke(steward, { id, reason: 'x' });
  const last = grants.changesAfter(next.place);
  expect(last.changes).toMatchObject([{ ended: id }]);
  expect(grants.changesAfter(last.place).changes).toEqual([]);
  expect(grants.changesAfter({ epoch: 'another', version: 5 }).isWhole).toBe(true);
});

test('a seed that is made anew replaces what was granted, while the library runs', async () => {
  const { grants } = await startProcess();
  expect(idsOf(grants).length).toBeGreaterThan(1);
  await writeDemoGrants(pool, library.name, dataDir);
  await expect.poll(() => idsOf(grants), SOON).toHaveLength(1);
  expect(grants.grantsOf(developer.uscc)).toMatchObject([{ callsPerDay: 100_000, level: 3, division: '620000' }]);
});

test('applications are walked from the latest on, in pages', async () => {
  const { store, office } = await startProcess();
  for (let each = 0; each < 3; each += 1) await office.apply(stranger, application());
  const filter = { consumer: stranger.uscc, divisions: null, state: 'OPEN', after: null } as const;
  expect(await store.countApplications(filter)).toBe(3);
  const walked: string[] = [];
  for (let after: { at: string; no: string } | null = null; ; ) {
    const [row] = await store.applications({ ...filter, after }, 1);
    if (!row) break;
    walked.push(row.no);
    after = { at: row.appliedAt, no: row.no };
  }
  expect(walked).toEqual((await store.applications(filter, 10)).map(({ no }) => no));
  expect(walked).toHaveLength(3);
});
