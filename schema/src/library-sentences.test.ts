import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { everySentence, isLibrarySentence } from './library-sentences.ts';

const KNOWN = () => true;
const UNKNOWN = () => false;

test('a sentence of the hub is one, with what the hub knows in its holes, and of the right code and argument alone', () => {
  const cursor = 'Query.searchPersons(after:) must be a cursor as an earlier page gave it';
  expect(isLibrarySentence('BAD_USER_INPUT', cursor, 'Query.searchPersons(after:)', UNKNOWN)).toBe(true);
  expect(isLibrarySentence('BAD_USER_INPUT', cursor, null, KNOWN)).toBe(false);
  expect(isLibrarySentence('BAD_USER_INPUT', cursor, 'after', KNOWN)).toBe(false);
  expect(isLibrarySentence('BAD_USER_INPUT', 'n must be from -1.5 to Infinity', 'n', UNKNOWN)).toBe(true);
  const named = 'claims must name items of Person that are one plain value, and not what it is found by';
  expect(isLibrarySentence('BAD_USER_INPUT', named, 'claims', (hole, value) => hole === 'type' && value === 'Person')).toBe(true);
  expect(isLibrarySentence('BAD_USER_INPUT', named, 'claims', UNKNOWN)).toBe(false);
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

/** What a library says to gateways alone, or what never leaves the gateway. */
const FOR_GATEWAYS =
  /^(The warrant of this call|This warrant is not|This call carries|This library answers calls|The library \{\} (answers the gateway alone|met a fault of its own))/;
const ROOT = new URL('../../', import.meta.url);
/** Code that both ends share, and that throws in a library. */
const SHARED = ['argument-formats.ts', 'bound-lists.ts', 'paging/cursor.ts', 'access/decide-claims.ts', 'access/prune-operation.ts'];

test('whatever a library throws for a caller is a sentence of the hub: another one would not be said', () => {
  const files = [
    ...readdirSync(new URL('subgraphs/', ROOT), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.includes('node_modules'))
      .map((file) => `subgraphs/${file}`),
    ...SHARED.map((file) => `schema/src/${file}`),
  ];
  const sentences = everySentence().map((sentence) => sentence.replace(/\{\w+\}/g, '{}'));
  const isSaid = (text: string): boolean => {
    const form = new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('\\{\\}', '.*')}(: .*)?$`);
    return sentences.some((sentence) => form.test(sentence));
  };
  const thrown = files.flatMap((file) => sentencesIn(readFileSync(new URL(file, ROOT), 'utf8')).map((text) => ({ file, text })));
  expect(thrown.length).toBeGreaterThan(50);
  expect(thrown.filter(({ text }) => !FOR_GATEWAYS.test(text) && !isSaid(text))).toEqual([]);
});

/** The texts of more than one word that are given to what makes a refusal, with `{}` for what is put into them. */
function sentencesIn(source: string): readonly string[] {
  return [...source.matchAll(/(?<!function )\b(?:badUserInput|refuse|wrong)\(/g)].flatMap(({ index, 0: begin }) => {
    const call = source.slice(index + begin.length, index + begin.length + 600);
    const end = endOf(call);
    return [...call.slice(0, end).matchAll(/'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)]
      .map(([, plain, template]) => plain ?? template?.replace(/\$\{(?:[^{}]|\{[^}]*\})*\}/g, '{}') ?? '')
      .filter((text) => text.includes(' '));
  });
}

/** Where the brackets of a call end. */
function endOf(call: string): number {
  let depth = 1;
  let quote = '';
  for (const [place, sign] of [...call].entries()) {
    if (quote !== '') quote = sign === quote ? '' : quote;
    else if ("'`".includes(sign)) quote = sign;
    else if (sign === '(') depth += 1;
    else if (sign === ')') depth -= 1;
    if (depth === 0) return place;
  }
  return call.length;
}
