import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { buildClientSchema, buildSchema, type IntrospectionQuery } from 'graphql';
import { GraphQLClient } from 'graphql-request';
import { chromium, type Page } from 'playwright-core';
import { startOwnHub } from './own-hub.ts';

const QUESTION = 'query Division($code: ID!) { division(code: $code) { name } }';
const VARIABLES = { code: '620102' };
const ANSWER = { division: { name: '城关区' } };
/** 甘肃省民政厅, of the made-up country. */
const DEPARTMENT = { kind: 'department', uscc: '1162990100000006XQ', role: 'developer', region: null } as const;

let hub: Awaited<ReturnType<typeof startOwnHub>>;
let token: string;
const folder = mkdtempSync(join(tmpdir(), 'longyuan-clients-'));
const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true })];

/** An empty page of an origin of its own. */
async function openOrigin(): Promise<string> {
  const server = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>a page</title>'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

let named: string;
let other: string;
before(async () => {
  [named, other] = [await openOrigin(), await openOrigin()];
  hub = await startOwnHub({ HUB_ALLOWED_ORIGINS: named });
  ends.push(hub.stop);
  token = await hub.tokenFor(DEPARTMENT);
});
after(async () => {
  for (const end of ends.reverse()) await end();
});

/** fetch that writes down what was sent. */
function listening() {
  const sent: { method: string; hasQuery: boolean }[] = [];
  const listen: typeof fetch = (input, init) => {
    const { search } = new URL(String(input));
    const text = init?.method === 'POST' ? String(init.body) : decodeURIComponent(search);
    sent.push({ method: init?.method ?? 'GET', hasQuery: /[?&]query=|"query":/.test(text) });
    return fetch(input, init);
  };
  return { sent, fetch: listen };
}

for (const [door, headers] of [
  ['/public/graphql', () => ({})],
  ['/graphql', () => ({ authorization: `Bearer ${token}` })],
] as const) {
  test(`urql with its defaults asks ${door}, by GET`, async () => {
    const { sent, fetch } = listening();
    const client = new Client({
      url: `${hub.url}${door}`,
      exchanges: [cacheExchange, fetchExchange],
      fetch,
      fetchOptions: () => ({ headers: headers() }),
    });
    const { data, error } = await client.query(QUESTION, VARIABLES).toPromise();
    assert.equal(error, undefined);
    assert.deepEqual({ ...data, division: { name: data.division.name } }, ANSWER);
    assert.deepEqual(
      sent.map(({ method }) => method),
      ['GET'],
    );
  });

  test(`graphql-request asks ${door} by GET and by POST`, async () => {
    for (const method of ['GET', 'POST'] as const) {
      const client = new GraphQLClient(`${hub.url}${door}`, { method, jsonSerializer: JSON, headers: headers() });
      assert.deepEqual(await client.request(QUESTION, VARIABLES), ANSWER);
    }
  });

  test(`Apollo Client’s persisted queries at ${door}: the hash first, the text once, then the hash alone`, async () => {
    for (const useGETForHashedQueries of [false, true]) {
      const { sent, fetch } = listening();
      const link = new PersistedQueryLink({ sha256: (text) => createHash('sha256').update(text).digest('hex'), useGETForHashedQueries });
      const client = new ApolloClient({
        link: link.concat(new HttpLink({ uri: `${hub.url}${door}`, fetch, headers: headers() })),
        cache: new InMemoryCache(),
      });
      const name = `${useGETForHashedQueries ? 'Got' : 'Posted'}${door.replaceAll('/', '_')}`;
      const query = gql(QUESTION.replace('Division', name));
      for (let time = 0; time < 2; time += 1) {
        const { data } = await client.query<typeof ANSWER>({ query, variables: VARIABLES, fetchPolicy: 'network-only' });
        assert.equal(data?.division.name, ANSWER.division.name);
      }
      const byHash = { method: useGETForHashedQueries ? 'GET' : 'POST', hasQuery: false };
      assert.deepEqual(sent.slice(0, 1).concat(sent.slice(2)), [byHash, byHash]);
      assert.equal(sent[1]?.hasQuery, true);
      client.stop();
    }
  });

  test(`gql.tada generates the schema of ${door}`, async () => {
    const output = join(folder, `${door.replaceAll('/', '-')}.graphql`);
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { plugins: [{ name: 'gql.tada/ts-plugin', schema: output }] } }),
    );
    const bin = join(import.meta.dirname, 'node_modules/gql.tada/bin/cli.js');
    const { authorization } = { authorization: undefined, ...headers() };
    const options = ['--tsconfig', folder, '--output', output, ...(authorization ? ['--header', `Authorization: ${authorization}`] : [])];
    await promisify(execFile)(process.execPath, [bin, 'generate-schema', `${hub.url}${door}`, ...options], { cwd: folder });
    const generated = buildSchema(readFileSync(output, 'utf8'), { assumeValidSDL: true });
    const told = door === '/graphql' ? 'searchPersons' : 'division';
    assert.ok(generated.getQueryType()?.getFields()[told], `${told} is not there`);
    assert.equal(Boolean(generated.getType('Person')), door === '/graphql');
  });
}

