import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { expect, inject, test } from 'vitest';

const hub = inject('embedded');
const settings = readEnvironment(hub.environment);
const { people, legalEntities, departments } = readWorld();
const person = people[0]?.idNumber ?? '';
const run = promisify(execFile);

/** `npm run -s token`, as a person at a terminal runs it; the exit code with what it printed. */
async function runToken(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    const printed = await run(process.execPath, ['identity/print-token.ts', ...args], {
      cwd: join(import.meta.dirname, '..'),
      env: { ...process.env, ...hub.environment },
    });
    return { code: 0, ...printed };
  } catch (error) {
    // execFile's error carries what was printed.
    const { code, stdout, stderr } = error as unknown as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

async function post(body: object, headers: Record<string, string> = {}, path = '/graphql') {
  const response = await fetch(`${hub.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, challenge: response.headers.get('www-authenticate'), body: await response.json() };
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test.each([
  ['a person', ['--person', person]],
  ['a person of whom no row is held', ['--person', '11010519491231002X']],
  ['a legal entity’s agent', ['--legal-entity', legalEntities[0]?.uscc ?? '', '--person', person]],
  ['a department', ['--department', departments[0]?.uscc ?? '', '--region', '620102']],
  ['a steward', ['--department', departments[0]?.uscc ?? '', '--role', 'steward']],
  ['an auditor', ['--auditor', '--expires', '600']],
])('the command gives %s a token, alone on its line, that the hub takes', async (_who, args) => {
  const { code, stdout, stderr } = await runToken(...args);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  expect(await post({ query: '{ __schema { queryType { name } } }' }, bearer(stdout.trim()))).toMatchObject({
    status: 200,
    body: { data: { __schema: { queryType: { name: 'Query' } } } },
  });
});

test('the command says what is wrong and gives nothing', async () => {
  expect(await runToken('--person', '629901198704270022')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^--person must be/),
  });
});

test('a bad token refuses the whole request, whatever it asks', async () => {
  const token = await askToken(settings, { kind: 'auditor' });
  for (const bad of [`${token}x`, 'nonsense', `${token.split('.').slice(0, 2).join('.')}.`]) {
    const { status, challenge, body } = await post({ query: '{ __typename }' }, bearer(bad));
    expect(status).toBe(401);
    expect(challenge).toContain('error="invalid_token"');
    expect(body).toEqual({
      errors: [{ message: expect.stringMatching(/^The token is not valid/), extensions: { code: 'UNAUTHENTICATED' } }],
    });
  }
});

test('a token that has run out is refused', async () => {
  const token = await askToken(settings, { kind: 'auditor' }, 1);
  const ask = () => post({ query: '{ __typename }' }, bearer(token));
  await expect.poll(async () => (await ask()).status).toBe(401);
});

test('asking for the schema needs a token at the hub’s own door, and none at the public one', async () => {
  const queries = [
    '{ __schema { queryType { name } } }',
    '{ __type(name: "Person") { name } }',
    '{ hidden: __schema { queryType { name } } __typename }',
    '{ ...all } fragment all on Query { ... on Query { __type(name: "Query") { name } } }',
  ];
  for (const query of queries) {
    const refused = await post({ query });
    expect(refused, query).toMatchObject({ status: 401, challenge: 'Bearer realm="longyuan"' });
    expect(refused.body).toEqual({ errors: [{ message: expect.any(String), extensions: { code: 'UNAUTHENTICATED' } }] });
    expect((await post({ query }, {}, '/public/graphql')).status, query).toBe(200);
  }
  expect(await post({ query: '{ __typename }' })).toMatchObject({ status: 200, body: { data: { __typename: 'Query' } } });
});

test('what for is checked for its form', async () => {
  expect(await post({ query: '{ __typename }' }, { 'x-purpose': 'a look around' })).toMatchObject({
    status: 400,
    body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
  });
});
