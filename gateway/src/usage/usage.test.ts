import { readAccessFacts } from '@longyuan/access/access-facts.ts';
import type { ItemUse } from '@longyuan/inner/hub-stores.ts';
import { composeSupergraph } from '@longyuan/schema/src/compose-supergraph.ts';
import { dayInProvince } from '@longyuan/schema/src/province-day.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { buildSchema, validate } from 'graphql';
import { expect, test } from 'vitest';
import { operationIn } from '../../../test/operation-in.ts';
import { makeOperationCounting, makeUseCounter } from './count-operation.ts';
import { keepUses } from './keep-uses.ts';

const libraries = readLibraries();
const facts = readSharingFacts(libraries);
const accessFacts = readAccessFacts(facts);
const schema = buildSchema(composeSupergraph(libraries).apiSdl);
/** Half past midnight in the province, while it is still the day before in UTC. */
const NIGHT = Date.parse('2026-11-23T16:30:00Z');

type Asked = Readonly<{ variables?: Record<string, unknown>; errors?: Parameters<ReturnType<typeof makeOperationCounting>>[0]['errors'] }>;

function operationOf(query: string, { variables = {}, errors }: Asked = {}) {
  const operation = operationIn(schema, query);
  expect(validate(schema, operation.document)).toEqual([]);
  return { operation, variables, errors, caller: 'internal-developer' };
}

/** Counts of one operation: by outcome, the items. */
function countsOf(query: string, asked?: Asked): Record<string, string[]> {
  const counter = makeUseCounter(1_000);
  makeOperationCounting(accessFacts, counter, () => NIGHT)(operationOf(query, asked));
  const byOutcome = Map.groupBy(counter.take(), ({ outcome }) => outcome);
  return Object.fromEntries([...byOutcome].map(([outcome, uses]) => [outcome, uses.map(({ item }) => item).sort()]));
}
const itemOf = (coordinate: string) => facts.fields.find((field) => field.coordinate === coordinate)?.items[0]?.code ?? '';
const codes = (...coordinates: string[]) => [...new Set(coordinates.map(itemOf))].sort();
const idNumber = facts.fields
  .find((field) => field.coordinate === 'Query.person')
  ?.arguments.find(({ name }) => name === 'idNumber')
  ?.reads.join();

test('items are counted where fields ask for them, through aliases and fragments, each once', () => {
  const asked = [itemOf('Person.name'), itemOf('Person.phone'), itemOf('CreditSummary.grade'), itemOf('Person.credit'), idNumber]
    .filter((code) => code)
    .sort();
  expect(
    countsOf(`
    query { a: person(idNumber: "1") { ...Who called: name } b: person(idNumber: "2") { ... on Person { phone } credit { ...Grade } } }
    fragment Who on Person { name }
    fragment Grade on CreditSummary { grade }`),
  ).toEqual({ ANSWERED: [...new Set(asked)] });
});

test('a field of an interface asks for the items of the types it can be, and inside a fragment of those alone', () => {
  const all = countsOf('{ legalEntity(uscc: "1") { creditRecords { id } } }')['ANSWERED'];
  expect(all).toEqual(expect.arrayContaining(codes('PermitDecision.id', 'Penalty.id', 'DishonestRecord.id')));
  const some = countsOf('{ legalEntity(uscc: "1") { creditRecords { ... on Penalty { ... on CreditRecord { id } } } } }')['ANSWERED'];
  expect(some).toContain(itemOf('Penalty.id'));
  expect(some).not.toContain(itemOf('DishonestRecord.id'));
});

test('what is skipped is not asked for, with every value of the variable', () => {
  const counter = makeUseCounter(1_000);
  const count = makeOperationCounting(accessFacts, counter, () => NIGHT);
  const operation = operationOf('query ($all: Boolean = false) { person(idNumber: "1") { name phone @include(if: $all) } }');
  for (const variables of [{}, { all: true }, { all: false }, { all: true }]) count({ ...operation, variables });
  const calls = new Map(counter.take().map((use) => [use.item, use.calls]));
  expect([calls.get(itemOf('Person.name')), calls.get(itemOf('Person.phone'))]).toEqual([4, 2]);
});

