import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { readEnvironment, type Settings } from '@longyuan/settings/environment.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { afterAll, expect, test } from 'vitest';
import { startGateway } from '../src/start-gateway.ts';

// No library of these gateways answers; what stands in addresses asks none.
const dataDir = mkdtempSync(join(tmpdir(), 'public-addresses-'));
const warrantKeys = await openWarrantKeys({ dataDir, warrantKeyFile: null });
const ends: (() => unknown)[] = [() => rmSync(dataDir, { recursive: true })];
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

async function openGateway(changed: Partial<Settings>): Promise<(path: string, headers?: Record<string, string>) => Promise<Told>> {
  const settings: Settings = { ...readEnvironment({}), dataDir, logLevel: 'silent', port: 0, ...changed };
  const gateway = await startGateway({ settings, log: openLog('gateway', settings), warrantKeys, libraryUrl: () => 'http://127.0.0.1:9' });
  ends.push(gateway.close);
  return (path, headers = {}) => get(gateway.url, path, headers);
}

type Told = Readonly<{ url: string; status: number; headers: Record<string, string | string[] | undefined>; body: string }>;

function get(url: string, path: string, headers: Record<string, string>): Promise<Told> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ host: hostname, port, path, headers }, async (answer) =>
      resolve({ url, status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) }),
    );
    sent.once('error', reject).end();
  });
}

/** Every address in a catalogue that is not of a vocabulary. */
function ownAddresses({ body }: Told): readonly string[] {
  const { '@context': _, ...rest } = JSON.parse(body);
  const all = [...JSON.stringify(rest).matchAll(/"@id":"([^"]+)"/g)].map(([, id = '']) => id);
  const foreign =
    /^https?:\/\/(publications\.europa\.eu|www\.(w3|iana)\.org|spdx\.org|purl\.org|data\.europa\.eu|spec\.graphql\.org|creativecommons\.org)\//;
  return all.filter((id) => !foreign.test(id));
}

const EVIL = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil.example;proto=https' };

test('every address and identifier of the catalogue, a redirect and a refusal stand below the address that was set', async () => {
  const ask = await openGateway({ publicUrl: 'https://data.example/hub', trustedProxies: ['127.0.0.1'] });
  const catalogue = await ask('/public/catalog.jsonld', EVIL);
  const addresses = ownAddresses(catalogue);
  expect(addresses.length).toBeGreaterThan(50);
  expect(addresses.filter((address) => !address.startsWith('https://data.example/hub/'))).toEqual([]);
  expect(addresses).toContain('https://data.example/hub/public/graphql');
  expect(catalogue.body).not.toMatch(/localhost|127\.0\.0\.1|evil/);
  // One answer for all, whatever they send: so it may be kept for all.
  expect(catalogue.headers).toMatchObject({ 'cache-control': expect.stringMatching(/^public/) });
  expect(String(catalogue.headers['vary'] ?? '')).not.toMatch(/Forwarded/i);
  expect((await ask('/public/graphql', EVIL)).headers['location']).toBe('https://data.example/hub/public/schema.graphql');
  const refused = await ask('/public/datasets/none.csv', EVIL);
  expect(refused.body).toContain('https://data.example/hub/public/catalog.jsonld');
  // Caches keep a 404 by themselves.
  expect(refused.headers['cache-control']).toBe('no-store');
  const introspection = await ask('/graphql?query={__schema{queryType{name}}}', EVIL);
  expect([introspection.status, introspection.body]).toEqual([401, expect.stringContaining('https://data.example/hub/public/graphql')]);
});

test('the hub is asked under that address too, and under no other that is not this machine', async () => {
  const ask = await openGateway({ publicUrl: 'https://data.example/hub' });
  for (const host of ['data.example', 'data.example:443', 'localhost', '127.0.0.1:1'])
    expect((await ask('/health', { host })).status, host).toBe(200);
  for (const host of ['evil.example', 'data.example.evil.example', '10.0.0.1'])
    expect(await ask('/health', { host }), host).toMatchObject({
      status: 421,
      body: expect.stringContaining('and that of HUB_PUBLIC_URL'),
    });
});

