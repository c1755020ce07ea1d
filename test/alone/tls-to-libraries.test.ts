import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hub } from '@longyuan/deploy/start-hub.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askWell } from '../ask.ts';
import { findHubPort } from '../free-ports.ts';
import { startQuietly } from '../hubs.ts';
import { missingServices } from '../services.ts';

const missing = missingServices('openssl');
if (missing) process.stdout.write(`skipped: TLS between gateway and libraries (${missing})\n`);

describe.skipIf(missing)('with certificates on both sides', () => {
  const folder = mkdtempSync(join(tmpdir(), 'longyuan-tls-'));
  const file = (name: string) => join(folder, name);
  let hub: Hub;
  let port = 0;

  /** An authority, or a certificate for this machine that it signs. */
  function certify(name: string, signer: string | null): void {
    const whose = ['-keyout', file(`${name}.key`), '-out', file(`${name}.pem`), '-subj', `/CN=${name}`, '-days', '2', '-nodes'];
    const signed =
      signer === null ? [] : ['-CA', file(`${signer}.pem`), '-CAkey', file(`${signer}.key`), '-addext', 'subjectAltName=IP:127.0.0.1'];
    const kind = signer === null ? [] : ['-addext', 'basicConstraints=critical,CA:FALSE'];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', ...whose, ...signed, ...kind], {
      stdio: 'pipe',
    });
  }

  beforeAll(async () => {
    for (const [name, signer] of [
      ['authority', null],
      ['library', 'authority'],
      ['gateway', 'authority'],
      ['stranger', null],
    ] as const)
      certify(name, signer);
    port = await findHubPort();
    hub = await startQuietly({
      HUB_PORT: String(port),
      HUB_DATA_DIR: join(folder, 'data'),
      HUB_PERSONS: '100',
      HUB_LOG_LEVEL: 'silent',
      HUB_SUBGRAPH_TLS_CERT: file('library.pem'),
      HUB_SUBGRAPH_TLS_KEY: file('library.key'),
      HUB_SUBGRAPH_TLS_CA: file('authority.pem'),
      HUB_GATEWAY_TLS_CERT: file('gateway.pem'),
      HUB_GATEWAY_TLS_KEY: file('gateway.key'),
      HUB_GATEWAY_TLS_CA: file('authority.pem'),
    });
  });
  afterAll(async () => {
    await hub?.stop();
    rmSync(folder, { recursive: true });
  });

  /** Status of `GET /health` of the first library, or the code with which the connection failed. */
  const health = (shown: string | null, trusted: string) =>
    new Promise<number | string>((resolve) => {
      const own = shown === null ? {} : { cert: readFileSync(file(`${shown}.pem`)), key: readFileSync(file(`${shown}.key`)) };
      const asked = request(
        { host: '127.0.0.1', port: port + 1, path: '/health', ca: readFileSync(file(`${trusted}.pem`)), ...own },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        },
      );
      asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      asked.end();
    });

  test('the gateway asks its libraries over HTTPS', async () => {
    const answer = await askWell({ url: `http://127.0.0.1:${port}` }, '{ division(code: "620000") { name } licenseTypes { code } }');
    expect(answer.division).toEqual({ name: '甘肃省' });
  });

  test('a library speaks with nobody who shows no certificate of the authority', async () => {
    expect(await health('gateway', 'authority')).toBe(200);
    expect(await health(null, 'authority')).toMatch(/^(ERR_SSL_|ECONNRESET)/);
    expect(await health('stranger', 'authority')).toMatch(/^(ERR_SSL_|ECONNRESET)/);
  });

  test('one who trusts another authority does not take the library for itself', async () => {
    expect(await health('gateway', 'stranger')).toMatch(/CERT|SIGNATURE|ISSUER/);
  });

  test('plain HTTP is not answered', async () => {
    await expect(fetch(`http://127.0.0.1:${port + 1}/health`)).rejects.toThrow();
  });
});
