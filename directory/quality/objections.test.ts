import { type Caller, PUBLIC } from '@longyuan/access/caller.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { expect, test } from 'vitest';
import { keepQuotas } from '../../gateway/src/quotas/keep-quotas.ts';
import { memoryQuotas } from '../../gateway/src/quotas/memory-quotas.ts';
import { objectorOf, raiserOf } from './objection-room.ts';
import { openObjections } from './objections.ts';

/** A desk over a store that keeps only whose objections are open: by kind and department, as the directory counts them. */
function openDesk(counted = memoryQuotas()) {
  const open = new Map<string, number>();
  const desk = openObjections({
    facts: readSharingFacts(readLibraries()),
    questions: { find: async () => null } as never,
    quotas: keepQuotas({ store: counted, log: { warn: () => {} } }),
    store: {
      raise: async (
        { raisedByKind, raisedByDepartment }: { raisedByKind: string; raisedByDepartment: string | null },
        mostOpen: number,
      ) => {
        const room = `${raisedByKind} ${raisedByDepartment}`;
        const already = open.get(room) ?? 0;
        if (already < mostOpen) open.set(room, already + 1);
        return already < mostOpen;
      },
    } as never,
  });
  const raise = (caller: Caller) => desk.raise(caller, { resource: '103002/1', record: 'x', reason: '门牌有误' });
  /** How many of so many are taken in, and what the last one is told. */
  const raiseMany = async (caller: Caller, times: number) => {
    const settled = await Promise.allSettled(Array.from({ length: times }, () => raise(caller)));
    const refusals = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    return { taken: times - refusals.length, code: refusals[0]?.extensions.code, message: refusals[0]?.message };
  };
  return { raise, raiseMany };
}

const citizen = (person: string): Caller => ({ kind: 'citizen', sub: person, person });
const department = (uscc: string): Caller => ({ kind: 'department', sub: 's', uscc, role: 'developer', region: null });

test('a thousand objections without a token leave the room of everyone who has one', async () => {
  const { raise, raiseMany } = openDesk();
  expect(await raiseMany(PUBLIC, 1_000)).toEqual({
    taken: 500,
    code: 'RATE_LIMITED',
    message:
      'The resource 103002/1 has 500 open objections of callers without a token, the most there may be; its owner has to answer some first.',
  });
  for (const caller of [citizen('p1'), department('11629901000000019M')]) expect(await raise(caller)).toMatchObject({ outcome: null });
});

test('one caller does not fill the room of the others', async () => {
  const { raise, raiseMany } = openDesk();
  expect(await raiseMany(citizen('p1'), 1_000)).toEqual({
    taken: 20,
    code: 'RATE_LIMITED',
    message: expect.stringMatching(
      /^One caller raises at most 20 objections in a day; the next can be raised from \d{4}-\d{2}-\d{2}T16:00:00Z on\.$/,
    ),
  });
  expect((await raiseMany(department('11629901000000019M'), 1_000)).taken).toBe(200);
  for (const caller of [citizen('p2'), department('11629901000000035B'), PUBLIC])
    expect(await raise(caller)).toMatchObject({ outcome: null });
});

test('a gateway that starts anew still knows how many a caller has raised today, and not who it is', async () => {
  const counted = memoryQuotas();
  expect((await openDesk(counted).raiseMany(citizen('p1'), 20)).taken).toBe(20);
  expect((await openDesk(counted).raiseMany(citizen('p1'), 1)).taken).toBe(0);
  expect((await openDesk(counted).raiseMany(citizen('p2'), 1)).taken).toBe(1);
  expect(raiserOf(citizen('p1'))).not.toContain('p1');
});

test('of an objector the kind and the department are kept, never a person', () => {
  expect(objectorOf(citizen('p1'))).toEqual({ kind: 'citizen', department: null });
  expect(objectorOf(department('11629901000000019M'))).toEqual({ kind: 'department', department: '11629901000000019M' });
});

test("the owner's steward answers an objection, and nobody else learns whether there is one", async () => {
  const answered: string[] = [];
  const row = { id: 'o1', providerUscc: '11629901000000019M' };
  const desk = openObjections({
    ...{ facts: readSharingFacts(readLibraries()), questions: {} as never, quotas: {} as never },
    store: {
      byId: async (id: string) => (id === row.id ? row : null),
      answer: async (id: string) => {
        answered.push(id);
        return true;
      },
    } as never,
  });
  const answer = (caller: Caller, id = row.id) =>
    desk.answer(caller, { id, outcome: 'CORRECTED', answer: '已更正' }).then(
      () => 'answered',
      (error: Error) => error.message,
    );
  const steward: Caller = { kind: 'department', sub: 's', uscc: row.providerUscc, role: 'steward', region: null };
  const none = await answer(steward, 'o2');
  expect(none).toMatch('ObjectionAnswer.id');
  const others: readonly Caller[] = [
    ...[PUBLIC, citizen('p1'), department(row.providerUscc), { kind: 'auditor', sub: 's' } as const],
    ...[
      { ...steward, uscc: '11629901000000027G' },
      { ...steward, region: '620102' },
    ],
  ];
  for (const caller of others) expect(await answer(caller)).toBe(none);
  expect(answered).toEqual([]);
  expect(await answer(steward)).toBe('answered');
});
