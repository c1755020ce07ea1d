import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hub } from '@longyuan/deploy/start-hub.ts';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { buildClientSchema, buildSchema, getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, directoryAnswers } from '../ask.ts';
import { heapEnvironment, readHeaps } from '../documents/read-heaps.ts';
import { sendDocuments } from '../documents/send-documents.ts';
import { sendStrangeRequests } from '../documents/send-strange-requests.ts';
import { findHubPort } from '../free-ports.ts';
import { startQuietly } from '../hubs.ts';

/** Documents until every cache is as full as it gets, and those that are sent then. */
const WARM_UP = 3_000;
const MEASURED = 3_000;
const MOST_GROWTH = 1.1;
const REQUESTS = 5_000;

const SCHEMA = join(import.meta.dirname, '../../schema/composed');
const folder = mkdtempSync(join(tmpdir(), 'longyuan-documents-'));
let hub: Hub;
let environment: Readonly<Record<string, string>>;
let url: string;

beforeAll(async () => {
  const port = await findHubPort();
  environment = {
    HUB_PORT: String(port),
    HUB_DATA_DIR: join(folder, 'data'),
    HUB_PERSONS: '500',
    HUB_LOG_LEVEL: 'silent',
    HUB_LIBRARY_TIMEOUT_MS: '8000',
    HUB_REQUEST_TIMEOUT_MS: '20000',
    HUB_QUALITY_INTERVAL_HOURS: '0',
    ...heapEnvironment(folder),
  };
  url = `http://127.0.0.1:${port}`;
  hub = await startQuietly(environment);
  await directoryAnswers({ url });
});
afterAll(async () => {
  await hub?.stop();
  rmSync(folder, { recursive: true });
});

test('whoever sends ever other documents, right ones and wrong ones, leaves no process with more memory than it had', async () => {
  const pids = hub.pids();
  const known = { uscc: readWorld().legalEntities[0]?.uscc ?? '', authority: '11100000000013338W' };
  await sendDocuments({ url, known, from: 0, to: WARM_UP, atOnce: 8 });
  const before = await readHeaps(hub, folder);
  const answers = await sendDocuments({ url, known, from: WARM_UP, to: WARM_UP + MEASURED, atOnce: 8 });
  const after = await readHeaps(hub, folder);
  const grown = [...after].flatMap(([name, bytes]) =>
    bytes > (before.get(name) ?? 0) * MOST_GROWTH ? [{ name, before: before.get(name), bytes }] : [],
  );
  expect(grown).toEqual([]);
  // A third was answered, and nobody died of the rest.
  expect(answers.get('200')).toBeGreaterThan(MEASURED / 4);
  expect([...answers.keys()].filter((answer) => !/^(200|400|401)/.test(answer) || answer.includes('INTERNAL'))).toEqual([]);
  expect(hub.pids()).toEqual(pids);
});

test('asking for the schema is answered at the public door, with a token the whole of it, and without one not at all', async () => {
  const question = getIntrospectionQuery({ oneOf: true, inputValueDeprecation: true, specifiedByUrl: true });
  const newer = '{ __type(name: "Query") { isOneOf } __schema { directives { isDeprecated } } }';
  const token = await askToken(readEnvironment(environment), { kind: 'auditor' });
  const typesOf = (sdl: string) => Object.keys(buildSchema(sdl).getTypeMap()).sort();
  const told = async (door: '/graphql' | '/public/graphql', as: string | null) => {
    expect((await ask({ url }, newer, {}, door, as)).data.__type).toEqual({ isOneOf: null });
    const { data, errors } = await ask({ url }, question, {}, door, as);
    expect(errors).toBeUndefined();
    return Object.keys(buildClientSchema(data).getTypeMap()).sort();
  };
  expect(await told('/graphql', token)).toEqual(typesOf(readFileSync(join(SCHEMA, 'api.graphql'), 'utf8')));
  expect(await told('/public/graphql', null)).toEqual(typesOf(readFileSync(join(SCHEMA, 'public.graphql'), 'utf8')));
  for (const query of [question, newer])
    expect(await ask({ url }, query, {}, '/graphql', null)).toMatchObject({
      status: 401,
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
});

test('of 5,000 strange requests none is a fault of the hub, and none takes a second of processor time', async () => {
  const settings = readEnvironment(environment);
  const [person] = readWorld().people;
  const tokens = await Promise.all([
    askToken(settings, { kind: 'department', uscc: '116299010000001667', role: 'developer', region: null }),
    askToken(settings, { kind: 'person', idNumber: person?.idNumber ?? '' }),
  ]);
  const pids = hub.pids();
  const wrong = await sendStrangeRequests({ url, pids: [...pids.values()], tokens, seed: 20_261_130, requests: REQUESTS });
  expect(wrong).toEqual([]);
  expect(hub.pids()).toEqual(pids);
});
