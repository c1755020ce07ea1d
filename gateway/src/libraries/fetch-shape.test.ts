import { readLibrary } from '@longyuan/schema/src/read-libraries.ts';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { makeFetchReader } from './fetch-shape.ts';

const document = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@inaccessible"])
  type Query { records: [Record!] firm(uscc: ID!): Firm one: Any grid: [[Int]] shape: GeoJSON }
  interface Record { id: ID! at: String by: Firm }
  type Permit implements Record { id: ID! at: String by: Firm scope: String }
  type Penalty implements Record { id: ID! at: String by: Firm fine: Int }
  union Any = Permit | Penalty | Firm
  type Firm @key(fields: "uscc") { uscc: ID! name: String kind: Kind }
  type Person @key(fields: "id") { id: ID! @inaccessible score: Int }
  enum Kind { A B }
  scalar GeoJSON
`);
const read = makeFetchReader({ document });

/** What is found of these data: null, or values, places that miss something, and the data as they are afterwards. */
function hold(query: string, data: Record<string, unknown>, variables: Record<string, unknown> = {}) {
  const held = read(query).hold(data, variables);
  return held && { values: held.values, missing: held.missing.map(({ path }) => path.join('.')), data };
}
const found = (query: string, data: Record<string, unknown>, variables?: Record<string, unknown>) => hold(query, data, variables)?.missing;

test('of a fragment what belongs to a row’s type must be there, and nothing of other types', () => {
  const query = '{ records { __typename id ... on Permit { scope } ... on Penalty { fine by { name } } ... on Record { at } } }';
  const permit = { __typename: 'Permit', id: '1', scope: 's', at: null };
  const penalty = { __typename: 'Penalty', id: '2', fine: 1, by: { name: 'n' }, at: 'x' };
  expect(hold(query, { records: [permit, penalty, null] })).toMatchObject({ missing: [] });
  expect(found(query, { records: [{ __typename: 'Permit', id: '1', at: null }, penalty] })).toEqual(['records.0.scope']);
  expect(found(query, { records: [permit, { __typename: 'Penalty', id: '2', fine: 1, at: null }] })).toEqual(['records.1.by']);
  expect(found(query, { records: [permit, { ...penalty, by: {} }] })).toEqual(['records.1.by.name']);
  // What belongs to the other type is none of its own.
  expect(hold(query, { records: [{ ...permit, fine: 7, more: 1 }] })?.data).toEqual({ records: [permit] });
});

test('without a type name nothing of a fragment is missed, and what stands in every fragment is', () => {
  const query = '{ records { id ... on Permit { scope } ... on Record { at } } }';
  expect(found(query, { records: [{ id: '1', at: null }] })).toEqual([]);
  expect(found(query, { records: [{ id: '1' }, { at: null, scope: 'x' }] })).toEqual(['records.0.at', 'records.1.id']);
});

test('what stands under a condition must be there where the variable has it so, by default too', () => {
  const query = 'query ($all: Boolean = true) { firm(uscc: "1") { name kind @include(if: $all) } }';
  const firm = () => ({ firm: { name: 'n' } });
  expect(found(query, firm())).toEqual(['firm.kind']);
  expect(found(query, firm(), { all: true })).toEqual(['firm.kind']);
  expect(found(query, firm(), { all: false })).toEqual([]);
});

test('an object of a type that cannot stand there has the wrong shape', () => {
  const query = '{ records { __typename id } }';
  for (const type of ['Firm', 'Record', 'Nothing', 'Query', '', null, 7]) {
    expect(hold(query, { records: [{ __typename: type, id: '1' }] }), String(type)).toBeNull();
  }
  expect(hold('{ firm(uscc: "1") { __typename name } }', { firm: { __typename: 'Permit', name: 'n' } })).toBeNull();
  expect(hold('{ one { __typename ... on Firm { name } } }', { one: { __typename: 'Firm', name: 'n' } })?.missing).toEqual([]);
  expect(hold('{ one { __typename ... on Firm { name } } }', { one: { __typename: 'Person', name: 'n' } })).toBeNull();
});

test('an entity answers its representation: of that type, and each of them', () => {
  const query =
    'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Firm { name kind } ... on Person { score } } }';
  const representations = [
    { __typename: 'Firm', uscc: '1' },
    { __typename: 'Person', id: 'p' },
    { __typename: 'Firm', uscc: '2' },
  ];
  const answer = (entities: unknown[]) => ({ _entities: entities });
  const whole = [{ name: 'n', kind: 'A' }, { score: 1 }, null];
  expect(hold(query, answer(whole), { representations })).toMatchObject({ missing: [], values: 7 });
  expect(hold(query, answer(whole.slice(0, 2)), { representations })).toBeNull();
  expect(hold(query, answer([...whole, null]), { representations })).toBeNull();
  expect(hold(query, { _entities: null }, { representations })).toBeNull();
  expect(hold(query, answer([{ name: 'n' }, {}, null]), { representations })?.missing).toEqual(['_entities.0.kind', '_entities.1.score']);
  // Of several, the place below the fetch, for all of them.
  expect(hold(query, answer([{ name: 'n' }, { score: 1 }, { name: 'm' }]), { representations })?.missing).toEqual(['kind']);
  const another = [{ name: 'n', kind: 'A', score: 9, __typename: 'Person' }, { score: 1 }, null];
  expect(hold(query, answer(another), { representations })?.data).toEqual(answer(whole));
  expect(read(query).fields).toEqual(['name', 'kind', 'score']);
});

test('what is no such list, object or value has the wrong shape', () => {
  expect(hold('{ grid }', { grid: [[1, null], null] })).toMatchObject({ values: 5, missing: [] });
  for (const grid of [7, [7], [[[7]]], [[{}]]]) expect(hold('{ grid }', { grid })).toBeNull();
  expect(hold('{ shape }', { shape: { type: 'Point', coordinates: [1, 2] } })).toMatchObject({ values: 1 });
  expect(hold('{ firm(uscc: "1") { kind } }', { firm: { kind: ['A'] } })).toBeNull();
  expect(hold('{ records { id } }', { records: [[{ id: '1' }]] })).toBeNull();
});

test('names of JavaScript are names like others', () => {
  const query = '{ firm(uscc: "1") { constructor: name toString: kind hasOwnProperty: uscc } }';
  expect(found(query, { firm: {} })).toEqual(['firm.constructor', 'firm.toString', 'firm.hasOwnProperty']);
  expect(found(query, { firm: { constructor: 'a', toString: 'A', hasOwnProperty: '1' } })).toEqual([]);
});

test('a key that callers do not know is missed where its object stands', () => {
  const query = 'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Person { id score } } }';
  const representations = [{ __typename: 'Person', id: 'p' }];
  expect(found(query, { _entities: [{ score: 1 }] }, { representations })).toEqual(['']);
  expect(found('{ records { __typename id } }', { records: [{ id: '1' }] })).toEqual(['records.0']);
});

test('a place is one of the fetch, within its lists', () => {
  const { placeOf } = read('{ records { id ... on Permit { scope by { name } } } grid }');
  const data = { records: [{ id: '1' }], grid: [[1]] };
  expect(placeOf(['records', 0, 'by', 'name'], data)).toMatchObject({ path: ['records', 0, 'by', 'name'], coordinates: ['Firm.name'] });
  expect(placeOf(['records', 0, 'id'], null)?.coordinates).toEqual(['Record.id']);
  expect(placeOf(['records'], null)?.below()).toEqual(['Record.id', 'Permit.scope', 'Permit.by', 'Firm.name']);
  expect(placeOf(['grid', 0, 0], data)?.path).toEqual(['grid', 0, 0]);
  for (const path of [
    ['records', 1, 'id'],
    ['records', -1],
    ['records', 0.5],
    ['records', 'id'],
    ['grid', 0, 0, 0],
    ['nothing'],
    [],
    [0],
    [{}],
    'records',
    null,
  ]) {
    expect(placeOf(path, data), JSON.stringify(path)).toBeNull();
  }
});

const registry = readLibrary(
  'registry.graphql',
  `extend schema @library(name: "registry", title: "人口", department: "公安厅", uscc: "11629901000000019M", order: 1)
  type Query {
    "The worst score there is."
    worst: Int @structure
  }`,
);

test('shapes of fetches are kept by number and by what they cost, those not asked for longest go first', () => {
  const read = makeFetchReader(registry);
  const first = read('{ worst }');
  for (let place = 0; place < 499; place += 1) read(`{ w${place}: worst }`);
  expect(read('{ worst }')).toBe(first);
  for (let place = 0; place < 500; place += 1) read(`{ v${place}: worst }`);
  const again = read('{ worst }');
  expect(again).not.toBe(first);
  // Some 20 KB of text each: a dozen of them are as many bytes as may be kept.
  for (let place = 0; place < 14; place += 1)
    read(`{ ${Array.from({ length: 1_500 }, (_, each) => `x${place}x${each}: worst`).join(' ')} }`);
  expect(read('{ worst }')).not.toBe(again);
});
