import { readArgumentFormats } from '@longyuan/schema/src/argument-formats.ts';
import { composeSupergraph } from '@longyuan/schema/src/compose-supergraph.ts';
import { readDirectorySubgraph } from '@longyuan/schema/src/directory-subgraph.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { buildASTSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import { checkFormats } from './check-formats.ts';
import { findOperation, readOperation } from './read-operation.ts';

const libraries = readLibraries();
const beside = [readDirectorySubgraph()];
const rules = readArgumentFormats([...libraries, ...beside]);
const schema = buildASTSchema(parse(composeSupergraph(libraries, beside).apiSdl));

function complaints(query: string, variables: Record<string, unknown> = {}, operationName?: string): string[] {
  const document = parse(query);
  const node = findOperation(document, operationName);
  if (typeof node === 'string') throw new Error(node);
  const operation = readOperation(schema, document, node);
  return checkFormats(operation, operation.given(variables), rules).map((error) => error.message);
}

test('a citizen number with a wrong check digit is named by its argument, and not repeated', () => {
  const [message] = complaints('{ person(idNumber: "629901199003071234") { name } }');
  expect(message).toBe(
    'Query.person(idNumber:) must be a citizen number (公民身份号码, GB 11643): 18 characters with a real birth date and the right check digit',
  );
  expect(message).not.toContain('629901199003071234');
});

test.each(['11010519491231002x', ' 11010519491231002X ', '１１０１０５１９４９１２３１００２Ｘ'])(
  'a citizen number that is right but for its typing is told so: %s',
  (typed) => {
    const [message] = complaints('query($no: String!) { person(idNumber: $no) { name } }', { no: typed });
    expect(message).toMatch(/; this one is, once it is written in plain characters, in capitals and without spaces$/);
  },
);

test('a well-formed number passes, as a literal, a variable and a default', () => {
  expect(complaints('{ person(idNumber: "629901199003071235") { name } }')).toEqual([]);
  expect(complaints('query($no: String!) { person(idNumber: $no) { name } }', { no: '629901199003071235' })).toEqual([]);
  expect(complaints('query($no: String! = "1") { person(idNumber: $no) { name } }')).toHaveLength(1);
});

test('a credit code of digits alone may stand as a whole number, which no number holds exactly', () => {
  expect(complaints('{ legalEntity(uscc: 916200000000000004) { name } }')).toEqual([]);
  expect(complaints('{ legalEntities(usccs: [916200000000000004, "916200000000000004"]) { name } }')).toEqual([]);
  expect(complaints('{ legalEntity(uscc: 91620000000000000) { name } }')).toHaveLength(1);
  expect(complaints('{ locate(lon: 99999999999999999999, lat: 36) { name } }')).toEqual(['Query.locate(lon:) must be from -180 to 180']);
});

const CHECKING = 'query($code: String!) { checkLicense(code: $code) { valid } }';

test.each([
  ['of no character', ''],
  ['a word', 'GUESS'],
  ['too short by one', 'ABCDEFGHJKLMNPQRSTU'],
  ['too long by one', 'ABCDEFGHJKLMNPQRSTUVW'],
  ['its name alone', '查验码'],
  ['an identifier', '1.2.156.3005.2.11100000000013338W001.11620000000000000X.000000001.001.8'],
])('what is no check code is malformed, so that no license is called invalid for it: %s', (_why, code) => {
  expect(complaints(CHECKING, { code })).toEqual([
    'Query.checkLicense(code:) must be a check code (查验码) as it is printed: 20 letters and digits, in groups or not, in capitals or not',
  ]);
});

test.each(['ABCDEFGHJKLMNPQRSTUV', ' abcd-efgh jklm–npqr.stuv ', '查验码：ＡＢＣＤＥＦＧＨＪＫＬＭＮＰＱＲＳＴＵＶ'])(
  'a check code is one however it was typed: %s',
  (code) => expect(complaints(CHECKING, { code })).toEqual([]),
);

test('fields of an input are looked at', () => {
  expect(complaints('{ verifyIdentity(input: { name: "王芳", idNumber: "12" }) { result } }')[0]).toMatch(
    /^IdentityInput\.idNumber must be/,
  );
});

test('a list is one mistake, and may not be longer than the argument says', () => {
  expect(complaints('query($n: [String!]!) { persons(idNumbers: $n) { name } }', { n: ['1', '2', '3'] })).toHaveLength(1);
  expect(complaints('query($n: [String!]!) { persons(idNumbers: $n) { name } }', { n: Array(1001).fill('629901199003071235') })).toEqual([
    'Query.persons(idNumbers:) must have at most 1000 entries',
  ]);
});

test.each([-1, 0, 101, 1_000_000])('a page of %d is refused', (first) => {
  expect(complaints('query($f: Int) { searchPersons(first: $f) { total } }', { f: first })).toEqual([
    'Query.searchPersons(first:) must be from 1 to 100',
  ]);
});

test('arguments in fragments and below aliases are looked at', () => {
  expect(
    complaints('{ a: legalEntity(uscc: "91350100M000100Y43") { ...F } } fragment F on LegalEntity { changes(since: "2023-02-30") { on } }'),
  ).toEqual(['LegalEntity.changes(since:) must be a day of the calendar, YYYY-MM-DD']);
});

test('only the operation that is run is looked at', () => {
  const query = 'query A { division(code: "1") { name } } query B { division(code: "620000") { name } }';
  expect(complaints(query, {}, 'B')).toEqual([]);
  expect(complaints(query, {}, 'A')).toHaveLength(1);
});

test('a character that no database can hold is refused in any text', () => {
  expect(complaints('query($t: String!) { checkLicense(code: $t) { valid } }', { t: 'a\u0000b' })).toEqual([
    'Query.checkLicense(code:) must not hold the character U+0000',
  ]);
  expect(complaints('query($t: String!) { checkLicense(code: $t) { valid } }', { t: 'a\ud800b' })).toEqual([
    'Query.checkLicense(code:) must not hold half a character (a surrogate alone)',
  ]);
  expect(complaints('query($t: String!) { checkLicense(code: $t) { valid } }', { t: '𠮷' })).not.toContain(
    'Query.checkLicense(code:) must not hold half a character (a surrogate alone)',
  );
});

test('a search by one character is refused where two are asked for', () => {
  expect(complaints('{ searchLegalEntities(name: " 甘 ") { total } }')).toEqual([
    'Query.searchLegalEntities(name:) must be at least 2 characters long',
  ]);
});

test('looking up a division that is not there is a question, searching in it a mistake', () => {
  expect(complaints('{ division(code: "629999") { name } }')).toEqual([]);
  expect(complaints('{ searchPersons(division: "629999") { total } }')[0]).toMatch(
    /^Query.searchPersons\(division:\) must be the code of a division/,
  );
  expect(complaints('{ populationStatistics(division: "620102", by: [SEX]) { count } }')).toEqual([]);
});

test('the forms of roots that a type is extended by hold like those of the type itself', () => {
  expect(complaints('{ coverage(division: "62010") { score } }')).toEqual([expect.stringMatching(/^Query\.coverage\(division:\) must be/)]);
  expect(complaints('{ coverage(provider: "xx") { score } }')).toEqual([expect.stringMatching(/^Query\.coverage\(provider:\) must be/)]);
  expect(complaints('{ coverage(division: "620100") { score } }')).toEqual([]);
});
