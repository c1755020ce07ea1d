import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLittleHub } from './little-hub.ts';

let hub: Awaited<ReturnType<typeof startLittleHub>>;
beforeAll(async () => {
  hub = await startLittleHub();
  await hub.until('registry', 'READY');
  await hub.until('rating', 'READY');
});
afterAll(() => hub.close());

const NAMES = '{ persons { name score } }';
const names = [
  { name: '马建国', score: 100 },
  { name: '祁月兰', score: 200 },
];

test('the first calls to a library agree on a seal, once for all that come together', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => hub.ask(NAMES)));
  for (const answer of answers) expect(answer).toEqual({ status: 200, data: { persons: names } });
  expect([hub.libraries.registry.agreements, hub.libraries.rating.agreements]).toEqual([1, 1]);
});

test('a library that has started again and forgot the seal is asked again under a new one; nobody notices', async () => {
  await hub.libraries.registry.forgetSeals();
  const answers = await Promise.all(Array.from({ length: 8 }, () => hub.ask(NAMES)));
  for (const answer of answers) expect(answer).toEqual({ status: 200, data: { persons: names } });
  expect([hub.libraries.registry.agreements, hub.libraries.rating.agreements]).toEqual([2, 1]);
});

test('a library that never knows a seal is asked twice for a call, not for ever', async () => {
  const { registry } = hub.libraries;
  const [agreements, calls] = [registry.agreements, registry.calls.length];
  registry.answers = { status: 401, text: '{"errors":[{"extensions":{"reason":"SEAL_UNKNOWN"}}]}' };
  const { data, errors } = await hub.ask(NAMES);
  expect([data, errors?.map((error) => error.extensions['code'])]).toEqual([{ persons: null }, ['LIBRARY_UNAVAILABLE']]);
  expect([registry.agreements - agreements, registry.calls.length - calls]).toEqual([1, 2]);
  registry.answers = 'well';
  expect(await hub.ask(NAMES)).toMatchObject({ data: { persons: names } });
});
