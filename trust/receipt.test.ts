import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readReceipt } from '../test/read-receipt.ts';
import { rotateKeyFile } from './key-file.ts';
import { openOwnerKey, openReceiptKey, ownerKeyPath } from './keys.ts';
import { openOwnerKeys } from './owner-keys.ts';
import { hashClaimed, signReceipt } from './receipt.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'longyuan-receipts-'));
afterAll(() => rmSync(dataDir, { recursive: true }));
await Promise.all(['population', 'credit'].map((library) => openOwnerKey(dataDir, library)));
const keys = openOwnerKeys(dataDir, 'population');
const receipt = {
  receiptNo: '5f1c',
  library: 'population',
  checkedAt: '2026-06-01T02:00:00.000Z',
  caller: '11629901000000027G',
  purpose: null,
  items: ['P001', 'P002'],
  result: 'MATCH',
  compared: 'hash',
};

test('a receipt is read with the key of its owner, also after that was replaced, and with nobody else’s', async () => {
  const jws = await signReceipt(receipt, await keys.current());
  expect(await readReceipt(jws, keys)).toEqual(receipt);
  const others = openOwnerKeys(dataDir, 'credit');
  await others.current();
  expect(await readReceipt(jws, others)).toBeNull();
  await rotateKeyFile(ownerKeyPath(dataDir, 'population'), null);
  expect(await readReceipt(jws, openOwnerKeys(dataDir, 'population'))).toEqual(receipt);
});

test('a receipt that was changed is nobody’s', async () => {
  const [header, , seal] = (await signReceipt(receipt, await keys.current())).split('.');
  const other = Buffer.from(JSON.stringify({ ...receipt, result: 'MISMATCH' })).toString('base64url');
  expect(await readReceipt(`${header}.${other}.${seal}`, keys)).toBeNull();
  expect(await readReceipt('nonsense', keys)).toBeNull();
});

test('what was compared is confirmed by the owner alone, and alike claims do not look alike', async () => {
  const secret = await openReceiptKey(dataDir, 'population');
  const claimed = { subject: '11010519491231002X', values: { P002: '王五', P001: '11010519491231002X' } };
  const hash = hashClaimed(claimed, '1', secret);
  expect(
    hashClaimed({ ...claimed, values: { P001: '11010519491231002X', P002: '王五' } }, '1', await openReceiptKey(dataDir, 'population')),
  ).toBe(hash);
  expect(hashClaimed(claimed, '2', secret)).not.toBe(hash);
  expect(hashClaimed({ ...claimed, values: { P002: '王六' } }, '1', secret)).not.toBe(hash);
  expect(hashClaimed(claimed, '1', await openReceiptKey(dataDir, 'credit'))).not.toBe(hash);
});
