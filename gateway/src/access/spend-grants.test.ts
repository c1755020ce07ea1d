import { readAccessFacts } from '@longyuan/access/access-facts.ts';
import { makeAccessSet } from '@longyuan/access/access-set.ts';
import type { Grant } from '@longyuan/access/grant.ts';
import { callsOf, rowsOf } from '@longyuan/access/grant.ts';
import { claimsIn } from '@longyuan/operation/decide-claims.ts';
import { makePruner } from '@longyuan/operation/keep-operations.ts';
import { composeSupergraph } from '@longyuan/schema/src/compose-supergraph.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import { buildSchema, GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { operationIn } from '../../../test/operation-in.ts';
import { keepQuotas } from '../quotas/keep-quotas.ts';
import { memoryQuotas } from '../quotas/memory-quotas.ts';
import { namedRows, planRows } from './plan-rows.ts';
import { beginSpending } from './spend-grants.ts';

const libraries = readLibraries();
const facts = readAccessFacts(readSharingFacts(libraries));
const schema = buildSchema(composeSupergraph(libraries).apiSdl);
const prune = makePruner(facts);
const USCC = '116299010000001667';
const PURPOSE = `${USCC}2050620000001`;
const NOW = new Date('2026-11-24T08:00:00Z');

function grantOf(id: string, items: Grant['items'], more: Partial<Grant> = {}): Grant {
  return {
    ...{ id, items, library: 'population', consumer: USCC, resource: '101001/1', purposes: [PURPOSE], basis: 'test', division: '620000' },
    ...{ level: 4, from: '2026-01-01T00:00:00Z', until: '2026-12-31T00:00:00Z', callsPerDay: 10, rowsPerDay: 1_000 },
    ...more,
  };
}

type Asked = Readonly<{
  variables?: Record<string, unknown>;
  /** What the libraries bring, or throw; left out: nothing. */
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLError[];
  throws?: Error;
  hasLeft?: boolean;
}>;

/** A department with these grants: what its questions are answered, and what each grant has counted, as `calls/rows`. */
function departmentWith(...grants: readonly Grant[]) {
  const caller = { kind: 'department', sub: 'd', uscc: USCC, role: 'developer', region: null } as const;
  const access = makeAccessSet(facts, { caller, purpose: PURPOSE, grants, now: NOW });
  const quotas = keepQuotas({ store: memoryQuotas(), log: { warn: () => {} }, now: () => NOW.getTime() });
  let fetched = 0;
  const answer = async (source: string, { variables = {}, data = {}, errors = [], throws, hasLeft = false }: Asked = {}) => {
    const operation = operationIn(schema, source);
    const given = operation.given(variables);
    const pruned = prune(operation, given, access);
    const plan = planRows(pruned, access, claimsIn(operation.root, given));
    const execute = async () => {
      fetched += 1;
      if (throws) throw throws;
      return { data, errors };
    };
    if (!plan) return execute();
    const spent = await beginSpending({ plan, named: namedRows(plan, variables), quotas, hasLeft: () => hasLeft });
    return 'settle' in spent ? spent.settle(execute()) : spent;
  };
  const counted = async () => {
    const used = await quotas.used(grants.flatMap(({ id }) => [callsOf(id), rowsOf(id)]));
    return Object.fromEntries(grants.map(({ id }, place) => [id, `${used[2 * place]}/${used[2 * place + 1]}`]));
  };
  return {
    answer,
    counted,
    fetched: () => fetched,
    ask: async (source: string, asked?: Asked) => {
      await answer(source, asked);
      return counted();
    },
  };
}
const read = (...codes: string[]) => codes.map((code) => ({ code, access: 'READ' as const }));
const verify = (...codes: string[]) => codes.map((code) => ({ code, access: 'VERIFY' as const }));
const down = (...path: (string | number)[]) => new GraphQLError('down', { path, extensions: { code: 'LIBRARY_UNAVAILABLE' } });
const PERSONS = 'query ($n: [String!]!) { persons(idNumbers: $n) { name } }';
const numbers = (count: number) => ({ n: Array.from({ length: count }, (_, place) => String(place)) });
const people = (count: number) => Array.from({ length: count }, () => ({ name: '王五' }));

