import { type Caller, PUBLIC } from '@longyuan/access/caller.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { expect, test } from 'vitest';
import { keepQuotas } from '../quotas/keep-quotas.ts';
import { memoryQuotas } from '../quotas/memory-quotas.ts';
import { raiserOf } from './objection-room.ts';
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
