import { composeSupergraph } from '@longyuan/schema/src/compose-supergraph.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { buildSchema, print, validate } from 'graphql';
import { expect, test } from 'vitest';
import { drawOperation } from '../test/draw-operation.ts';
import { operationIn } from '../test/operation-in.ts';
import type { AskedField, Selection } from './selection.ts';
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
  return print(writeOperation(operation, operation.root, { filler: FILLER })).replaceAll(/\s+/g, ' ');
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

test('what was written is read as what was asked: 2,000 operations with fragments in fragments over the whole schema', () => {
  const whole = buildSchema(composeSupergraph(readLibraries()).apiSdl);
  let state = 20_261_130;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let drawn = 0; drawn < 2_000; drawn += 1) {
    const { source } = drawOperation(whole, draw);
    const { node, root, schema: of } = operationIn(whole, source);
    const out = writeOperation({ node, schema: of }, root, { filler: FILLER });
    expect(validate(whole, out), `${source}\n${print(out)}`).toEqual([]);
    expect(textOf(operationIn(whole, print(out)).root), source).toBe(textOf(root));
  }
});

const FILLER = '__hub_nothing';

function textOf({ type, fields }: Selection): string {
  const one = ({ key, name, possible, conditions, below }: AskedField) =>
    `${key}:${name} ${possible} ${conditions.map(({ variable, wants }) => `${variable}${wants}`).sort()} ${below ? textOf(below) : ''}`;
  const asked = fields.filter(({ key }) => key !== FILLER);
  return `${type} { ${asked.map(one).join('; ')} }`;
}
