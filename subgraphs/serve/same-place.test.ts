import { buildSchema, execute, type FieldNode, parse } from 'graphql';
import { expect, test } from 'vitest';
import { samePlace } from './same-place.ts';

const schema = buildSchema(`
  type Query { holders: [Holder!] }
  interface Holder { card: Card }
  type Person implements Holder { card: Card }
  type Firm implements Holder { card: Card }
  type Card { no: String  validTo: String }
`);
const holders = ['Person', 'Firm', 'Person'].map((__typename) => ({ __typename }));

/** The places at which a card is resolved, in the order of the holders. */
function asking(source: string) {
  const document = parse(source);
  return (variableValues = {}): readonly (readonly FieldNode[])[] => {
    const seen: (readonly FieldNode[])[] = [];
    execute({
      ...{ schema, document, variableValues, rootValue: { holders } },
      fieldResolver: (parent, _args, _context, info) => {
        if (info.fieldName !== 'card') return Reflect.get(parent as object, info.fieldName);
        seen.push(samePlace(info));
        return null;
      },
    });
    return seen;
  };
}

test('a place is the same for all rows, and whenever the document is executed again', () => {
  const ask = asking('{ holders { card { no } } }');
  const places = new Set([...ask(), ...ask()]);
  expect(places.size).toBe(1);
  expect(asking('{ holders { card { no } } }')()[0]).not.toBe([...places][0]);
});

test('where the same field is joined with others for one type, it is another place there', () => {
  const ask = asking('{ holders { card { no } ... on Firm { card { validTo } } } }');
  const [ofPerson, ofFirm, ofOther] = ask();
  expect([ofPerson?.length, ofFirm?.length]).toEqual([1, 2]);
  expect(ofOther).toBe(ofPerson);
  expect(ask()).toEqual([ofPerson, ofFirm, ofPerson]);
  expect(ask()[1]).toBe(ofFirm);
});

test('where variables or fragments say what is selected, each execution has places of its own', () => {
  const byVariable = asking('query ($more: Boolean!) { holders { card { no validTo @include(if: $more) } } }');
  expect(byVariable({ more: true })[0]).not.toBe(byVariable({ more: false })[0]);
  const byFragment = asking('{ holders { card { ...Shown } } } fragment Shown on Card { no }');
  expect(byFragment()[0]).not.toBe(byFragment()[0]);
});
