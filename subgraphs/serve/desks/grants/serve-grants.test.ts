import { type Caller, PUBLIC } from '@longyuan/access/caller.ts';
import type { ApplicationFilter } from '@longyuan/prisma/store/grants/grant-store.ts';
import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import { makeServe } from '../../door/serve-route.ts';
import { serveGrants } from './serve-grants.ts';

const OWNER = '11629901000000019M';
const CONSUMER = '1162990100000006XQ';
const department = (uscc: string, role: 'developer' | 'steward', region: string | null = null): Caller => ({
  ...{ kind: 'department', sub: 's', uscc, role, region },
});

/** Which applications the store of an owner is asked for, for a caller; or the code of the refusal. */
async function askedFor(caller: Caller): Promise<Pick<ApplicationFilter, 'consumer' | 'divisions'> | string> {
  const asked: ApplicationFilter[] = [];
  const app = fastify();
  // What is noted of a call while it is watched.
  app.addHook('onRequest', async (request) => Object.assign(request, { about: { codes: new Set<string>(), requestId: null } }));
  const isReady = () => true;
  const warrantOf = () => ({ caller, purpose: null, items: new Set(['Query.applications']) }) as never;
  serveGrants(makeServe(app, { library: 'population', warrantOf, isReady }), {
    library: { name: 'population', uscc: OWNER },
    isReady,
    store: {
      applications: async (filter: ApplicationFilter) => {
        asked.push(filter);
        return [];
      },
      countApplications: async () => 0,
    },
    // Nothing of these is asked where applications are listed and there are none.
    ...({ grants: {}, office: {}, keys: {}, readToken: {}, doubt: () => null, log: {} } as never as Pick<
      Parameters<typeof serveGrants>[1],
      'grants' | 'office' | 'keys' | 'readToken' | 'doubt' | 'log'
    >),
  });
  const answer = await app.inject({ method: 'POST', url: '/grants/applications', payload: { state: null, limit: 10 } });
  await app.close();
  const [filter] = asked;
  if (!filter) return answer.json().errors[0].extensions.code;
  const { consumer, divisions } = filter;
  return { consumer, divisions };
}

const COUNTY = { gte: '620102', lt: '620103' };
test.each<[who: string, caller: Caller, sees: Awaited<ReturnType<typeof askedFor>>]>([
  ['the public', PUBLIC, 'UNAUTHENTICATED'],
  ['a citizen', { kind: 'citizen', sub: 's', person: 'p' }, 'ITEM_NOT_SHARED'],
  ["an agent of the owner's code", { kind: 'agent', sub: 's', uscc: OWNER }, 'ITEM_NOT_SHARED'],
  ['the auditor', { kind: 'auditor', sub: 's' }, { consumer: null, divisions: null }],
  ["the owner's steward", department(OWNER, 'steward'), { consumer: null, divisions: null }],
  ["the owner's steward of a county", department(OWNER, 'steward', '620102'), { consumer: null, divisions: { ...COUNTY, or: [] } }],
  ["the owner's developer", department(OWNER, 'developer'), { consumer: OWNER, divisions: null }],
  ["a consumer's developer", department(CONSUMER, 'developer'), { consumer: CONSUMER, divisions: null }],
  ["a consumer's steward", department(CONSUMER, 'steward'), { consumer: CONSUMER, divisions: null }],
  [
    "a consumer's steward of a county",
    department(CONSUMER, 'steward', '620102'),
    { consumer: CONSUMER, divisions: { ...COUNTY, or: ['620102', '620100', '620000'] } },
  ],
])('of applications, %s is told those that the table of offices reaches', async (_who, caller, sees) => {
  expect(await askedFor(caller)).toEqual(sees);
});
