import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { opaqueKeyOf } from './opaque-key.ts';

test('an opaque key is the HMAC-SHA-256 of kind and number, its first 16 bytes as a UUID', () => {
  const key = Buffer.alloc(32, 7);
  const opaqueKey = opaqueKeyOf(key);
  for (const number of ['629901199003071235', '甘(2019)城关区', 'x'.repeat(200), '1']) {
    const hex = createHmac('sha256', key).update(`license:${number}`).digest('hex');
    expect(opaqueKey('license', number).replaceAll('-', '')).toBe(hex.slice(0, 32));
  }
  expect(opaqueKey('person', '1')).not.toBe(opaqueKeyOf(Buffer.alloc(32, 8))('person', '1'));
});
