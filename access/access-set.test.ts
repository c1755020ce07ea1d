import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { expect, test } from 'vitest';
import { readAccessFacts } from './access-facts.ts';
import { keepAccessSets, makeAccessSet } from './access-set.ts';
import type { Caller } from './caller.ts';
import type { Grant } from './grant.ts';

const facts = readAccessFacts(readSharingFacts(readLibraries()));
const DEPARTMENT = '1162990100000006XQ';
const caller: Extract<Caller, { kind: 'department' }> = {
  kind: 'department',
  sub: 'zhang',
  uscc: DEPARTMENT,
  role: 'developer',
  region: null,
};
const PURPOSE = '1162990100000006XQ2050620000003';
const FROM = Date.parse('2026-11-24T08:00:00Z');
const UNTIL = Date.parse('2026-11-25T08:00:00Z');

/** A grant of a person's name, for a day. */
const grant: Grant = {
  ...{ id: 'population-1', library: 'population', consumer: DEPARTMENT, resource: '101001/1', items: [{ code: 'P002', access: 'READ' }] },
  ...{ purposes: [PURPOSE], basis: 'test', division: '620000', level: 4, callsPerDay: 10, rowsPerDay: 1_000 },
  ...{ from: new Date(FROM).toISOString(), until: new Date(UNTIL).toISOString() },
};

function keep() {
  const world = { now: FROM - 60_000, version: 1, grants: [grant] as readonly Grant[] };
  const accessOf = keepAccessSets({ facts, grants: { grantsOf: () => world.grants, version: () => world.version }, now: () => world.now });
  const missing = () => accessOf(caller, PURPOSE).ofItem('P002').refusal?.missing ?? null;
  return { world, accessOf, missing };
}

test('what was decided is kept, the very same set, until a term begins or is over: to the millisecond, and back with the clock', () => {
  const { world, accessOf, missing } = keep();
  const before = accessOf(caller, PURPOSE);
  world.now = FROM - 1;
  expect(accessOf(caller, PURPOSE)).toBe(before);
  const told = [FROM - 1, FROM, UNTIL, UNTIL + 1, UNTIL, FROM - 1].map((now) => {
    world.now = now;
    return missing();
  });
  expect(told).toEqual(['TERM', null, null, 'TERM', null, 'TERM']);
  world.now = FROM + 1;
  const within = accessOf(caller, PURPOSE);
  world.now = UNTIL;
  expect(accessOf(caller, PURPOSE)).toBe(within);
});

test('a grant that is revoked is gone with the next question', () => {
  const { world, missing } = keep();
  world.now = FROM;
  expect(missing()).toBeNull();
  world.grants = [];
  world.version += 1;
  expect(missing()).toBe('GRANT');
});

test('another purpose, another region and another department have a set of their own; a citizen needs no purpose', () => {
  const { accessOf } = keep();
  const sets = new Set([
    accessOf(caller, PURPOSE),
    accessOf(caller, null),
    accessOf({ ...caller, region: '620100' }, PURPOSE),
    accessOf({ ...caller, uscc: '116299010000001667' }, PURPOSE),
  ]);
  expect(sets.size).toBe(4);
  const citizen: Caller = { kind: 'citizen', sub: 'li', person: 'one' };
  expect(accessOf(citizen, PURPOSE)).toBe(accessOf(citizen, null));
});

test('who is told something else of a refusal is pruned by itself, also where only a verification is refused', () => {
  const verify: Grant = { ...grant, items: [{ code: 'P001', access: 'VERIFY' }] };
  const elsewhere: Grant = { ...grant, id: 'population-2', items: [{ code: 'P002', access: 'VERIFY' }], division: '620102' };
  const of = (grants: readonly Grant[]) =>
    keepAccessSets({ facts, grants: { grantsOf: () => grants, version: () => 1 }, now: () => FROM })(
      { ...caller, region: '620422' },
      PURPOSE,
    );
  const [without, outside] = [of([verify]), of([verify, elsewhere])];
  expect([without, outside].map((access) => access.ofItem('P002').verifyRefusal?.missing)).toEqual(['GRANT', 'REGION']);
  expect(outside.fingerprint).not.toBe(without.fingerprint);
});

test('while it is not known which grants are in force nobody is told that they hold none', () => {
  let isStale = false;
  const untoldBy = () => new Set(isStale ? ['population'] : []);
  const grants = { grantsOf: () => (isStale ? [] : [grant]), version: () => Number(isStale), untoldBy };
  const accessOf = keepAccessSets({ facts, grants, now: () => FROM });
  expect(accessOf(caller, PURPOSE).ofItem('P002').refusal).toBeNull();
  isStale = true;
  for (const purpose of [PURPOSE, null])
    expect(accessOf(caller, purpose).ofItem('P002').refusal).toEqual({ code: 'LIBRARY_UNAVAILABLE', missing: 'FRESH_GRANTS' });
  // What needs no grant is not refused for want of one, and of other libraries' grants it is known.
  expect(accessOf(caller, PURPOSE).ofField('LegalEntity', 'name').refusal).toBeNull();
  expect(accessOf(caller, PURPOSE).ofItem('L060').refusal).toEqual({ code: 'ITEM_NOT_GRANTED', missing: 'GRANT' });
  isStale = false;
  expect(accessOf(caller, PURPOSE).ofItem('P002').refusal).toBeNull();
});

test('the sets of those who asked last are kept, and no more', () => {
  const { accessOf } = keep();
  const citizen = (person: string): Caller => ({ kind: 'citizen', sub: person, person });
  const [first, second] = [accessOf(citizen('first'), null), accessOf(citizen('second'), null)];
  for (let place = 0; place < 399; place += 1) {
    accessOf(citizen(String(place)), null);
    expect(accessOf(citizen('first'), null)).toBe(first);
  }
  expect(accessOf(citizen('second'), null)).not.toBe(second);
});

test('a set remembers nothing of items and fields that a caller makes up', () => {
  const asked: string[] = [];
  const watched = {
    ...facts,
    ofItem: (code: string) => {
      asked.push(code);
      return facts.ofItem(code);
    },
    ofField: (type: string, field: string) => {
      asked.push(`${type}.${field}`);
      return facts.ofField(type, field);
    },
  };
  const access = makeAccessSet(watched, { caller, purpose: null, grants: [], now: new Date(FROM) });
  for (let times = 0; times < 2; times += 1) {
    access.ofItem('P002');
    access.ofItem('made up');
    access.ofField('Person', 'name');
    access.ofField('Person', 'made up');
  }
  // What is known is decided once; what is not leaves nothing behind that could be found again.
  expect(asked).toEqual(['P002', 'made up', 'Person.name', 'Person.made up', 'made up', 'Person.made up']);
});
