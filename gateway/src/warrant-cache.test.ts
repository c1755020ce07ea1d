import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWarrantKey } from '@longyuan/trust/keys.ts';
import { verifyWarrant } from '@longyuan/trust/warrant.ts';
import { expect, test } from 'vitest';
import { identify } from './identify.ts';
import { keepWarrants } from './warrant-cache.ts';

test('a warrant is signed once per library and renewed after half its life', async () => {
  const key = await openWarrantKey(mkdtempSync(join(tmpdir(), 'warrants-')));
  let now = Date.now();
  const warrantFor = keepWarrants(key, () => now);
  const first = await warrantFor('credit', identify());
  expect(await verifyWarrant(first, 'credit', key)).toEqual({ library: 'credit', caller: { kind: 'internal-developer' } });
  expect(await warrantFor('credit', identify())).toBe(first);
  expect(await warrantFor('population', identify())).not.toBe(first);
  now += 29_000;
  expect(warrantFor('credit', identify())).toBe(warrantFor('credit', identify()));
  const before = warrantFor('credit', identify());
  now += 2_000;
  expect(warrantFor('credit', identify())).not.toBe(before);
});
