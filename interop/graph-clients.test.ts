import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core';
import { relayStylePagination } from '@apollo/client/utilities';
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { getIntrospectionQuery } from 'graphql';
import { startOwnHub } from './own-hub.ts';

/** Of the made-up country (`npm run -s world`). */
const [ONE, OTHER] = [
  { idNumber: '629901198704270021', name: '傅亚萍' },
  { idNumber: '629901199205180034', name: '崔双伟' },
] as const;

// Caches and compilers that go by the shape of the graph. Each policy is the README's own text.
let hub: Awaited<ReturnType<typeof startOwnHub>>;
let headers: Record<string, string>;
const folder = mkdtempSync(join(tmpdir(), 'longyuan-relay-'));

before(async () => {
  hub = await startOwnHub();
  const token = await hub.tokenFor({ kind: 'department', uscc: '1162990100000006XQ', role: 'developer', region: null });
  headers = { authorization: `Bearer ${token}`, 'x-purpose': '1162990100000006XQ2050620000003' };
});
after(async () => {
  rmSync(folder, { recursive: true });
  await hub?.stop();
});

/** The value of `cache` in the README's code after this line, with these names known. */
function cacheOfReadme(after: string, known: Readonly<Record<string, unknown>>): unknown {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const code = readme.slice(readme.indexOf(after)).match(/```js\n(.*?)```/s)?.[1];
  assert.ok(code, `README.md has no code after "${after}"`);
  return new Function(...Object.keys(known), `${code}\nreturn cache;`)(...Object.values(known));
}

test("Relay's compiler takes a page of the hub's schema: @connection, @refetchable, ids added by itself", async () => {
  mkdirSync(join(folder, 'src'));
  const schema = join(import.meta.dirname, '../schema/composed/api.graphql');
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  writeFileSync(join(folder, 'relay.config.json'), JSON.stringify({ src: './src', schema, language: 'typescript', eagerEsModules: true }));
  writeFileSync(
    join(folder, 'src/schools.ts'),
    `import { graphql } from 'relay-runtime';
    graphql\`query schoolsQuery($within: ID!) { ...schools_page @arguments(within: $within) }\`;
    graphql\`fragment schools_page on Query
      @argumentDefinitions(within: { type: "ID!" }, first: { type: "Int", defaultValue: 20 }, after: { type: "String" })
      @refetchable(queryName: "schoolsNextQuery") {
        pois(category: SCHOOL, within: $within, first: $first, after: $after) @connection(key: "schools_pois") {
          edges { node { name categoryWord(in: EN) division { name } } } } }\`;`,
  );
  // The package is the path of its binary.
  const compiler = createRequire(import.meta.url)('relay-compiler') as string;
  await promisify(execFile)(compiler, [], { cwd: folder });
  assert.deepEqual(readdirSync(join(folder, 'src/__generated__')).sort(), [
    'schoolsNextQuery.graphql.ts',
    'schoolsQuery.graphql.ts',
    'schools_page.graphql.ts',
  ]);
  const written = readFileSync(join(folder, 'src/__generated__/schoolsNextQuery.graphql.ts'), 'utf8');
  const text = JSON.parse(/"text": ("query schoolsNextQuery.*")/.exec(written)?.[1] ?? '""') as string;
  assert.match(text, /division \{\s+name\s+id\s+\}/);
  const response = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: text, variables: { within: '620000', first: 2 } }),
  });
  const { data, errors } = (await response.json()) as { data: { pois: { edges: unknown[] } }; errors?: unknown };
  assert.equal(errors, undefined);
  assert.equal(data.pois.edges.length, 2);
});

function apollo(): ApolloClient {
  const cache = cacheOfReadme('\nApollo Client:\n', { InMemoryCache, relayStylePagination }) as InMemoryCache;
  return new ApolloClient({ cache, link: new HttpLink({ uri: `${hub.url}/graphql`, headers }) });
}

test("Apollo Client's cache keeps two people of one answer apart", async () => {
  const query = gql`query Two($one: String!, $other: String!) {
    one: person(idNumber: $one) { name sexWord(in: EN) }
    other: person(idNumber: $other) { name sexWord(in: EN) }
    both: persons(idNumbers: [$one, $other]) { name }
  }`;
  const client = apollo();
  await client.query({ query, variables: { one: ONE.idNumber, other: OTHER.idNumber } });
  // biome-ignore lint/suspicious/noExplicitAny: the answer is compared with literals
  const kept = client.readQuery<any>({ query, variables: { one: ONE.idNumber, other: OTHER.idNumber } });
  assert.deepEqual([kept.one.name, kept.other.name], [ONE.name, OTHER.name]);
  assert.deepEqual(
    kept.both.map(({ name }: { name: string }) => name),
    [ONE.name, OTHER.name],
  );
});

test("Apollo Client's cache joins pages, knows a division by its id, and pages of another filter stay apart", async () => {
  const query = gql`query Schools($category: PoiCategory!, $first: Int, $after: String) {
    pois(category: $category, within: "620000", first: $first, after: $after) {
      edges { cursor node { code name division { id name } } } pageInfo { startCursor endCursor hasPreviousPage hasNextPage } } }`;
  const client = apollo();
  // biome-ignore lint/suspicious/noExplicitAny: the answer is compared with literals
  const ask = (variables: Record<string, unknown>) => client.query<any>({ query, variables, fetchPolicy: 'network-only' });
  const first = await ask({ category: 'SCHOOL', first: 2 });
  await ask({ category: 'SCHOOL', first: 2, after: first.data.pois.pageInfo.endCursor });
  await ask({ category: 'HOSPITAL', first: 1 });
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const kept = client.readQuery<any>({ query, variables: { category: 'SCHOOL', first: 2 } });
  assert.equal(new Set(kept.pois.edges.map(({ node }: { node: { code: string } }) => node.code)).size, 4);
  const stored = Object.keys(client.cache.extract() as Record<string, unknown>);
  assert.ok(stored.includes(`AdministrativeDivision:${kept.pois.edges[0].node.division.id}`));
});

test("urql's normalised cache takes the README's keys without a warning, and keeps two people apart", async ({ mock }) => {
  const introspected = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: getIntrospectionQuery() }),
  });
  const { data: schema } = (await introspected.json()) as { data: unknown };
  const warn = mock.method(globalThis.console, 'warn', () => {});
  const exchange = cacheOfReadme("urql's normalised cache", { schema, cacheExchange }) as ReturnType<typeof cacheExchange>;
  const client = new Client({
    url: `${hub.url}/graphql`,
    exchanges: [exchange, fetchExchange],
    fetchOptions: { headers },
    preferGetMethod: false,
  });
  const query = `{ one: person(idNumber: "${ONE.idNumber}") { name household { kindWord } } other: person(idNumber: "${OTHER.idNumber}") { name } division(code: "620102") { id name } }`;
  const asked = await client.query(query, {}).toPromise();
  const kept = client.readQuery(query, {});
  assert.deepEqual([kept?.data.one.name, kept?.data.other.name, kept?.data.division.name], [ONE.name, OTHER.name, '城关区']);
  assert.equal(asked.error, undefined);
  assert.equal(warn.mock.callCount(), 0);
});
