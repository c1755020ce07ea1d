import { expect, test } from 'vitest';
import { watchReadiness } from './readiness.ts';

const gone = () => Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });

test('a library is STARTING until its database is there, SEEDING until its seed is complete, then READY', async () => {
  const seen: string[] = [];
  const troubles: unknown[] = [];
  let tries = 0;
  const readiness = watchReadiness({
    prepare: async () => {
      if (++tries < 3) throw gone();
    },
    isSeeded: async () => {
      seen.push(readiness.state());
      return seen.length === 2;
    },
    onTrouble: (error) => troubles.push(error),
    intervalMs: 1,
    signal: new AbortController().signal,
  });
  expect(readiness.state()).toBe('STARTING');
  await readiness.firstReady;
  expect([tries, troubles.length, seen, readiness.state()]).toEqual([3, 1, ['STARTING', 'SEEDING'], 'READY']);
});

test('a store that is refused ends the wait with the reason; closing ends it too', async () => {
  const options = { isSeeded: async () => false, onTrouble: () => {}, intervalMs: 1, signal: new AbortController().signal };
  const refused = watchReadiness({ ...options, prepare: () => Promise.reject(new Error('made by a newer version')) });
  await expect(refused.firstReady).rejects.toThrow('made by a newer version');
  const closing = new AbortController();
  const waiting = watchReadiness({ ...options, prepare: async () => {}, signal: closing.signal });
  closing.abort();
  await expect(waiting.firstReady).rejects.toThrow();
});

test('a doubted library is looked at again and is back by itself, without migrating again', async () => {
  let prepared = 0;
  let isThere = true;
  const back = Promise.withResolvers<void>();
  const readiness = watchReadiness({
    prepare: async () => {
      prepared++;
    },
    isSeeded: async () => {
      if (isThere) return true;
      isThere = true;
      // The look after this one finds the database again.
      setImmediate(back.resolve);
      throw gone();
    },
    onTrouble: () => {},
    intervalMs: 0,
    signal: new AbortController().signal,
  });
  await readiness.firstReady;
  isThere = false;
  readiness.doubt();
  expect(readiness.state()).toBe('STARTING');
  await back.promise;
  await expect.poll(readiness.state).toBe('READY');
  expect(prepared).toBe(1);
});