test('a call counts once for each grant that opens an item it is answered by, and for no other', async () => {
  const { ask } = departmentWith(
    grantOf('names', read('P001', 'P002')),
    grantOf('phones', read('P032')),
    grantOf('photos', read('P030'), { level: 1 }),
    grantOf('past', read('P002'), { until: '2026-02-01T00:00:00Z' }),
    grantOf('elsewhere', read('P002'), { purposes: [`${USCC}2050620000002`] }),
  );
  const person = { name: '王五', phone: '1' };
  expect(await ask('{ person(idNumber: "1") { name again: name photoDigest } }', { data: { person } })).toEqual({
    ...{ names: '1/1', phones: '0/0', photos: '0/0', past: '0/0', elsewhere: '0/0' },
  });
  expect(await ask('{ a: person(idNumber: "1") { phone } }', { data: { a: person } })).toMatchObject({ names: '2/2', phones: '1/1' });
});

test('rows are records of the resource, at each place where they stand', async () => {
  const { ask, counted } = departmentWith(
    grantOf('names', read('P001', 'P002')),
    grantOf('households', read('P010')),
    grantOf('firms', read('L006'), { resource: '102001/1', library: 'legal-entity' }),
  );
  const household = { members: people(4) };
  await ask('query ($n: [String!]!) { persons(idNumbers: $n) { name household { relationToHead members { name } } } }', {
    variables: numbers(3),
    data: { persons: [{ name: '王五', household }, null, { name: '李四', household: null }] },
  });
  // Three that were asked for, one of them nobody's, and four members; the household belongs to the person that it is asked of.
  expect(await counted()).toEqual({ names: '1/7', households: '1/2', firms: '0/0' });
  await ask('query ($c: [ID!]!) { legalEntities(usccs: $c) { name legalRep { name } } }', {
    variables: { c: ['1', '2', '3'] },
    data: { legalEntities: [{ name: 'a', legalRep: { name: 'b' } }, { name: 'c', legalRep: null }, null] },
  });
  // Who has no such code says nothing: the code of a firm is open.
  expect(await counted()).toEqual({ names: '2/8', households: '1/2', firms: '1/2' });
});

test('rows cannot be had twice for one: aliases, fragments and two roots each count', async () => {
  const { ask } = departmentWith(grantOf('names', read('P001', 'P002')));
  const two = `query ($n: [String!]!) { a: persons(idNumbers: $n) { ...Who } ... on Query { b: persons(idNumbers: $n) { ... { name } } } }
    fragment Who on Person { name }`;
  expect(await ask(two, { variables: numbers(10), data: { a: people(10), b: people(10) } })).toEqual({ names: '1/20' });
  expect(await ask('{ person(idNumber: "1") { confirmedAt } }', { data: { person: null } })).toEqual({ names: '2/21' });
  // Nobody of that number is an answer as good as any.
  expect(await ask(PERSONS, { variables: numbers(5), data: { persons: [null, null, null, null, null] } })).toEqual({ names: '3/26' });
});

test('searching by an item counts the rows that are found, one at least, though nothing of it is shown', async () => {
  const { ask } = departmentWith(grantOf('permits', read('X020'), { resource: '104001/1', library: 'credit' }));
  const search = 'query ($c: ID!) { permits(uscc: $c) { confirmedAt } }';
  const found = (count: number) => ({ permits: Array.from({ length: count }, () => ({ confirmedAt: null })) });
  expect(await ask(search, { variables: { c: '1' }, data: found(7) })).toEqual({ permits: '1/7' });
  expect(await ask(search, { variables: { c: '1' }, data: found(0) })).toEqual({ permits: '2/8' });
});

test('where a field leads to records of another resource, these are the rows, and one where there is none', async () => {
  const { ask } = departmentWith(
    grantOf('names', read('P001', 'P002')),
    grantOf('papers', read('C013', 'C017'), { resource: '105001/1', library: 'e-license' }),
  );
  const licenses = [{ state: 'VALID' }, { state: 'VALID' }, { state: 'VALID' }];
  const people = 'query ($n: [String!]!) { persons(idNumbers: $n) { licenses { confirmedAt } } }';
  const answer = { persons: [{ licenses }, { licenses: [] }, null] };
  expect(await ask(people, { variables: numbers(3), data: answer })).toEqual({ names: '1/3', papers: '1/4' });
});

