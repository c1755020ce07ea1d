import { type Caller, PUBLIC } from '@longyuan/access/caller.ts';
import { EVERYTHING_VISIBLE } from '@longyuan/access/everything-visible.ts';
import { expect, test } from 'vitest';
import { isSteward, mayNameRecord, maySeeQuality, maySteward, objectorOf } from './may-steward.ts';

const OWNER = '11629901000000019M';
/** As soon as access is decided, whatever the decision. */
const decided = { ...EVERYTHING_VISIBLE };
const department = (uscc: string, role: 'developer' | 'steward'): Caller => ({ kind: 'department', sub: 'a', uscc, role, region: null });

test.each<[who: string, caller: Caller, sees: boolean, stewards: boolean, names?: boolean]>([
  ['the public', PUBLIC, false, false],
  ['a citizen', { kind: 'citizen', sub: 'a', person: 'p' }, false, false],
  ["the owner's developer", department(OWNER, 'developer'), false, false, true],
  ["the owner's developer of one county", { ...department(OWNER, 'developer'), region: '620102' } as Caller, false, false],
  ["the owner's steward", department(OWNER, 'steward'), true, true],
  ["the owner's steward of one county", { ...department(OWNER, 'steward'), region: '620102' } as Caller, false, false],
  ["another department's steward", department('11629901000000027G', 'steward'), false, false],
  ['the auditor', { kind: 'auditor', sub: 'a' }, true, false],
])('%s', (_who, caller, sees, stewards, names = false) => {
  expect(mayNameRecord({ caller, access: decided }, OWNER)).toBe(names);
  expect(maySeeQuality({ caller, access: decided }, OWNER)).toBe(sees);
  expect(maySteward({ caller, access: decided }, OWNER)).toBe(stewards);
  // While nothing is decided everyone on this machine is answered.
  expect(maySteward({ caller, access: EVERYTHING_VISIBLE }, OWNER)).toBe(true);
});

test('a steward is one of any whole department, and nobody of its region or its programs is', () => {
  const is = (caller: Caller) => isSteward({ caller, access: decided });
  expect(is(department('11629901000000027G', 'steward'))).toBe(true);
  expect(is({ ...department(OWNER, 'steward'), region: '620102' } as Caller)).toBe(false);
  expect(is(department(OWNER, 'developer'))).toBe(false);
  expect(is({ kind: 'auditor', sub: 'a' })).toBe(false);
});

test('of an objector the kind and the department are kept, never a person', () => {
  expect(objectorOf({ kind: 'citizen', sub: 'a', person: 'p' })).toEqual({ kind: 'citizen', department: null });
  expect(objectorOf(department(OWNER, 'developer'))).toEqual({ kind: 'department', department: OWNER });
});
