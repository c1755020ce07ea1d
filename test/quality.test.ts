import { askToken } from '@longyuan/identity/ask-token.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { readQualityChecks } from '@longyuan/schema/src/quality/quality-checks.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { asOwner } from './as-owner.ts';
import { ask, askWell, until } from './ask.ts';
import { openDatabase } from './open-database.ts';

const { people } = readWorld();
const [somebody] = people;
const checks = readQualityChecks(readSharingFacts(readLibraries()));

/** A firm whose code has a wrong check digit, in an industry and a division that do not exist, whose representative nobody knows. */
const FIRM = {
  uscc: '91620100MA7000000X',
  name: '甘肃异常数据有限公司',
  phone: '12',
  legalRep: '00000000-0000-4000-8000-00000000dead',
};
const FINDINGS = `{ coordinate rule expects ofRows rows failing ratio isMeasured sampleKeys measuredAt item { code } history { failing } }`;

type Found = Readonly<{
  coordinate: string;
  rule: string;
  expects: string | null;
  rows: number;
  failing: number;
  isMeasured: boolean;
  sampleKeys: readonly string[];
  item: { code: string } | null;
  history: readonly { failing: number }[];
}>;

describe.each([inject('embedded'), inject('postgresql')].filter((hub) => hub !== null))('the quality of data ($url)', (hub) => {
  let database: Awaited<ReturnType<typeof openDatabase>>;
  let directory: typeof database;
  beforeAll(async () => {
    database = await openDatabase(hub, 'legal-entity');
    directory = await openDatabase(hub, 'directory');
  });
  afterAll(async () => {
    await database?.rows('DELETE FROM legal_entity."LegalEntity" WHERE uscc = $1', [FIRM.uscc]);
    await database?.close();
    await directory?.close();
  });

  /** The hub, asked as the owner's steward. */
  const asSteward = (library: string) => asOwner(hub, library, { role: 'steward' });

  async function measure(library: string): Promise<readonly Found[]> {
    const steward = await asSteward(library);
    const { measureQuality } = await askWell(steward, 'mutation($l: ID) { measureQuality(library: $l) { id state } }', { l: library });
    expect(measureQuality).toHaveLength(1);
    const [{ id }] = measureQuality;
    await until(`${library} is measured`, 50_000, async () => {
      const { qualityRuns } = await askWell(steward, 'query($l: ID) { qualityRuns(library: $l) { id state } }', { l: library });
      const state = qualityRuns.find((run: { id: string }) => run.id === id)?.state;
      if (state === 'FAILED') throw new Error(`The run over ${library} failed.`);
      return state === 'DONE';
    });
    const { resources } = await askWell(
      steward,
      `{ resources(filter: { onHub: true }, first: 100) { nodes { library quality ${FINDINGS} } } }`,
    );
    return resources.nodes
      .filter((node: { library: string }) => node.library === library)
      .flatMap((node: { quality: readonly Found[] }) => node.quality);
  }
  /** Rules that rows break. How fresh rows are is the clock's affair, where the made-up country does not stand still at its day. */
  const isStill = hub.environment['HUB_STILL_DAY'] === 'on';
  const brokenIn = (found: readonly Found[]) => found.filter(({ rule, failing }) => failing > 0 && (isStill || rule !== 'TIMELY'));
  const nameOf = ({ coordinate, rule, expects }: Found) => [coordinate, rule, expects].filter(Boolean).join(' ');

  test('every rule of every library is measured, and the made-up country breaks none', async () => {
    const found: Found[] = [];
    for (const { name } of readLibraries()) found.push(...(await measure(name)));
    expect(found.map(nameOf).sort()).toEqual(
      checks.map(({ coordinate, rule, expects }) => [coordinate, rule, expects].filter(Boolean).join(' ')).sort(),
    );
    expect(found.filter(({ isMeasured }) => !isMeasured).map(nameOf)).toEqual([]);
    expect(brokenIn(found)).toEqual([]);
    const timely = found.find(({ coordinate, rule }) => coordinate === 'Person.confirmedAt' && rule === 'TIMELY');
    expect(timely?.rows).toBeGreaterThanOrEqual(2_500);
    // Promised daily, confirmed by the day before 2026-06-30: every one of them is late today, and none was on that day.
    expect(timely?.failing).toBe(isStill ? 0 : timely?.rows);
  });

  test('faulty rows are found and named by their key, and no value of theirs is in the answer', async () => {
    await database.rows(
      `INSERT INTO legal_entity."LegalEntity"
         (uscc, name, kind, "legalRepName", "legalRep", "establishedOn", "addressText", division, industry, "authorityName", state, "approvedOn",
          "endedOn", phone, "confirmedAt")
       VALUES ($1, $2, 'ENTERPRISE', NULL, $3, '2020-01-02', '', '620199999999', 'X99', '某局', 'ACTIVE', '2020-01-01', NULL, $4, '2020-01-01')`,
      [FIRM.uscc, FIRM.name, FIRM.legalRep, FIRM.phone],
    );
    const found = brokenIn(await measure('legal-entity'));
    expect(found.map((each) => [nameOf(each), each.failing, each.sampleKeys, each.item?.code ?? null]).sort()).toEqual(
      [
        ['LegalEntity.uscc VALID CREDIT_CODE', 1, [FIRM.uscc], 'L001'],
        ['LegalEntity.legalRepName COMPLETE', 1, [FIRM.uscc], 'L005'],
        ['LegalEntity.legalRep REFERS Person.id', 1, [FIRM.uscc], 'L006'],
        ['LegalEntity.addressText COMPLETE', 1, [FIRM.uscc], 'L010'],
        ['LegalEntity.division VALID KNOWN_DIVISION', 1, [FIRM.uscc], 'L011'],
        ['LegalEntity.industry VALID INDUSTRY_CODE', 1, [FIRM.uscc], 'L012'],
        ['LegalEntity.approvedOn IN_ORDER establishedOn', 1, [FIRM.uscc], 'L016'],
        ['LegalEntity.phone VALID PHONE', 1, [FIRM.uscc], 'L060'],
        ...(isStill ? [['LegalEntity.confirmedAt TIMELY DAILY', 1, [FIRM.uscc], null]] : []),
      ].sort(),
    );
    expect(JSON.stringify(found)).not.toMatch(/异常数据|620199999999|X99|dead/);
    // Once mended the history keeps both.
    await database.rows('DELETE FROM legal_entity."LegalEntity" WHERE uscc = $1', [FIRM.uscc]);
    const mended = await measure('legal-entity');
    expect(brokenIn(mended)).toEqual([]);
    const phone = mended.find((each) => nameOf(each) === 'LegalEntity.phone VALID PHONE');
    expect(phone?.history.slice(0, 3).map(({ failing }) => failing)).toEqual([0, 1, 0]);
    const stored = JSON.stringify(await directory.rows('SELECT * FROM directory."QualityFinding"'));
    expect(stored).not.toMatch(/异常数据|620199999999|X99|dead/);
  }, 120_000);

  test('the owner’s steward of one region has no part in figures and objections of the whole library', async () => {
    const steward = await asOwner(hub, 'population', { role: 'steward', region: '620102' });
    for (const refused of [
      'mutation { measureQuality(library: "population") { id } }',
      '{ objections(filter: { provider: "11629901000000019M" }) { total } }',
      'mutation { answerObjection(input: { id: "x", outcome: CORRECTED, answer: "已更正" }) { id } }',
    ])
      expect((await ask(steward, refused)).errors?.[0]?.extensions.code, refused).toBe('ITEM_NOT_SHARED');
    const { resource } = await askWell(steward, '{ resource(code: "101001/1") { quality { rows failing sampleKeys } } }');
    expect(resource.quality).not.toEqual([]);
    for (const each of resource.quality) expect(each).toEqual({ rows: null, failing: null, sampleKeys: null });
  });

  test('whoever is not the steward sees the rules and no figures, and has nothing measured', async () => {
    const RULES = '{ resource(code: "102001/1") { quality { rule rows failing ratio sampleKeys history { failing } } } }';
    const { resource } = await askWell(hub, RULES);
    expect(resource.quality.length).toBeGreaterThan(10);
    for (const { rule, ...figures } of resource.quality) {
      expect(figures, rule).toEqual({ rows: null, failing: null, ratio: null, sampleKeys: null, history: null });
    }
    for (const [who, library, code] of [
      [hub, 'population', 'ITEM_NOT_SHARED'],
      [await asOwner(hub, 'population', { role: 'developer' }), 'population', 'ITEM_NOT_SHARED'],
      [await asSteward('credit'), 'population', 'BAD_USER_INPUT'],
      [await asSteward('credit'), 'tax', 'BAD_USER_INPUT'],
    ] as const) {
      const { errors } = await ask(who, 'mutation($l: ID) { measureQuality(library: $l) { id } }', { l: library });
      expect(errors?.[0]?.extensions.code, library).toBe(code);
    }
  });

  const RAISE = `mutation($input: ObjectionInput!) { raiseObjection(input: $input) {
    id resource { code } item { code } owner { name } recordKey raisedBy raisedByDepartment dueOn isOverdue state answer } }`;
  const objectTo = (record: string, more: Record<string, unknown> = {}) =>
    ask(hub, RAISE, { input: { resource: '101001/1', item: 'P032', record, reason: '电话已停用', ...more } });

  async function keyOf(id: string, role: 'steward' | 'developer', region?: string): Promise<unknown> {
    const as = await asOwner(hub, 'population', { role, ...(region !== undefined && { region }) });
    const { objection } = await askWell(as, 'query($id: ID!) { objection(id: $id) { recordKey } }', { id });
    return objection.recordKey;
  }

  test('the owner’s steward objects to a number, and learns of a known one what it learns of an unknown one', async () => {
    const steward = await asSteward('population');
    const told = [];
    for (const record of [somebody?.idNumber ?? '', '11010519491231002X']) {
      const { data, errors } = await ask(steward, RAISE, { input: { resource: '101001/1', item: 'P032', record, reason: '电话已停用' } });
      const { id, ...answer } = data?.raiseObjection ?? {};
      const { objection } = await askWell(steward, 'query($id: ID!) { objection(id: $id) { recordKey state answer } }', { id });
      told.push({ answer, objection, errors });
    }
    expect(told[0]).toEqual(told[1]);
    expect(told[0]).toMatchObject({ answer: { recordKey: null }, objection: { recordKey: null }, errors: undefined });
  });

  test('an objection goes to the owner with a clock, and is answered; the record is named by its key alone', async () => {
    if (!somebody) throw new Error('The world has people.');
    const { raiseObjection } = (await objectTo(somebody.idNumber)).data;
    const population = await openDatabase(hub, 'population');
    const [person] = await population.rows('SELECT id FROM population."Person" WHERE "idNumber" = $1', [somebody.idNumber]);
    await population.close();
    expect(raiseObjection).toMatchObject({
      resource: { code: '101001/1' },
      item: { code: 'P032' },
      owner: { name: '甘肃省公安厅' },
      // The owner's alone: whoever objects does not learn whether there is such a record.
      recordKey: null,
      raisedBy: 'department',
      raisedByDepartment: '116299010000001667',
      isOverdue: false,
      state: 'OPEN',
      answer: null,
    });
    const steward = await asSteward('population');
    const { objection: asRead } = await askWell(steward, 'query($id: ID!) { objection(id: $id) { recordKey } }', { id: raiseObjection.id });
    // A steward never sees values, and whether a number is somebody's is one; who may see the record is told which it is.
    expect(asRead.recordKey).toBeNull();
    expect(await keyOf(raiseObjection.id, 'developer')).toBe(person?.['id']);
    expect(await keyOf(raiseObjection.id, 'developer', '620102')).toBeNull();
    expect(raiseObjection.dueOn > new Date().toISOString().slice(0, 10)).toBe(true);
    expect(JSON.stringify(await directory.rows('SELECT * FROM directory."Objection"'))).not.toContain(somebody.idNumber);

    // A week later nobody has answered.
    await directory.rows(`UPDATE directory."Objection" SET "dueOn" = '2026-01-05' WHERE id = $1`, [raiseObjection.id]);
    const LATE = '{ objections(filter: { provider: "11629901000000019M", overdue: true }) { total nodes { id isOverdue } } }';
    expect((await ask(hub, LATE)).errors?.[0]?.extensions.code).toBe('ITEM_NOT_SHARED');
    expect(await askWell(steward, LATE)).toEqual({ objections: { total: 1, nodes: [{ id: raiseObjection.id, isOverdue: true }] } });

    const ANSWER = 'mutation($input: ObjectionAnswer!) { answerObjection(input: $input) { state outcome answer isOverdue answeredAt } }';
    const input = { id: raiseObjection.id, outcome: 'CORRECTED', answer: '已核实并更正' };
    for (const [who, code] of [
      [hub, 'ITEM_NOT_SHARED'],
      [await asSteward('credit'), 'BAD_USER_INPUT'],
    ] as const)
      expect((await ask(who, ANSWER, { input })).errors?.[0]?.extensions.code).toBe(code);
    const { answerObjection } = await askWell(steward, ANSWER, { input });
    expect(answerObjection).toMatchObject({ state: 'ANSWERED', outcome: 'CORRECTED', answer: '已核实并更正', isOverdue: false });
    expect((await ask(steward, ANSWER, { input })).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(await askWell(steward, LATE)).toEqual({ objections: { total: 0, nodes: [] } });
    const { objection } = await askWell(hub, 'query($id: ID!) { objection(id: $id) { outcome } }', { id: raiseObjection.id });
    expect(objection).toEqual({ outcome: 'CORRECTED' });
  });

  test('a record that does not exist is taken in alike; words that hold a number of a person, or a strange item, are not', async () => {
    const { raiseObjection } = (await objectTo('11010519491231002X')).data;
    expect(raiseObjection).toMatchObject({ state: 'OPEN', recordKey: null });
    for (const role of ['steward', 'developer'] as const) expect(await keyOf(raiseObjection.id, role)).toBeNull();
    for (const more of [{ reason: '号码是 11010519491231002X' }, { item: 'L002' }, { resource: '999999/1' }, { reason: 'x'.repeat(501) }]) {
      expect((await objectTo('11010519491231002X', more)).errors?.[0]?.extensions.code, JSON.stringify(more)).toBe('BAD_USER_INPUT');
    }
  });

  test('objections without a token fill their own room alone: a citizen is still heard', async () => {
    const open = '103002/1';
    const fill = `INSERT INTO directory."Objection" (id, "providerUscc", resource, reason, "raisedByKind", "raisedAt", "dueOn")
      SELECT gen_random_uuid(), '11629901000000035B', $1, 'no', 'public', now(), '2099-01-01' FROM generate_series(1, 500)`;
    await directory.rows(fill, [open]);
    const citizen = await askToken(readEnvironment(hub.environment), { kind: 'person', idNumber: somebody?.idNumber ?? '' });
    const input = { resource: open, record: 'x', reason: '门牌有误' };
    const told = [];
    for (const token of [null, citizen])
      told.push(
        await ask(hub, 'mutation($input: ObjectionInput!) { raiseObjection(input: $input) { state } }', { input }, '/graphql', token),
      );
    await directory.rows('DELETE FROM directory."Objection" WHERE resource = $1', [open]);
    expect(told[0]?.errors?.[0]?.extensions.code).toBe('RATE_LIMITED');
    expect(told[1]?.data).toEqual({ raiseObjection: { state: 'OPEN' } });
  });

  test('objections are walked in pages, those due first come first', async () => {
    const PAGE = `query($after: String) { objections(filter: { provider: "11629901000000019M", state: OPEN }, first: 1, after: $after) {
      nodes { id } pageInfo { endCursor hasNextPage } } }`;
    for (const record of ['a', 'b']) await objectTo(record);
    const steward = await asSteward('population');
    const { objections: one } = await askWell(steward, PAGE);
    const { objections: two } = await askWell(steward, PAGE, { after: one.pageInfo.endCursor });
    expect(one.pageInfo.hasNextPage).toBe(true);
    expect(two.nodes[0].id).not.toBe(one.nodes[0].id);
    expect((await ask(steward, PAGE, { after: 'bm8' })).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});