test('verifying is a call of the grants that verify, a row for each subject, and reading is none of theirs', async () => {
  const { ask } = departmentWith(grantOf('checks', verify('P001', 'P002', 'P032')), grantOf('names', read('P001', 'P002')));
  expect(await ask('{ person(idNumber: "1") { name } }', { data: { person: { name: 'x' } } })).toEqual({ checks: '0/0', names: '1/1' });
  const input = { name: '王五', idNumber: '1' };
  const verifying = 'query ($i: IdentityInput!) { a: verifyIdentity(input: $i) { result } b: verifyIdentity(input: $i) { result } }';
  const result = { result: 'MISMATCH' };
  expect(await ask(verifying, { variables: { i: input }, data: { a: result, b: result } })).toEqual({ checks: '1/2', names: '2/3' });
  const claims = '{ a: verifyItems(person: "1", items: [{ item: "P032", value: "1" }]) { result } }';
  expect(await ask(claims, { data: { a: result } })).toEqual({ checks: '2/3', names: '3/4' });
});

test('what is open, or refused, is a call of no grant', async () => {
  const { ask, fetched } = departmentWith(grantOf('phones', read('P032')));
  expect(await ask('{ legalEntity(uscc: "1") { name phone } }', { data: { legalEntity: { name: 'x' } } })).toEqual({ phones: '0/0' });
  expect(await ask('{ person(idNumber: "1") { phone } }')).toEqual({ phones: '0/0' });
  expect(fetched()).toBe(2);
});

test('where the calls of one are used up the request is refused, and is counted for none', async () => {
  const { ask, answer, counted, fetched } = departmentWith(
    grantOf('names', read('P001', 'P002'), { callsPerDay: 1 }),
    grantOf('phones', read('P032')),
  );
  const data = { person: { name: 'x', phone: '1' } };
  expect(await ask('{ person(idNumber: "1") { name } }', { data })).toEqual({ names: '1/1', phones: '0/0' });
  const refused = await answer('{ person(idNumber: "1") { phone name } }', { data });
  expect(refused.data).toBeNull();
  expect(refused.errors?.map(({ extensions }) => extensions)).toEqual([
    {
      ...{ code: 'QUOTA_EXCEEDED', limit: 'names', value: 1, term: 'callsPerDay', left: 0, resource: '101001/1' },
      resetsAt: '2026-11-24T16:00:00Z',
    },
  ]);
  expect(await counted()).toEqual({ names: '1/1', phones: '0/0' });
  expect(fetched()).toBe(1);
});

test('one call a day reads no more rows than a day has: two aliases of a thousand numbers are refused before anything is fetched', async () => {
  const { answer, counted, fetched } = departmentWith(grantOf('names', read('P001', 'P002'), { callsPerDay: 1, rowsPerDay: 100 }));
  const two = 'query ($n: [String!]!) { a: persons(idNumbers: $n) { name } b: persons(idNumbers: $n) { name } }';
  const refused = await answer(two, { variables: numbers(1_000), data: { a: people(1_000), b: people(1_000) } });
  expect(refused).toMatchObject({
    data: null,
    errors: [{ extensions: { code: 'QUOTA_EXCEEDED', term: 'rowsPerDay', value: 100, left: 100 } }],
  });
  expect(fetched()).toBe(0);
  expect(await counted()).toEqual({ names: '0/0' });
});

test('rows that only the answer shows are bounded before it leaves; nothing of it does, and the call is spent', async () => {
  const { answer, counted, fetched } = departmentWith(grantOf('names', read('P001', 'P002'), { rowsPerDay: 10 }));
  const query = '{ person(idNumber: "1") { name household { members { name } } } }';
  const refused = await answer(query.replace('household { members { name } }', 'spouse: name marriage { spouse { name } }'), {
    data: { person: { name: 'x' } },
  });
  expect(refused.data).toEqual({ person: { name: 'x' } });
  const whole = departmentWith(grantOf('names', read('P001', 'P002', 'P010'), { rowsPerDay: 10 }));
  const tooMany = await whole.answer(query, { data: { person: { name: '王五', household: { members: people(10) } } } });
  expect(JSON.stringify(tooMany)).not.toContain('王五');
  expect(tooMany).toMatchObject({ data: null, errors: [{ extensions: { code: 'QUOTA_EXCEEDED', term: 'rowsPerDay', left: 9 } }] });
  expect(await whole.counted()).toEqual({ names: '1/1' });
  expect(await whole.answer(query, { data: { person: { name: '王五', household: { members: people(8) } } } })).not.toHaveProperty(
    'data',
    null,
  );
  expect(await whole.counted()).toEqual({ names: '2/10' });
  expect([fetched(), whole.fetched(), await counted()]).toEqual([1, 2, { names: '1/1' }]);
});

