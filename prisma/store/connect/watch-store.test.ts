import { afterEach, expect, test, vi } from 'vitest';
import { StoreRefused, watchStore } from './watch-store.ts';

const failing = (code: string) => Object.assign(new Error('said by the database'), { code });
const closing: AbortController[] = [];
afterEach(() => {
  for (const each of closing.splice(0)) each.abort();
  vi.useRealTimers();
});

/** A watch over a store that answers as `store` says; `told` is what stands in the log. */
function watch(store: { prepare?: () => Promise<void>; look?: () => Promise<'READY' | 'SEEDING'>; onUp?: () => Promise<void> }) {
  const told: string[] = [];
  const controller = new AbortController();
  closing.push(controller);
  const watched = watchStore({
    prepare: async () => {},
    look: async () => 'READY',
    endsRefused: true,
    ...store,
    log: { warn: (facts, message) => told.push([...Object.values(facts).filter((fact) => typeof fact === 'string'), message].join(': ')) },
    intervalMs: 1_000,
    signal: controller.signal,
    nowMs: Date.now,
  });
  return { watched, told, controller };
}

test('a library is STARTING until its database was looked at, SEEDING until its rows are made, then READY', async () => {
  vi.useFakeTimers();
  const answers = ['SEEDING', 'SEEDING', 'READY'] as const;
  let looks = 0;
  const { watched } = watch({ look: async () => answers[looks++] ?? 'READY' });
  const seen = [watched.state()];
  for (let second = 0; second < 3; second += 1) {
    await vi.advanceTimersByTimeAsync(second === 0 ? 0 : 1_000);
    seen.push(watched.state());
  }
  expect(seen).toEqual(['STARTING', 'SEEDING', 'SEEDING', 'READY']);
  await watched.firstReady;
});

test.each([
  ['slow to take connections', Object.assign(new Error('timeout expired')), 'takes too long to take a connection'],
  ['behind a wrong password', failing('28P01'), '28P01: the database refuses the hub’s account'],
  ['not there', failing('3D000'), '3D000: the database, its schema or one of its tables is not there'],
  ['read-only', failing('25006'), '25006: the database is read-only'],
  ['on a full disk', failing('53100'), '53100: the disk of the database is full'],
  ['damaged', failing('XX001'), 'XX001: the database cannot read or write its own files'],
  ['unknown to us in what it says', new Error('a thing nobody thought of'), 'the store cannot be brought up'],
])(
  'a database that is %s is waited for in place, for an hour if need be, and told once a minute; then the library is READY by itself',
  async (_, error, reason) => {
    vi.useFakeTimers();
    let tries = 0;
    let isWell = false;
    const { watched, told } = watch({
      prepare: async () => {
        tries += 1;
        if (!isWell) throw error;
      },
    });
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(watched.state()).toBe('DOWN');
    // After 0, 1, 3, 7 and 15 s, and then every ten.
    expect(tries).toBeGreaterThan(350);
    expect(tries).toBeLessThan(366);
    expect(told.length).toBeLessThanOrEqual(61);
    for (const line of told) expect(line).toContain(reason);
    isWell = true;
    await vi.advanceTimersByTimeAsync(10_000);
    expect([watched.state(), told.at(-1)]).toEqual(['READY', 'READY: the database can be used again']);
  },
);

test('a store that is refused ends the wait with the reason; closing ends it too', async () => {
  const { watched: refused } = watch({ prepare: () => Promise.reject(new StoreRefused('made by a newer version')) });
  await expect(refused.firstReady).rejects.toThrow('made by a newer version');
  const { watched: waiting, controller } = watch({ look: async () => 'SEEDING' });
  controller.abort();
  await expect(waiting.firstReady).rejects.toThrow();
});

test('what a question met is looked into at once, and until then and where nothing is found, nobody else is refused', async () => {
  vi.useFakeTimers();
  let looks = 0;
  let trouble: Error | null = null;
  const { watched, told } = watch({
    look: async () => {
      looks += 1;
      if (trouble) throw trouble;
      return 'READY';
    },
  });
  await vi.advanceTimersByTimeAsync(0);
  expect(watched.doubt(failing('57014'))).toMatchObject({ code: '57014', isSlow: true });
  expect(watched.state()).toBe('READY');
  for (let doubt = 0; doubt < 1_000; doubt += 1) watched.doubt(failing('57014'));
  await vi.advanceTimersByTimeAsync(1_000);
  expect([watched.state(), told.length]).toEqual(['READY', 1]);
  expect(looks).toBeLessThan(5);

  trouble = failing('XX002');
  expect(watched.doubt(new TypeError('of our own'))).toBe(null);
  expect(watched.doubt(trouble)).toMatchObject({ code: 'XX002' });
  await vi.advanceTimersByTimeAsync(200);
  expect(watched.state()).toBe('DOWN');
  trouble = null;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(watched.state()).toBe('READY');
});

test('a database that nobody asks is looked at every ten seconds, too, and one that was lost is brought up anew', async () => {
  vi.useFakeTimers();
  const done: string[] = [];
  let isThere = true;
  const { watched } = watch({
    prepare: async () => void done.push('prepare'),
    look: async () => {
      if (!isThere) throw failing('3D000');
      return 'READY';
    },
    onUp: async () => void done.push('up'),
  });
  await vi.advanceTimersByTimeAsync(30_000);
  expect(done).toEqual(['prepare', 'up']);
  isThere = false;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(watched.state()).toBe('DOWN');
  isThere = true;
  await vi.advanceTimersByTimeAsync(1_000);
  expect([watched.state(), done]).toEqual(['READY', ['prepare', 'up', 'prepare', 'up']]);
});
