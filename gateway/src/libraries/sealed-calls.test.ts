import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PUBLIC } from '@longyuan/access/caller.ts';
import { openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { Pool } from 'undici';
import { afterAll, expect, test } from 'vitest';
import { openSealedCalls } from './sealed-calls.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'longyuan-calls-'));
afterAll(() => rmSync(dataDir, { recursive: true }));
const keys = await openWarrantKeys({ dataDir, warrantKeyFile: null });

test('an agreement that a fault of the gateway’s own prevented is tried again by the next call', async () => {
  let isReadable = false;
  const current = async () => (isReadable ? keys.current() : Promise.reject(new Error('The key file cannot be read.')));
  const pool = new Pool('http://127.0.0.1:1');
  const callOver = openSealedCalls('credit', {
    ...{ dispatcher: pool, timeoutMs: 1_000, warrantFor: () => 'a.b.c', warrantKeys: { ...keys, current } },
    ...{ findOwnerKey: async () => null, log: { warn: () => {}, info: () => {} } },
  });
  const ask = () =>
    callOver(pool)({
      ...{ path: '/graphql', body: '{}', warrant: { caller: PUBLIC, purpose: null, items: [] }, requestId: 'request-1' },
      ...{ timeoutMs: 1_000, maxBytes: 1_000, cancellations: new Set() },
    });
  await expect(Promise.all([ask(), ask()])).rejects.toThrow('cannot be read');
  isReadable = true;
  // Nobody listens there, and that is found out.
  expect(await ask()).toEqual({ kind: 'unreachable' });
  await pool.destroy();
});
