import { buildSubgraphSchema } from '@apollo/subgraph';
import type { Asker, InnerSubgraph } from '@longyuan/inner/inner-subgraph.ts';
import { graphql, parse } from 'graphql';
import { afterAll, expect, test } from 'vitest';
import { startLittleHub } from './little-hub.ts';

/** A form that is filled with what the libraries know: it asks for it as its applicant. */
const document = parse(`
  directive @structure on FIELD_DEFINITION | ARGUMENT_DEFINITION | OBJECT
  type Query { form(idNumber: String! @structure): Form @structure }
  type Form @structure { name: String score: Int code: String }
`);
const schema = buildSubgraphSchema([
  {
    typeDefs: document,
    resolvers: {
      Query: {
        async form(_root: unknown, variables: { idNumber: string }, { ask }: Asker) {
          const { data, errors } = await ask({
            query: 'query ($idNumber: String!) { person(idNumber: $idNumber) { name score } }',
            variables,
          });
          const [first] = errors;
          return { ...(data?.['person'] as object | undefined), code: first?.extensions?.['code'] ?? null };
        },
      },
    },
  },
]);
let isClosed = false;
const forms: InnerSubgraph = {
  subgraph: { name: 'forms', title: '表单', document },
  mount: () => ({
    async answer({ query, variables }, asker) {
      const { data = null, errors = [] } = await graphql({ schema, source: query, variableValues: variables, contextValue: asker });
      return { data, errors: errors.map((error) => error.toJSON()) };
    },
    tables: [
      {
        path: '/forms/all.csv',
        open: async () => ({
          fileName: 'all.csv',
          parts: (async function* () {
            yield [['name'], ['=1+1']];
          })(),
        }),
      },
    ],
    close: async () => {},
  }),
  close: async () => {
    isClosed = true;
  },
};
const hub = await startLittleHub({}, { inner: [forms] });
afterAll(async () => {
  await hub.close();
  expect(isClosed).toBe(true);
});

test('an inner subgraph asks as its caller, through the door that the caller came by', async () => {
  const { registry, rating } = hub.libraries;
  const before = [registry.calls.length, rating.calls.length];
  const answer = await hub.ask('query ($n: String!) { form(idNumber: $n) { name score code } }', { n: '11010519491231002X' });
  expect(answer).toMatchObject({ data: { form: { name: '马建国', score: 100, code: null } } });
  // One call to each library, with the request's own id.
  expect([registry.calls.length, rating.calls.length]).toEqual(before.map((calls) => calls + 1));
  const ids = [registry, rating].map(({ calls }) => calls.at(-1)?.requestId);
  expect(new Set(ids).size).toBe(1);
});

test('what the door refuses its caller it refuses the inner subgraph', async () => {
  const { data } = await hub.ask('{ form(idNumber: "1") { name code } }');
  expect(data).toEqual({ form: { name: null, code: 'BAD_USER_INPUT' } });
});

test('a table of an inner subgraph is CSV that a spreadsheet runs nothing of', async () => {
  const response = await fetch(`${hub.url}/forms/all.csv`);
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="all.csv"');
  expect(Buffer.from(await response.arrayBuffer()).toString()).toBe("\uFEFFname\r\n'=1+1\r\n");
});

test('what an inner subgraph is refused is not told of its caller’s request, which was answered', async () => {
  await hub.ask('query Filled { form(idNumber: "1") { code } }');
  const figures = await (await fetch(`${hub.url}/metrics`)).text();
  const requests = figures.split('\n').filter((line) => line.startsWith('longyuan_requests_total{'));
  expect(requests.filter((line) => line.includes('door="graphql"')).length).toBeGreaterThan(0);
  expect(requests.filter((line) => line.includes('BAD_USER_INPUT'))).toEqual([]);
});

test('who loads down more of a table than its part waits as for an operation, and a bad token is paid for', async () => {
  const busy = await startLittleHub({ ratePublicCostPerSecond: 100 }, { inner: [forms], spendingClock: () => 0 });
  const load = (headers: Record<string, string> = {}) => fetch(`${busy.url}/forms/all.csv`, { headers });
  const statuses: number[] = [];
  for (let time = 0; time < 10; time += 1) statuses.push((await load(time < 5 ? { authorization: 'Bearer none' } : {})).status);
  expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
  expect(statuses.slice(5)).toContain(429);
  expect((await load()).headers.get('retry-after')).toMatch(/^\d+$/);
  await busy.close();
});
