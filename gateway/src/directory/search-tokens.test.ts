import { expect, test } from 'vitest';
import { searchQuery, tokensOf } from './search-tokens.ts';

/** Whether every term of what is searched for is a token of the text, or begins one: what PostgreSQL does with the two. */
function finds(search: string, text: string): boolean {
  const tokens = tokensOf(text);
  const terms = searchQuery(search)?.split(' & ') ?? [];
  return (
    terms.length > 0 &&
    terms.every((term) => {
      const word = term.replace(/^'|'(:\*)?$/g, '');
      return tokens.some((token) => (term.endsWith(':*') ? token.startsWith(word) : token === word));
    })
  );
}

test.each([
  ['婚姻', '婚姻登记信息'],
  ['登记信息', '婚姻登记信息'],
  ['登', '婚姻登记信息'],
  ['息', '婚姻登记信息'],
  ['hunyin', '婚姻登记信息'],
  ['dengji', '婚姻登记信息'],
  ['Hunyin DJ', '婚姻登记信息'],
  ['hydj', '婚姻登记信息'],
  ['婚姻 xinxi', '婚姻登记信息'],
  ['permit', 'PermitDecision.documentNo'],
  ['document no', 'PermitDecision.documentNo'],
  ['permitdec', 'PermitDecision.documentNo'],
  ['ＰＯＩ', 'POI 兴趣点'],
  ['104002', '104002/1'],
  ['lvse', '绿色食品'],
])('%s finds %s', (search, text) => expect(finds(search, text)).toBe(true));

test.each([
  ['离婚', '婚姻登记信息'],
  ['婚姻 离异', '婚姻登记信息'],
  ['unyin', '婚姻登记信息'],
  ['cision', 'PermitDecision'],
])('%s does not find %s', (search, text) => expect(finds(search, text)).toBe(false));

test('what holds no letter, digit or character searches for nothing', () => {
  expect(searchQuery(' … /!？')).toBeNull();
  expect(searchQuery("' & | :* !")).toBeNull();
});

test('marks of a query language are text like any other', () => {
  expect(searchQuery("低保'|!a:*")).toBe("'低保' & 'a'");
});
