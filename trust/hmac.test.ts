import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { openHmac } from './hmac.ts';

test('it is the HMAC of Node’s own, whatever the length of key and text, one after the other', () => {
  for (const keyBytes of [1, 31, 32, 63, 64, 65, 200]) {
    const secret = createSecretKey(randomBytes(keyBytes));
    const hmac = openHmac(secret);
    for (const text of ['', 'a', '统一社会信用代码', 'x'.repeat(63), '\u00e9'.repeat(64), '陇'.repeat(30_000), '👤'.repeat(100), 'after']) {
      expect(hmac(text), `${keyBytes} bytes, ${text.length} characters`).toBe(createHmac('sha256', secret).update(text).digest('base64'));
    }
  }
});
