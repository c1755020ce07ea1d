import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeVerifier, ScramExchange, type ScramVerifier } from './scram.ts';

/** A client as RFC 5802 describes it. `bend` changes what it says last. */
function logIn(
  verifier: ScramVerifier,
  password: string,
  bend: (last: string) => string = (last) => last,
): Readonly<{ answer: string | null; expected: string }> {
  const exchange = new ScramExchange(verifier);
  const bare = 'n=longyuan,r=rOprNGfwEbeRWgbNEkqO';
  const challenge = exchange.first(`n,,${bare}`) ?? '';
  const [, nonce = '', salt = '', iterations = ''] = /^r=(.*),s=(.*),i=(\d+)$/.exec(challenge) ?? [];
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256');
  const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const clientKey = hmac(salted, 'Client Key');
  const withoutProof = `c=biws,r=${nonce}`;
  const signed = `${bare},${challenge},${withoutProof}`;
  const signature = hmac(createHash('sha256').update(clientKey).digest(), signed);
  const proof = Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] ?? 0))).toString('base64');
  const expected = `v=${hmac(hmac(salted, 'Server Key'), signed).toString('base64')}`;
  return { answer: exchange.last(bend(`${withoutProof},p=${proof}`)), expected };
}

const verifier = makeVerifier('a secret of the hub');

test('who knows the password is let in, and is shown that the server knows it too', () => {
  const { answer, expected } = logIn(verifier, 'a secret of the hub');
  expect(answer).toBe(expected);
});

test.each([
  ['another password', 'another secret', (last: string) => last],
  ['an empty password', '', (last: string) => last],
  ['a proof cut short', 'a secret of the hub', (last: string) => last.slice(0, -8)],
  ['no proof', 'a secret of the hub', (last: string) => last.replace(/,p=.*/, '')],
  ['an empty proof', 'a secret of the hub', (last: string) => last.replace(/,p=.*/, ',p=')],
  ['the nonce of another exchange', 'a secret of the hub', (last: string) => last.replace('r=r', 'r=s')],
  ['a binding to a channel', 'a secret of the hub', (last: string) => last.replace('c=biws', 'c=eSws')],
  ['an extension', 'a secret of the hub', (last: string) => last.replace(',p=', ',x=1,p=')],
])('%s is refused', (_, password, bend) => {
  expect(logIn(verifier, password, bend).answer).toBeNull();
});

test.each(['', 'n,,', 'p=tls-server-end-point,,n=,r=abc', 'n,a=admin,n=,r=abc', 'n,,m=must,n=,r=abc', 'n,,n=,r='])(
  '"%s" begins nothing',
  (first) => {
    expect(new ScramExchange(verifier).first(first)).toBeNull();
  },
);

test('nobody ends an exchange that was not begun', () => {
  expect(new ScramExchange(verifier).last('c=,r=,p=AAAA')).toBeNull();
  expect(new ScramExchange(verifier).last('c=biws,r=x,p=AAAA')).toBeNull();
});
