import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startLittleHub } from './little-hub.ts';
import { startLittleIssuer } from './little-issuer.ts';

type Hub = Awaited<ReturnType<typeof startLittleHub>>;
type Answer = {
  status: number;
  retryAfter: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: tests compare whole answers with literals, so their shape needs no type
  data?: any;
  errors?: { message: string; extensions: Record<string, unknown> }[];
};

/** Only how long something may take, on a machine that does much else. */
let isBusy = false;
/** Stands still unless a test says otherwise, so that nothing depends on how quick this machine is. */
let nowMs = 0;
const issuer = await startLittleIssuer();
const key = await issuer.newKey('EdDSA');
const department = (uscc: string, sub = 'program') => issuer.sign(key, { kind: 'department', uscc, sub, role: 'developer' });
const [civilAffairs, auditor] = [await department('11629901000000019M'), await issuer.sign(key)];
const proxied = { trustedProxies: ['127.0.0.1'], forwardedHeader: 'x-forwarded-for' } as const;
let hub: Hub;

beforeAll(async () => {
  hub = await startLittleHub(
    { identity: issuer.identity, ...proxied, libraryTimeoutMs: 20_000, requestTimeoutMs: 30_000 },
    { load: { arrive: () => {}, isBusy: () => isBusy }, spendingClock: () => nowMs },
  );
  for (const library of ['registry', 'rating']) await hub.until(library, 'READY');
});
beforeEach(() => {
  isBusy = false;
  hub.libraries.registry.hangsFor = null;
  nowMs += 60_000;
});
afterAll(async () => {
  await hub.close();
  await issuer.close();
});