test('without it a trusted proxy says what the hub was asked as, and what is kept is kept for those who ask alike', async () => {
  const ask = await openGateway({ trustedProxies: ['127.0.0.1'] });
  const seen = { 'x-forwarded-host': 'data.example', 'x-forwarded-proto': 'https' };
  const catalogue = await ask('/public/catalog.jsonld', seen);
  expect(ownAddresses(catalogue).filter((address) => !address.startsWith('https://data.example/'))).toEqual([]);
  expect(catalogue.headers['vary']).toMatch(/X-Forwarded-Host, X-Forwarded-Proto/);
  const known = await ask('/public/catalog.jsonld', { ...seen, 'if-none-match': String(catalogue.headers['etag']) });
  expect([known.status, known.headers['vary']]).toEqual([304, catalogue.headers['vary']]);
  // The other header is the client's own word.
  expect((await ask('/public/catalog.jsonld', { forwarded: EVIL.forwarded })).body).not.toContain('evil');
});

test('without either the catalogue says this machine, to whoever asks under whichever name of it', async () => {
  const ask = await openGateway({});
  const plain = await ask('/public/catalog.jsonld');
  const here = `http://localhost:${new URL(plain.url).port}/`;
  expect(ownAddresses(plain).filter((address) => !address.startsWith(here))).toEqual([]);
  for (const host of ['localhost:1', '127.9.9.9', 'LOCALHOST']) {
    expect((await ask('/public/catalog.jsonld', { ...EVIL, host })).body).toBe(plain.body);
  }
});

test('what is open may be read by the pages of everybody, without credentials: questions, files, refusals', async () => {
  const ask = await openGateway({});
  const page = { origin: 'https://other.example' };
  const paths = [
    '/public/catalog.jsonld',
    '/public/schema.graphql',
    '/public/graphql?query={__typename}',
    '/public/graphql?query={',
    '/public/graphql',
  ];
  const told = [];
  for (const path of [
    ...paths,
    '/public/datasets/102001~1.csv',
    '/public/datasets/102001~1.dictionary.json',
    '/public/datasets/none.csv',
    '/public/none',
    '/public/%zz',
  ])
    told.push({ path, ...(await ask(path, page)) });
  expect(told.map(({ status }) => status)).toEqual([200, 200, 200, 400, 303, 503, 200, 404, 404, 400]);
  for (const { path, headers } of told) {
    expect([path, headers['access-control-allow-origin'], headers['access-control-allow-credentials']]).toEqual([path, '*', undefined]);
    if (path === '/public/%zz') continue;
    expect(headers['access-control-expose-headers']).toMatch(/x-request-id.*Retry-After.*Content-Disposition/);
    expect(headers['cross-origin-resource-policy']).toBe('cross-origin');
  }
  const preflight = await fetch(`${told[0]?.url}/public/graphql`, {
    method: 'OPTIONS',
    headers: { ...page, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
  });
  expect([
    preflight.status,
    preflight.headers.get('access-control-allow-origin'),
    preflight.headers.get('access-control-allow-headers'),
  ]).toEqual([204, '*', '*']);
  expect((await ask('/graphql?query={__typename}', page)).headers['access-control-allow-origin']).toBeUndefined();
});

test('what was asked with a token may be kept by nobody, of what is open too', async () => {
  const ask = await openGateway({});
  const token = { authorization: 'Bearer some.token' };
  for (const path of [
    '/graphql?query={__typename}',
    '/public/graphql?query={__typename}',
    '/public/catalog.jsonld',
    '/public/schema.graphql',
    '/home.json',
    '/',
  ])
    expect([path, (await ask(path, token)).headers['cache-control']]).toEqual([path, 'no-store']);
});