test('what arguments filter by is asked for, in variables too', () => {
  const input = facts.types.flatMap((type) => type.inputs).find(({ reads, coordinate }) => reads.length > 0 && /Identity/.test(coordinate));
  const [type = '', name = ''] = input?.coordinate.split('.') ?? [];
  const query = `query ($input: ${type}!) { verifyIdentity(input: $input) { result } }`;
  expect(countsOf(query, { variables: { input: { [name]: 'x' } } })['ANSWERED']).toEqual(
    expect.arrayContaining([...(input?.reads ?? ['?'])]),
  );
  const byDefault = `query ($input: ${type}! = { idNumber: "1", name: "x" }) { verifyIdentity(input: $input) { result } }`;
  expect(countsOf(byDefault)['ANSWERED']).toEqual(expect.arrayContaining([...(input?.reads ?? ['?'])]));
  expect(countsOf(query, { variables: { input: {} } })['ANSWERED'] ?? []).not.toEqual(expect.arrayContaining([...(input?.reads ?? [])]));
});

test('a refused item counts under its code, and so does all below it', () => {
  const query = '{ who: person(idNumber: "1") { name tel: phone credit { grade } } }';
  const counts = countsOf(query, {
    errors: [
      { path: ['who', 'tel'], extensions: { code: 'ITEM_NOT_GRANTED' } },
      { path: ['who', 'credit'], extensions: { code: 'LIBRARY_UNAVAILABLE' } },
    ],
  });
  expect(counts['ITEM_NOT_GRANTED']).toEqual(codes('Person.phone'));
  expect(counts['LIBRARY_UNAVAILABLE']).toContain(itemOf('CreditSummary.grade'));
  expect(counts['ANSWERED']).toContain(itemOf('Person.name'));
  expect(counts['ANSWERED']).not.toContain(itemOf('Person.phone'));
  const whole = countsOf(query, { errors: [{ extensions: { code: 'OPERATION_TOO_COSTLY' } }] });
  expect(Object.keys(whole)).toEqual(['OPERATION_TOO_COSTLY']);
});

test('a refusal that names its item counts for that item alone, also where a list without rows hides its place', () => {
  const query = 'query ($n: [String!]!) { persons(idNumbers: $n) { name phone } }';
  const refusal = { path: ['persons'], extensions: { code: 'ITEM_NOT_GRANTED', itemCode: itemOf('Person.phone') } };
  const counts = countsOf(query, { variables: { n: [] }, errors: [refusal] });
  expect(counts['ITEM_NOT_GRANTED']).toEqual(codes('Person.phone'));
  expect(counts['ANSWERED']).toContain(itemOf('Person.name'));
});

test('questions about the schema count nothing', () => {
  expect(countsOf('{ __schema { types { name } } }')).toEqual({});
});

test('a count is item, day in the province, caller, outcome and a number, and nothing of the request', () => {
  const counter = makeUseCounter(10);
  const count = makeOperationCounting(accessFacts, counter, () => NIGHT);
  const operation = operationOf('query Secret { person(idNumber: "62010119900101123X") { name } }');
  for (let call = 0; call < 3; call += 1) count(operation);
  const taken = counter.take();
  expect(taken).toContainEqual({
    item: itemOf('Person.name'),
    day: '2026-11-24',
    caller: 'internal-developer',
    outcome: 'ANSWERED',
    calls: 3,
  });
  expect(JSON.stringify(taken)).not.toMatch(/Secret|62010119900101123X/);
  expect(counter.take()).toEqual([]);
  expect(dayInProvince(NIGHT - 3_600_000)).toBe('2026-11-23');
});

test('a store that is away loses nothing that has room, and what has none is told', async () => {
  const stored: ItemUse[] = [];
  const told: unknown[] = [];
  let isAway = true;
  const log = { warn: (said: unknown) => void told.push(said) };
  const uses = keepUses({
    facts: accessFacts,
    log,
    flushMs: 3_600_000,
    mostKept: 2,
    store: async (counted) => {
      if (isAway) throw new Error('away');
      stored.push(...counted);
    },
  });
  const operation = operationOf('{ penalties(uscc: "1") { documentNo } }');
  uses.count(operation);
  await uses.flush();
  uses.count(operation);
  uses.count({ ...operation, caller: 'another' });
  uses.count({ ...operation, caller: 'a third' });
  await uses.flush();
  isAway = false;
  uses.count(operation);
  await uses.close();
  expect(stored.map(({ caller, calls }) => [caller, calls])).toEqual([
    ['internal-developer', 3],
    ['another', 1],
  ]);
  expect(told).toEqual([{ err: expect.any(Error) }, { lost: 1 }]);
});