test('a schema of today’s GraphQL asks for everything that there is to tell', async () => {
  const { getIntrospectionQuery } = await import('graphql');
  const query = getIntrospectionQuery({
    ...{
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    },
  });
  const client = new GraphQLClient(`${hub.url}/public/graphql`);
  assert.ok(buildClientSchema(await client.request<IntrospectionQuery>(query)).getQueryType());
});

/** What a page of another origin is told: status, type and headers that it may read, or that it may read nothing. */
async function fromPage(
  page: Pick<Page, 'evaluate'>,
  path: string,
  init: Readonly<{ method?: string; headers?: Readonly<Record<string, string>>; body?: string }> = {},
) {
  return page.evaluate(
    async ([url, options]) => {
      try {
        const response = await fetch(url, options);
        const { status, headers } = response;
        return {
          status,
          type: headers.get('content-type'),
          name: headers.get('content-disposition'),
          id: headers.get('x-request-id'),
          text: await response.text(),
        };
      } catch {
        return null;
      }
    },
    [`${hub.url}${path}`, init] as const,
  );
}

test('a page of another origin reads what is open, and the hub itself where its origin is named', { timeout: 120_000 }, async () => {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
  try {
    const page = await browser.newPage();
    const question = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: QUESTION, variables: VARIABLES }),
    };
    for (const origin of [named, other]) {
      await page.goto(origin);
      const catalogue = await fromPage(page, '/public/catalog.jsonld');
      assert.match(String(catalogue?.type), /^application\/ld\+json/);
      const file = await fromPage(page, '/public/datasets/102001~1.csv?limit=5');
      assert.equal(file?.status, 200);
      assert.match(String((await fromPage(page, '/public/datasets/102001~1.csv'))?.name), /^attachment; filename="/);
      const got = await fromPage(page, `/public/graphql?${new URLSearchParams({ query: QUESTION, variables: JSON.stringify(VARIABLES) })}`);
      const posted = await fromPage(page, '/public/graphql', question);
      for (const told of [got, posted]) assert.deepEqual(JSON.parse(told?.text ?? ''), { data: ANSWER });
      assert.match(posted?.id ?? '', /^[\w.-]{8,64}$/);
      for (const path of ['/public/datasets/none.csv', '/public/none']) assert.equal((await fromPage(page, path))?.status, 404);
      const withToken = {
        ...question,
        headers: { ...question.headers, authorization: `Bearer ${token}`, 'x-purpose': '1162990100000006XQ2050620000003' },
      };
      const hubs = [
        await fromPage(page, '/graphql', withToken),
        await fromPage(page, '/graphql', question),
        await fromPage(page, '/health'),
      ];
      assert.deepEqual(
        hubs.map((told) => told?.status ?? null),
        origin === named ? [200, 200, 200] : [null, null, null],
      );
    }
    // A page without an origin says `null`, also within one that is named.
    await page.goto(named);
    await page.setContent('<iframe sandbox="allow-scripts" srcdoc="<title>nobody</title>"></iframe>');
    const [, nobody] = page.frames();
    assert.ok(nobody);
    assert.equal((await fromPage(nobody, '/public/graphql', question))?.status, 200);
    assert.equal(await fromPage(nobody, '/graphql', question), null);
  } finally {
    await browser.close();
  }
});
