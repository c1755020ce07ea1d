import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IdentitySettings, readEnvironment } from '@longyuan/settings/environment.ts';
import { rotateKeyFile } from '@longyuan/trust/key-file.ts';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Account } from './account.ts';
import { askToken } from './ask-token.ts';
import { readClientSecret } from './provider-keys.ts';
import { readCommand } from './read-command.ts';
import { type RunningProvider, startProvider } from './start-provider.ts';

const PERSON = '11010519491231002X';
const BODY = '11629901000000019M';

const dataDir = mkdtempSync(join(tmpdir(), 'longyuan-identity-'));
let settings: { dataDir: string; identity: IdentitySettings };
let provider: RunningProvider;
beforeAll(async () => {
  settings = {
    dataDir,
    identity: { ...readEnvironment({}).identity, issuer: `http://127.0.0.1:${await freePort()}` },
  };
  provider = await startProvider(settings);
});
afterAll(async () => {
  await provider.close();
  rmSync(dataDir, { recursive: true });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  return port;
}

const keysOf = () => createRemoteJWKSet(new URL(`${settings.identity.issuer}/jwks`));

test.each<[Account, Record<string, unknown>]>([
  [
    { kind: 'person', idNumber: PERSON },
    { kind: 'person', id_number: PERSON },
  ],
  [
    { kind: 'legal-entity', uscc: BODY, idNumber: PERSON },
    { kind: 'legal-entity', uscc: BODY },
  ],
  [
    { kind: 'department', uscc: BODY, role: 'developer', region: null },
    { kind: 'department', uscc: BODY, role: 'developer' },
  ],
  [
    { kind: 'department', uscc: BODY, role: 'steward', region: '620102' },
    { kind: 'department', uscc: BODY, role: 'steward', region: '620102' },
  ],
  [{ kind: 'auditor' }, { kind: 'auditor' }],
])('a token for %o is a signed JWT with its claims and no others', async (account, claims) => {
  const token = await askToken(settings, account, 60);
  const { payload, protectedHeader } = await jwtVerify(token, keysOf(), { issuer: settings.identity.issuer, audience: 'longyuan' });
  expect(protectedHeader).toMatchObject({ alg: 'EdDSA', typ: 'at+jwt' });
  const { iss: _iss, aud: _aud, jti: _jti, sub, iat = 0, nbf, exp, client_id: _client, ...rest } = payload;
  expect(rest).toEqual(claims);
  expect([nbf, exp]).toEqual([iat, iat + 60]);
  expect(sub).toMatch(/^[\w-]{22}$/);
});

test('an account has one sub, and no two accounts the same', async () => {
  const subOf = async (account: Account) => decodeJwt(await askToken(settings, account)).sub;
  const person = { kind: 'person', idNumber: PERSON } as const;
  expect(await subOf(person)).toBe(await subOf(person));
  expect(await subOf(person)).not.toBe(await subOf({ kind: 'legal-entity', uscc: BODY, idNumber: PERSON }));
});

test('a change of keys is followed while it runs: what the old one signed can still be verified', async () => {
  const before = await askToken(settings, { kind: 'auditor' });
  await rotateKeyFile(join(dataDir, 'keys', 'identity.jwk'), 86_400);
  const after = await askToken(settings, { kind: 'auditor' });
  expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
  for (const token of [before, after]) expect((await jwtVerify(token, keysOf())).payload['kind']).toBe('auditor');
  const { keys } = (await (await fetch(`${settings.identity.issuer}/jwks`)).json()) as { keys: object[] };
  expect(keys).toHaveLength(2);
  expect(JSON.stringify(keys)).not.toMatch(/"d":/);
});

test('nobody without the secret of the folder gets a token', async () => {
  const body = new URLSearchParams({ grant_type: 'urn:longyuan:params:oauth:grant-type:account', kind: 'auditor' });
  const asked = (headers: Record<string, string>) => fetch(`${settings.identity.issuer}/token`, { method: 'POST', headers, body });
  for (const headers of [{}, { authorization: `Basic ${Buffer.from('hub-command:guess').toString('base64')}` }]) {
    const response = await asked(headers);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(await response.json()).not.toHaveProperty('access_token');
  }
  const other = mkdtempSync(join(tmpdir(), 'longyuan-identity-'));
  await expect(askToken({ ...settings, dataDir: other }, { kind: 'auditor' })).rejects.toThrow('No identity provider has ever run over');
});

/** A request that fetch would not send: with any Host, and an Origin. */
function raw(path: string, method: string, headers: Record<string, string>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(`${settings.identity.issuer}${path}`, { method, headers, setHost: headers['host'] === undefined });
    sent
      .once('error', reject)
      .once('response', (response) => resolve(response.resume()))
      .end();
  });
}

