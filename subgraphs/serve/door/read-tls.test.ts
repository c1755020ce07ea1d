import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ownHosts, readTls } from './read-tls.ts';

/** Of a made-up library: for credit.example, *.credit.example and 10.1.2.3. Nobody has its key any more. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBrTCCAVSgAwIBAgIUbeH5giYuWxADCDKrOTCEQHI6fIgwCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGY3JlZGl0MCAXDTI2MTEzMDAyMjM1M1oYDzIxMjYxMTA2MDIy
MzUzWjARMQ8wDQYDVQQDDAZjcmVkaXQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AATqMUvriaVuw1jAPpHxeHtR4SpQjM2Zg5BZMh8w+lyDjXVNZAI9OhoxTx1DYhoC
CneF+TfVsf3OQIlgy1Fa1jyWo4GHMIGEMB0GA1UdDgQWBBRWgiTv/JysmewQzEvp
nFrgzC6m8zAfBgNVHSMEGDAWgBRWgiTv/JysmewQzEvpnFrgzC6m8zAPBgNVHRMB
Af8EBTADAQH/MDEGA1UdEQQqMCiCDmNyZWRpdC5leGFtcGxlghAqLmNyZWRpdC5l
eGFtcGxlhwQKAQIDMAoGCCqGSM49BAMCA0cAMEQCIAVY13a66HLgSKe7v6oRdNPG
5KEcgI2IS2rYrKjYeGqRAiA5YE+MH+1FaUVE1ziGlS2+kY8hDtkxP3+ZNhEpll8Q
Qw==
-----END CERTIFICATE-----
`;

const folder = mkdtempSync(join(tmpdir(), 'longyuan-tls-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a library is called as this machine, and by the names of its certificate', () => {
  const own = ownHosts({ cert: CERTIFICATE, key: '', minVersion: 'TLSv1.2' });
  expect(['localhost', '127.0.0.1', '[::1]', 'credit.example', 'a.credit.example', '10.1.2.3'].filter((name) => !own(name))).toEqual([]);
  expect(['', 'credit', 'evil.example', 'a.b.credit.example', '10.1.2.4', '0.0.0.0', 'credit.example.evil.example'].filter(own)).toEqual(
    [],
  );
  expect(['credit.example', '10.1.2.3', ''].filter(ownHosts(null))).toEqual([]);
});

test('a key that is not that of the certificate is named', async () => {
  const files = { cert: join(folder, 'a.pem'), key: join(folder, 'a.key') };
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(files.cert, CERTIFICATE);
  writeFileSync(files.key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  await expect(readTls({ own: files, ca: null })).rejects.toThrow(`${files.key} is not the key of the certificate in ${files.cert}`);
  writeFileSync(files.key, 'x');
  await expect(readTls({ own: files, ca: null })).rejects.toThrow(`${files.key} holds no private key`);
  await expect(readTls({ own: null, ca: null })).resolves.toBeNull();
});
