import { EVERYTHING_VISIBLE } from '@longyuan/access/everything-visible.ts';
import { findOperation, nameWith, readOperation } from '@longyuan/operation/read-operation.ts';
import { buildSchema, execute, parse } from 'graphql';
import { expect, test } from 'vitest';
import { openExecution } from '../call/execution.ts';
import { type AskedRows, askedRows } from './asked-rows.ts';
import type { RowGuard } from './row-guard.ts';

const schema = buildSchema(`
  type Query { holders: [Holder!] }
  interface Holder { card: Card }
  type Person implements Holder { card: Card }
  type Firm implements Holder { card: Card }
  type Card { no: String  validTo: String }
`);
// Of a type without rows of its own nothing is decided: the selection alone says what is asked.
const facts = { ofField: () => undefined, readsAt: () => [] };
const rowsOf = () => ({ cellOf: () => null, columnsBelow: () => [] });
schema.extensions = { rowGuard: { facts, rowsOf, resourceOf: () => null, isAway: () => false } as unknown as RowGuard };
const holders = ['Person', 'Firm', 'Person'].map((__typename) => ({ __typename }));
const card = askedRows('Card', {});

/** What is asked of cards, in the order of the holders, each time that one operation is executed. */
function asking(source: string) {
  const document = parse(source);
  const node = findOperation(document, null);
  if (typeof node === 'string') throw new Error(node);
  const operation = readOperation(schema, document, node);
  return (variableValues = {}): readonly AskedRows[] => {
    const seen: AskedRows[] = [];
    const contextValue = { access: EVERYTHING_VISIBLE, execution: openExecution(nameWith(operation, variableValues)) };
    execute({
      ...{ schema, document, variableValues, contextValue, rootValue: { holders } },
      fieldResolver: (parent, _args, context, info) => {
        if (info.fieldName !== 'card') return Reflect.get(parent as object, info.fieldName);
        seen.push(card(context, info));
        return null;
      },
    });
    return seen;
  };
}
const columnsOf = (asked: readonly AskedRows[]) => asked.map(({ columns }) => columns);

test('what is asked is worked out once for all rows of a type, and for whenever the operation is executed again', () => {
  const ask = asking('{ holders { card { no } } }');
  const [ofPerson, ofFirm, ofOther] = ask();
  expect(ofOther).toBe(ofPerson);
  expect(ask()).toEqual([ofPerson, ofFirm, ofPerson]);
  expect(ask()[0]).toBe(ofPerson);
  expect(asking('{ holders { card { no } } }')()[0]).not.toBe(ofPerson);
});

test('where the same field is joined with others for one type, more is asked there', () => {
  const ask = asking('{ holders { card { no } ... on Firm { card { validTo } } } }');
  for (let time = 0; time < 2; time += 1) expect(columnsOf(ask())).toEqual([['no'], ['no', 'validTo'], ['no']]);
});

test('an alias is another place', () => {
  const ask = asking('{ holders { card { no } other: card { validTo } } }');
  for (let time = 0; time < 2; time += 1) expect(columnsOf(ask()).slice(0, 2)).toEqual([['no'], ['validTo']]);
});

test('where variables or fragments say what is selected, it is what they say this time', () => {
  const ask = asking('query ($more: Boolean!) { holders { card { ...Shown validTo @include(if: $more) } } } fragment Shown on Card { no }');
  for (let time = 0; time < 2; time += 1) {
    expect(columnsOf(ask({ more: true }))[0]).toEqual(['no', 'validTo']);
    expect(columnsOf(ask({ more: false }))[0]).toEqual(['no']);
  }
  expect(columnsOf(asking('{ holders { card { ...Shown } } } fragment Shown on Card { validTo }')())[0]).toEqual(['validTo']);
});