test('many at once read no more rows than there are', async () => {
  const { answer, counted } = departmentWith(grantOf('names', read('P001', 'P002'), { callsPerDay: 100, rowsPerDay: 50 }));
  const answers = await Promise.all(
    Array.from({ length: 40 }, () => answer(PERSONS, { variables: numbers(7), data: { persons: people(7) } })),
  );
  expect(answers.filter(({ data }) => data !== null)).toHaveLength(7);
  expect((await counted())['names']).toMatch(/\/49$/);
});

test('of a list of several types each record counts for the grants that open its own, and all for the one that opens the list', async () => {
  const { ask } = departmentWith(
    grantOf('names', read('P001', 'P002')),
    grantOf('permits', read('X020'), { resource: '104001/1', library: 'credit' }),
    grantOf('penalties', read('X030'), { resource: '104002/1', library: 'credit' }),
  );
  const creditRecords = [{ source: '1', documentNo: '1' }, { source: '1', documentNo: '2' }, { source: '1' }];
  const query = '{ person(idNumber: "1") { creditRecords { ... on Penalty { source documentNo } } } }';
  expect(await ask(query, { data: { person: { creditRecords: [...creditRecords.slice(0, 2), {}] } } })).toEqual({
    ...{ names: '1/1', permits: '1/3', penalties: '1/2' },
  });
});

test('a call that a library failed to answer is not spent, and what another library answered is', async () => {
  const { ask, counted } = departmentWith(
    grantOf('names', read('P001', 'P002')),
    grantOf('firms', read('L006'), { resource: '102001/1', library: 'legal-entity' }),
  );
  expect(await ask('{ person(idNumber: "1") { name } }', { data: { person: null }, errors: [down('person')] })).toEqual({
    ...{ names: '0/0', firms: '0/0' },
  });
  expect(await ask(PERSONS, { variables: numbers(9), data: null, errors: [down()] })).toMatchObject({ names: '0/0' });
  const firms = 'query ($c: [ID!]!) { legalEntities(usccs: $c) { legalRep { name } } }';
  const nameless = { legalEntities: [{ legalRep: { name: null } }, { legalRep: { name: null } }] };
  await ask(firms, { variables: { c: ['1', '2'] }, data: nameless, errors: [down('legalEntities', '@', 'legalRep', 'name')] });
  expect(await counted()).toEqual({ names: '0/0', firms: '1/2' });
  // One name is an answer, whatever failed beside it.
  const some = { legalEntities: [{ legalRep: { name: null } }, { legalRep: { name: '王五' } }] };
  await ask(firms, { variables: { c: ['1', '2'] }, data: some, errors: [down('legalEntities', 0, 'legalRep', 'name')] });
  expect(await counted()).toEqual({ names: '1/2', firms: '2/4' });
});

test('whatever else goes wrong: the hub’s own fault is not spent, what the caller does is', async () => {
  const { answer, counted } = departmentWith(grantOf('names', read('P001', 'P002')));
  const query = '{ person(idNumber: "1") { name } }';
  await expect(answer(query, { throws: new Error('a fault') })).rejects.toThrow('a fault');
  expect(await counted()).toEqual({ names: '0/0' });
  await expect(answer(query, { throws: refuse('TOO_MANY_PLANS') })).rejects.toThrow('too many ways');
  expect(await counted()).toEqual({ names: '1/1' });
  await answer(query, { data: null, errors: [refuse('TOO_MANY_VALUES', { number: 1, limit: 'HUB_MAX_VALUES' })] });
  expect(await counted()).toEqual({ names: '2/2' });
  // Who hangs up finds every call to a library cancelled, which looks as if the library had failed.
  await answer(query, { data: { person: null }, errors: [down('person')], hasLeft: true });
  expect(await counted()).toEqual({ names: '3/3' });
});

test('rows of a page count by its edges as by its nodes, and once for each place where they stand', async () => {
  const phones = grantOf('1', [{ code: 'L060', access: 'READ' }], { library: 'legal-entity', resource: '102001/1' });
  const rows = [{ phone: '1' }, { phone: '2' }];
  const edges = rows.map((node) => ({ node }));
  const asked = async (selection: string, data: Record<string, unknown>) =>
    (await departmentWith(phones).ask(`{ searchLegalEntities { ${selection} } }`, { data: { searchLegalEntities: data } }))['1'];
  expect(await asked('nodes { phone }', { nodes: rows })).toBe('1/2');
  expect(await asked('edges { node { phone } }', { edges })).toBe('1/2');
  expect(await asked('edges { node { phone } } nodes { phone }', { edges, nodes: rows })).toBe('1/4');
});
