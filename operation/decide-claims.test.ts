import { composeSupergraph } from '@longyuan/schema/src/compose-supergraph.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { operationIn } from '../test/operation-in.ts';
import { claimsIn } from './decide-claims.ts';

const schema = buildSchema(composeSupergraph(readLibraries()).apiSdl);
const codesIn = (source: string, variables: Record<string, unknown> = {}) => {
  const operation = operationIn(schema, source);
  return claimsIn(operation.root, operation.given(variables)).map(
    ({ key, reads }) => `${key}: ${reads.map(({ code, toVerify }) => (toVerify ? code : 'read'))}`,
  );
};

const verify = (items: string) => `verifyItems(person: "11010519491231002X", items: ${items}) { result }`;

test('items that are claimed are found wherever their verification stands: in literals, variables, defaults and fragments, each under its name', () => {
  expect(codesIn(`{ ${verify('[{ item: "P032", value: "1" }, { item: "P008", value: "2" }]')} }`)).toEqual(['verifyItems: P032,P008']);
  expect(codesIn(`{ ${verify('{ item: "P032", value: "1" }')} b: ${verify('[{ item: "P032", value: "2" }]')} }`)).toEqual([
    'verifyItems: P032',
    'b: P032',
  ]);
  const all = `query ($claims: [ItemClaim!]! = [{ item: "P008", value: "x" }]) { ...A } fragment A on Query { ... { a: ${verify('$claims')} } }`;
  expect(codesIn(all)).toEqual(['a: P008']);
  expect(codesIn(all, { claims: [{ item: 'P032', value: 'x' }] })).toEqual(['a: P032']);
});

test('what is not asked claims nothing', () => {
  expect(codesIn('{ division(code: "620000") { name } }')).toEqual([]);
  const skipped = `query ($no: Boolean!) { ${verify('[{ item: "P032", value: "1" }]').replace(' {', ' @skip(if: $no) {')} }`;
  expect(codesIn(skipped, { no: true })).toEqual([]);
  expect(codesIn(skipped, { no: false })).toEqual(['verifyItems: P032']);
});
