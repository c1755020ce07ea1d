import { duringCall, openCall } from '@longyuan/prisma/store/connect/call.ts';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { openDirectoryStore } from './directory-store.ts';

test('the directory is asked in turns: what a caller without a token heaps up is nobody else’s business, and ends with its call', async () => {
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const query = (sql: string): Promise<{ rows: [] }> => {
    asked.push(sql);
    return new Promise((resolve) => answers.push(() => resolve({ rows: [] })));
  };
  // All that the store uses of a pool.
  const pool = { query } as unknown as pg.Pool;
  const store = openDirectoryStore({ poolNow: () => pool, places: 3, timeoutMs: 30_000, onTrouble: () => {} });
  const anyone = openCall('public');
  const heap = duringCall(anyone, () => Array.from({ length: 600 }, () => store.ask('of anyone', [])));
  const department = duringCall(openCall('department 11629901000000019M'), () => store.ask('of a department', []));
  const hub = store.ask('of the hub', []);
  await expect.poll(() => asked).toEqual(['of anyone', 'of a department', 'of the hub']);
  anyone.end();
  for (const answer of answers) answer();
  expect(await Promise.all([department, hub])).toEqual([[], []]);
  const ends = (await Promise.allSettled(heap)).map((each) => (each.status === 'rejected' ? each.reason.extensions.code : 'ANSWERED'));
  expect(ends).toEqual(['ANSWERED', ...Array(599).fill('LIBRARY_TIMEOUT')]);
  expect(asked).toHaveLength(3);
});
