import { buildSchema, print } from 'graphql';
import { expect, test } from 'vitest';
import { operationIn } from '../test/operation-in.ts';
import { writeOperation } from './write-operation.ts';

const schema = buildSchema(`
  type Query { penalties: [Penalty] records: [CreditRecord] division: Division }
  interface CreditRecord { recordedOn: String authority: String }
  type Penalty implements CreditRecord { recordedOn: String authority: String documentNo: String }
  type Permit implements CreditRecord { recordedOn: String authority: String scope: String }
  type Division { code: String name: String level: Int pinyin: String parent: Division }
`);
const written = (source: string): string => {
  const operation = operationIn(schema, source);
  return print(writeOperation(operation, operation.root, { filler: '__hub_nothing' })).replaceAll(/\s+/g, ' ');
};

test('a fragment of the very type below one on its interface is not lost', () => {
  expect(written('{ penalties { ...on CreditRecord { recordedOn ...on Penalty { documentNo } } } }')).toBe(
    '{ penalties { recordedOn documentNo } }',
  );
});

test('fields stand in the order asked', () => {
  expect(written('{ division { ...{ pinyin } name ...D code } } fragment D on Division { level parent { ...{ code } } }')).toBe(
    '{ division { pinyin name level parent { code } code } }',
  );
});

test('what applies to some of an interface stays a fragment, and what applies to all of it does not', () => {
  expect(written('{ records { ...on CreditRecord { authority ...on Permit { ...on CreditRecord { recordedOn } scope } } } }')).toBe(
    '{ records { authority ... on Permit { recordedOn scope } } }',
  );
});

test('conditions stay where they stood', () => {
  expect(written('query ($b: Boolean!) { penalties { ...on CreditRecord @include(if: $b) { ...on Penalty { documentNo } } } }')).toBe(
    'query ($b: Boolean!) { penalties { documentNo @include(if: $b) __hub_nothing: __typename } }',
  );
});

test('what is all left out is asked for all the same, for an object that is there is not null', () => {
  expect(written('{ division { name @skip(if: true) } penalties { documentNo authority @include(if: false) } }')).toBe(
    '{ division { __hub_nothing: __typename } penalties { documentNo } }',
  );
});
