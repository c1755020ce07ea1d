import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PUBLIC } from '@longyuan/access/caller.ts';
import { openQuality } from '@longyuan/directory/quality/open-quality.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { grantRoutes } from '@longyuan/trust/routes/grants.ts';
import { subjectKeyRoute } from '@longyuan/trust/routes/subject-key.ts';
import { Pool } from 'undici';
import { afterAll, expect, test } from 'vitest';
import { damaged, specimens } from '../../../test/route-specimens.ts';
import { askGrants } from '../grants/ask-grants.ts';
import { openPersonKeys } from '../identify/identify.ts';
import { keepQuotas } from '../quotas/keep-quotas.ts';
import { memoryQuotas } from '../quotas/memory-quotas.ts';
import { askOwner, type OrderedCall, openUnsealedCalls } from './sealed-calls.ts';

/** An owner that answers over HTTP whatever it is told to; null: nothing, ever. */
let answer: Readonly<{ status?: number; text: string }> | null = null;
const server = createServer((_request, response) => {
  if (answer) response.writeHead(answer.status ?? 200).end(answer.text);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
afterAll(async () => {
  await pool.destroy();
  server.close();
});

const put: OrderedCall[] = [];
const calls = (call: OrderedCall) => {
  put.push(call);
  return openUnsealedCalls(pool)(call);
};
const order = { caller: PUBLIC, requestId: 'request-1', timeoutMs: 10_000, maxBytes: 10_000, cancellations: new Set<() => void>() };
const tell = (told: unknown, status = 200) => {
  answer = { status, text: JSON.stringify(told) };
};

test.each(specimens)(
  '$name: an answer of the route’s form is told without what stands beside it, and any other is unreadable',
  async (specimen) => {
    const { route, question } = specimen;
    const ask = () => askOwner(calls, route, question, order);
    tell({ ...specimen.answer, besides: 1 });
    expect(await ask()).toEqual({ kind: 'told', answer: specimen.answer });
    const { path, body, warrant } = put.at(-1) ?? expect.unreachable();
    expect([path, JSON.parse(body), warrant]).toEqual([route.path, question, { caller: PUBLIC, purpose: null, items: route.items }]);
    for (const [what, value] of damaged(specimen.answer)) {
      tell(value);
      expect(await ask(), what).toEqual({ kind: 'unreadable' });
    }
    for (const text of ['', 'no JSON', 'null', '[]', '"x"']) {
      answer = { text };
      expect(await ask(), text).toEqual({ kind: 'unreadable' });
    }
  },
);

test('a refusal is told with what the owner said; a call that was not let in, late or lost is none', async () => {
  const ask = (timeoutMs = order.timeoutMs) =>
    askOwner(calls, subjectKeyRoute, { idNumber: '11010519491231002X' }, { ...order, timeoutMs });
  tell({ errors: [{ message: 'm' }] }, 400);
  expect(await ask()).toEqual({ kind: 'refused', error: { message: 'm' } });
  tell({ errors: 'nonsense' }, 503);
  expect(await ask()).toEqual({ kind: 'refused', error: undefined });
  tell({ key: 'p1' }, 401);
  expect(await ask()).toEqual({ kind: 'unreadable' });
  answer = null;
  expect(await ask(100)).toEqual({ kind: 'late' });
  const nowhere = new Pool('http://127.0.0.1:1');
  expect(await askOwner(openUnsealedCalls(nowhere), subjectKeyRoute, { idNumber: 'x' }, order)).toEqual({ kind: 'silent' });
  await nowhere.destroy();
});

test('what an owner answers about grants in no form of theirs is no fault of the hub’s', async () => {
  const owner = {
    name: 'credit',
    title: '信用',
    department: '发改委',
    uscc: 'U',
    callSealed: calls,
    callHeld: calls,
    words: () => ({ message: 'w' }),
  };
  const { maxBytes: _most, ...about } = order;
  const ask = () => askGrants(owner, grantRoutes.applications, { state: null, limit: 1 }, { ...about, authorization: null });
  for (const told of [{}, { applications: 'none', total: null }, { applications: [] }]) {
    tell(told);
    await expect(ask()).rejects.toMatchObject({
      message: 'The library credit (信用) gave no answer that can be read.',
      extensions: { code: 'LIBRARY_UNAVAILABLE', library: 'credit' },
    });
  }
});

test('whose number it is remains unknown where the owner’s answer cannot be read', async () => {
  const keys = openPersonKeys({ callSealed: calls, timeoutMs: 10_000 });
  const found = async (told: unknown) => {
    tell(told);
    return keys.keyOf('11010519491231002X', 'request-1');
  };
  expect(await found({ key: 'p1', besides: 1 })).toEqual({ kind: 'known', key: 'p1' });
  expect(await found({ key: null })).toEqual({ kind: 'nobody' });
  for (const told of [{}, { key: '' }, { key: 1 }, { key: undefined }]) expect(await found(told)).toEqual({ kind: 'unavailable' });
});

test('an objection to a record that its library cannot be asked for says so', async () => {
  const libraries = readLibraries();
  const quality = openQuality({
    ...{ libraries, facts: readSharingFacts(libraries), intervalHours: 0, log: { warn: () => {} } as never, ask: async () => [] },
    hub: {
      quotas: keepQuotas({ store: memoryQuotas(), log: { warn: () => {} } }),
      askLibrary: (_library, route, question) => askOwner(calls, route, question, order),
    },
  });
  const raise = () => quality.objections.raise(PUBLIC, { resource: '103002/1', record: 'x', reason: '门牌有误' });
  for (const [told, message] of [
    [{ key: 5 }, 'gave no answer that can be read'],
    [{}, 'gave no answer that can be read'],
    [{ errors: [] }, 'does not answer'],
  ] as const) {
    tell(told);
    await expect(raise()).rejects.toMatchObject({ message: expect.stringContaining(message), extensions: { code: 'LIBRARY_UNAVAILABLE' } });
  }
  await quality.close();
});