async function ask(at: Pick<Hub, 'url'>, query: string, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Answer> {
  const response = await fetch(`${at.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
    ...(signal && { signal }),
  });
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    ...((await response.json()) as Pick<Answer, 'data' | 'errors'>),
  };
}
const withToken = (token: string) => ({ authorization: `Bearer ${token}` });
const from = (address: string) => ({ 'x-forwarded-for': address });
const codesOf = (answers: readonly Answer[]) => answers.map(({ errors }) => errors?.[0]?.extensions['code'] ?? 'ANSWERED');

const NAME = '{ person(idNumber: "11010519491231002X") { name } }';
const ONE = { status: 200, data: { person: { name: '马建国' } } };
const LIMITED = { status: 429, errors: [{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 1 } }] };
const edges = (aliases: number) =>
  `{ person(idNumber: "11010519491231002X") { ${Array.from({ length: aliases }, (_, n) => `a${n}: friends { score }`).join(' ')} } }`;

test('an operation that needs more calls to libraries than one may make is refused before any of them is made', async () => {
  const { registry, rating } = hub.libraries;
  const before = [registry.calls.length, rating.calls.length];
  expect(await ask(hub, edges(400))).toMatchObject({
    status: 400,
    errors: [
      {
        message: expect.stringContaining('at least 401 calls to libraries; at most 128 are made for one (HUB_MAX_FETCHES)'),
        extensions: { code: 'OPERATION_TOO_COSTLY', limit: 'HUB_MAX_FETCHES', value: 128 },
      },
    ],
  });
  // What stands under conditions is counted once it is planned.
  const conditional = edges(140).replace('a0: friends', 'a0: friends @include(if: true)');
  for (const query of [edges(128), conditional]) expect(codesOf([await ask(hub, query)])).toEqual(['OPERATION_TOO_COSTLY']);
  expect([registry.calls.length, rating.calls.length]).toEqual(before);
  const { status, data } = await ask(hub, edges(127));
  expect({ status, friends: data.person.a126 }).toEqual({ status: 200, friends: [{ score: 100 }, { score: 200 }] });
  expect(rating.calls.length).toBe((before[1] ?? 0) + 127);
});

test('a department is answered while the public holds all it may of a library, and the hub still learns of grants, seals and health', async () => {
  const { registry } = hub.libraries;
  registry.hangsFor = 'public';
  const leaving = new AbortController();
  const calls = registry.calls.length;
  const asked = Array.from({ length: 300 }, () => ask(hub, '{ persons { name } }', from('203.0.113.9'), leaving.signal).catch(() => null));
  // A quarter of the connections; what waits beyond the queue is refused at once.
  await expect.poll(() => registry.calls.length - calls).toBe(8);
  const refused = await Promise.race(asked);
  expect(refused).toMatchObject({ data: { persons: null }, errors: [{ message: expect.stringContaining('too many calls waiting') }] });
  expect(await ask(hub, NAME, withToken(civilAffairs))).toMatchObject(ONE);
  expect(await ask(hub, NAME, withToken(auditor))).toMatchObject(ONE);
  const grants = registry.grantsAsked;
  await expect.poll(() => registry.grantsAsked).toBeGreaterThan(grants);
  await registry.forgetSeals();
  const agreements = registry.agreements;
  expect(await ask(hub, NAME, withToken(civilAffairs))).toMatchObject(ONE);
  expect(registry.agreements).toBe(agreements + 1);
  await hub.until('registry', 'READY');
  expect(registry.calls.length - calls).toBe(8 + 4);
  leaving.abort();
  await Promise.all(asked);
  registry.hangsFor = null;
  // Those who left hold nothing any more.
  await expect.poll(() => ask(hub, NAME, from('203.0.113.9'))).toMatchObject(ONE);
});

test('what a busy hub has under way is shared: who asks for much at once is told when to come again, and nobody else is', async () => {
  const { registry } = hub.libraries;
  registry.hangsFor = 'public';
  const leaving = new AbortController();
  const calls = registry.calls.length;
  // A tenth of a busy hub's room each, by what it might bring together.
  const large = `{ ${Array.from({ length: 48 }, (_, n) => `p${n}: persons { friends { friends { friends { name score } } } }`).join(' ')} }`;
  const asked: Promise<Answer | null>[] = [];
  for (let n = 0; n < 4; n += 1) asked.push(ask(hub, large, from('203.0.113.9'), leaving.signal).catch(() => null));
  await expect.poll(() => registry.calls.length - calls).toBe(4);
  isBusy = true;
  expect(await ask(hub, large, from('203.0.113.9'))).toMatchObject({ ...LIMITED, retryAfter: '1' });
  expect(await ask(hub, NAME, withToken(civilAffairs))).toMatchObject(ONE);
  isBusy = false;
  leaving.abort();
  await Promise.all(asked);
  registry.hangsFor = null;
  isBusy = true;
  // What was under way counts no longer once it is over.
  await expect.poll(async () => (await ask(hub, large, from('203.0.113.9'))).status).toBe(200);
});

test('who sends nothing but what is refused is limited too while others ask', async () => {
  const garbage = (n: number) => `{ unknown${n} } # ${'x'.repeat(20_000)}`;
  const sent = await Promise.all(Array.from({ length: 40 }, (_, n) => ask(hub, garbage(n), from('198.51.100.1'))));
  expect(new Set(codesOf(sent))).toEqual(new Set(['BAD_USER_INPUT']));
  await ask(hub, NAME, withToken(civilAffairs));
  isBusy = true;
  const limited = await ask(hub, '{ nonsense', from('198.51.100.1'));
  expect(limited).toMatchObject({ status: 429, errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
  expect(Number(limited.retryAfter)).toBe(limited.errors?.[0]?.extensions['retryAfterSeconds']);
  expect(await ask(hub, NAME, withToken(civilAffairs))).toMatchObject(ONE);
});

test('a burst of questions to a hub that is not busy is answered whole', async () => {
  for (const headers of [from('192.0.2.77'), withToken(civilAffairs)]) {
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(hub, '{ persons { name friends { name score } } }', headers)));
    expect(new Set(codesOf(answers))).toEqual(new Set(['ANSWERED']));
  }
});

test('a fixed limit holds each address, as a trusted proxy names it, and what an address says of itself changes nothing', async () => {
  // One question costs more than two seconds of it.
  const open = (changed: Parameters<typeof startLittleHub>[0]) =>
    startLittleHub({ ratePublicCostPerSecond: 50, ...changed }, { spendingClock: () => nowMs });
  const askThrice = async (at: Hub, addressOf: (n: number) => string) => {
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await ask(at, '{ worst }', from(addressOf(n)))).status);
    return statuses;
  };
  const [behind, before] = [await open(proxied), await open({})];
  for (const at of [behind, before]) await at.until('rating', 'READY');
  expect(await askThrice(behind, () => '203.0.113.9')).toEqual([200, 429, 429]);
  // Nor do addresses that the client itself put before its own.
  expect(await askThrice(behind, (n) => `10.0.0.${n}, 203.0.113.10`)).toEqual([200, 429, 429]);
  expect(await askThrice(behind, (n) => `203.0.113.2${n}`)).toEqual([200, 200, 200]);
  expect(await askThrice(before, (n) => `203.0.113.${n}`)).toEqual([200, 429, 429]);
  for (const at of [behind, before]) await at.close();
});
