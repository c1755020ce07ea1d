import { afterAll, expect, test } from 'vitest';
import { startLittleHub } from './little-hub.ts';
import { startLittleIssuer } from './little-issuer.ts';

const issuer = await startLittleIssuer();
const hub = await startLittleHub({ identity: issuer.identity });
const token = await issuer.sign(await issuer.newKey('EdDSA'));
afterAll(async () => {
  await hub.close();
  await issuer.close();
});

async function post(query: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, challenge: response.headers.get('www-authenticate'), body: await response.json() };
}

test('a bad token refuses the whole request before its body is read', async () => {
  for (const query of ['{ worst }', '{ nonsense']) {
    expect(await post(query, { authorization: `Bearer ${token}x` })).toEqual({
      status: 401,
      challenge: expect.stringContaining('error="invalid_token"'),
      body: { errors: [{ message: 'The token is not valid: its signature does not hold.', extensions: { code: 'UNAUTHENTICATED' } }] },
    });
  }
});

test('asking for the schema needs a token; __typename does not', async () => {
  for (const query of [
    '{ __schema { queryType { name } } }',
    '{ hidden: __type(name: "Query") { name } __typename }',
    '{ ...all } fragment all on Query { ... on Query { __type(name: "Query") { name } } }',
  ]) {
    expect(await post(query), query).toEqual({
      status: 401,
      challenge: 'Bearer realm="longyuan"',
      body: { errors: [{ message: expect.stringContaining('needs a token'), extensions: { code: 'UNAUTHENTICATED' } }] },
    });
    expect((await post(query, { authorization: `Bearer ${token}` })).status, query).toBe(200);
  }
  expect(await post('{ __typename }')).toMatchObject({ status: 200, body: { data: { __typename: 'Query' } } });
});

test('what for is checked for its form, and an empty header says nothing', async () => {
  expect(await post('{ __typename }', { 'x-purpose': 'a look around' })).toMatchObject({
    status: 400,
    body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
  });
  expect((await post('{ __typename }', { 'x-purpose': '' })).status).toBe(200);
});
