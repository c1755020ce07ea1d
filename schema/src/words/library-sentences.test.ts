import { expect, test } from 'vitest';
import { isLibrarySentence } from './library-sentences.ts';

const KNOWN = () => true;
const UNKNOWN = () => false;

test('a sentence of the hub is one, with what the hub knows in its holes, and of the right code and argument alone', () => {
  const cursor = 'Query.searchPersons(after:) must be a cursor as an earlier page gave it';
  expect(isLibrarySentence('BAD_USER_INPUT', cursor, 'Query.searchPersons(after:)', UNKNOWN)).toBe(true);
  expect(isLibrarySentence('BAD_USER_INPUT', cursor, null, KNOWN)).toBe(false);
  expect(isLibrarySentence('BAD_USER_INPUT', cursor, 'after', KNOWN)).toBe(false);
  expect(isLibrarySentence('BAD_USER_INPUT', 'n must be from -1.5 to 12', 'n', UNKNOWN)).toBe(true);
  const named = 'claims must name items of Person that are one plain value, and not what it is found by';
  expect(isLibrarySentence('BAD_USER_INPUT', named, 'claims', (hole, value) => hole === 'type' && value === 'Person')).toBe(true);
  expect(isLibrarySentence('BAD_USER_INPUT', named, 'claims', UNKNOWN)).toBe(false);
  // Of those that are shared unconditionally, some have brackets in their titles.
  const titled = 'items L005 (法定代表人(负责人)姓名) is shared unconditionally: every department may read it, and no grant is needed';
  const isL005 = (_hole: string, value: string) => value === 'L005' || value === '法定代表人(负责人)姓名';
  expect(isLibrarySentence('BAD_USER_INPUT', titled, 'items', isL005)).toBe(true);
  const gone = 'The library credit cannot use its database now.';
  expect(isLibrarySentence('LIBRARY_UNAVAILABLE', gone, null, (_hole, value) => value === 'credit')).toBe(true);
  expect(isLibrarySentence('RATE_LIMITED', gone, null, KNOWN)).toBe(false);
});

test.each([
  'connect 10.0.0.5 password=secret',
  'must be a cursor as an earlier page gave it. Call 13800000000',
  'must be a cursor as an earlier page gave it\nmust be in the future',
  'must be at most 13800000000138000000 characters long',
  'must be at most javascript:alert(1) characters long',
  'must not be before 2026-01-01T00:00:00Z or call us: an answer may give less than was applied for, never more',
  '',
])('%j is no sentence of the hub', (text) => {
  for (const argument of ['after', null]) {
    for (const code of ['BAD_USER_INPUT', 'RATE_LIMITED', 'LIBRARY_UNAVAILABLE', 'ITEM_NOT_SHARED', 'INTERNAL'] as const) {
      expect(isLibrarySentence(code, argument === null ? text : `${argument} ${text}`, argument, KNOWN)).toBe(false);
    }
  }
});

test('a sentence that is long, or nearly one, costs nothing to refuse', () => {
  const begun = process.cpuUsage();
  for (const text of [
    'a'.repeat(1_000_000),
    `The operation brings together more than 1 values (${'HUB_'.repeat(140)}`,
    `${'x ('.repeat(190)}`,
  ]) {
    for (let time = 0; time < 50; time += 1) {
      isLibrarySentence('OPERATION_TOO_COSTLY', text, null, KNOWN);
      isLibrarySentence('BAD_USER_INPUT', `after ${text}`, 'after', KNOWN);
    }
  }
  expect(process.cpuUsage(begun).user / 1_000).toBeLessThan(500);
});