test('no page of any site has it answer, under whatever name it calls', async () => {
  const paths = ['/token', '/jwks', '/.well-known/openid-configuration', '/auth', '/nowhere'];
  for (const path of paths) {
    for (const method of ['GET', 'POST', 'OPTIONS', 'HEAD']) {
      const foreignHost = await raw(path, method, { host: 'evil.example' });
      const foreignOrigin = await raw(path, method, {
        ...{ origin: 'https://evil.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
      });
      expect([foreignHost.statusCode, foreignOrigin.statusCode], `${method} ${path}`).toEqual([421, 403]);
      for (const { headers } of [foreignHost, foreignOrigin]) {
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
      }
    }
  }
});

test('discovery names what works, and nothing else is answered', async () => {
  const { issuer } = settings.identity;
  const document = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Record<string, unknown>;
  expect(await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json()).toEqual(document);
  expect(document).toEqual({
    issuer,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    grant_types_supported: ['urn:longyuan:params:oauth:grant-type:account'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    response_types_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['EdDSA'],
  });
  // The grant, the way to authenticate, and the keys: asked as the document says.
  const secret = await readClientSecret(dataDir);
  const told = await fetch(String(document['token_endpoint']), {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`hub-command:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: String((document['grant_types_supported'] as string[])[0]), kind: 'auditor' }),
  });
  const { access_token: token } = (await told.json()) as { access_token: string };
  expect((await jwtVerify(token, createRemoteJWKSet(new URL(String(document['jwks_uri']))))).protectedHeader.alg).toBe('EdDSA');
  for (const path of ['/auth', '/request', '/me', '/session/end', '/token/introspection', '/token/revocation', '/reg', '/device', '/']) {
    for (const method of ['GET', 'POST']) expect((await raw(path, method, {})).statusCode, `${method} ${path}`).toBe(404);
  }
  expect((await raw('/token', 'GET', {})).statusCode).toBe(405);
});

test('a life that the hub would not believe is not given', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'longyuan-identity-'));
  const issuer = `http://127.0.0.1:${await freePort()}`;
  const short = { dataDir: folder, identity: { ...settings.identity, issuer, longestLifeSeconds: 600 } };
  const running = await startProvider(short);
  await expect(askToken(short, { kind: 'auditor' }, 601)).rejects.toThrow('life must be a whole number of seconds from 1 to 600');
  expect(decodeJwt(await askToken(short, { kind: 'auditor' }, 600))).toMatchObject({ kind: 'auditor' });
  await running.close();
  rmSync(folder, { recursive: true });
});

test('keys and secret are for their owner’s eyes', () => {
  const folder = join(dataDir, 'keys');
  expect(readdirSync(folder).toSorted()).toEqual(['identity.jwk', 'identity.secret']);
  for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o777, file).toBe(0o600);
});

test.each(['', 'x', '\n', 'A'.repeat(42), 'A'.repeat(44), '{"keys":[]}'])(
  'a secret %j is no secret: neither the provider nor the command goes on with it',
  async (content) => {
    const damaged = mkdtempSync(join(tmpdir(), 'longyuan-identity-'));
    const other = { dataDir: damaged, identity: { ...settings.identity, issuer: `http://127.0.0.1:${await freePort()}` } };
    mkdirSync(join(damaged, 'keys'), { mode: 0o700 });
    for (const file of ['identity.secret', 'identity.jwk']) {
      writeFileSync(join(damaged, 'keys', file), content, { mode: 0o600 });
      await expect(startProvider(other)).rejects.toThrow(join(damaged, 'keys', file));
      if (file === 'identity.secret') await expect(askToken({ ...settings, dataDir: damaged }, { kind: 'auditor' })).rejects.toThrow(file);
      rmSync(join(damaged, 'keys', file));
    }
    rmSync(damaged, { recursive: true });
  },
);

test('keys that are damaged while it runs stay in use, and whoever looks after it is told once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'longyuan-identity-'));
  const own = { dataDir: folder, identity: { ...settings.identity, issuer: `http://127.0.0.1:${await freePort()}` } };
  const told: unknown[] = [];
  const running = await startProvider(own, (error) => told.push(String(error)));
  const path = join(folder, 'keys', 'identity.jwk');
  const before = decodeProtectedHeader(await askToken(own, { kind: 'auditor' })).kid;
  writeFileSync(path, '');
  for (let time = 0; time < 3; time += 1) expect(decodeProtectedHeader(await askToken(own, { kind: 'auditor' })).kid).toBe(before);
  expect(told).toEqual([expect.stringContaining(`${path} is empty`)]);
  await running.close();
  rmSync(folder, { recursive: true });
});

test('the provider refuses what the command would have refused, and quotes no number', async () => {
  const wrong: Account[] = [
    { kind: 'person', idNumber: '110105194912310021' },
    { kind: 'department', uscc: '91620000000000000X', role: 'developer', region: null },
    { kind: 'department', uscc: BODY, role: 'developer', region: '629999' },
  ];
  for (const account of wrong) {
    const message = await askToken(settings, account).catch((error: Error) => error.message);
    expect(message).toMatch(/gave no token: (id_number|uscc|region) must be/);
    expect(message).not.toMatch(/110105194912310021|9162|629999/);
  }
  await expect(askToken(settings, { kind: 'auditor' }, 86_401)).rejects.toThrow('life must be a whole number of seconds from 1 to 86400');
});

test('where another issuer is named the embedded provider is off', async () => {
  const off = readEnvironment({ OIDC_ISSUER: 'https://id.example', HUB_DATA_DIR: dataDir });
  await expect(askToken(off, { kind: 'auditor' })).rejects.toThrow('The embedded identity provider is off');
  await expect(startProvider(off)).rejects.toThrow('The embedded identity provider is off');
});

test.each<[string, string]>([
  ['', 'For whom? One of --person, --legal-entity, --department and --auditor must be given.'],
  ['--persn 1', "Unknown option '--persn'"],
  ['--person', "Option '--person <value>' argument missing"],
  [PERSON, 'There is a value without an option before it.'],
  ['--person 110105194912310021', '--person must be a citizen number'],
  [`--legal-entity ${BODY}`, '--legal-entity needs --person: who acts for it.'],
  [`--legal-entity 1 --person ${PERSON}`, '--legal-entity must be a unified social credit code'],
  [`--department ${BODY} --person ${PERSON}`, '--department and --person cannot be given together.'],
  [`--department ${BODY} --role owner`, '--role must be developer or steward'],
  [`--department ${BODY} --region 629999`, '--region must be the code of a division'],
  [`--person ${PERSON} --role steward`, '--role cannot be given with --person.'],
  ['--auditor --auditor', '--auditor is given twice.'],
  ['--auditor --expires 0', '--expires must be a whole number of seconds from 1 to 86400.'],
  ['--auditor --expires soon', '--expires must be a whole number of seconds from 1 to 86400.'],
])('the command %s is refused', (line, message) => {
  expect(() => readCommand(line.split(' ').filter(Boolean))).toThrow(message);
});

test('a command names one account and how long its token lasts', () => {
  expect(readCommand(['--legal-entity', BODY, '--person', PERSON, '--expires', '1'])).toEqual({
    account: { kind: 'legal-entity', uscc: BODY, idNumber: PERSON },
    lifeSeconds: 1,
  });
  expect(readCommand(['--department', BODY])).toEqual({
    account: { kind: 'department', uscc: BODY, role: 'developer', region: null },
    lifeSeconds: 3_600,
  });
});
