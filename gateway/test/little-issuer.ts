import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IdentitySettings } from '@longyuan/settings/environment.ts';
import { calculateJwkThumbprint, exportJWK, type GenerateKeyPairResult, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** An identity provider that signs whatever a test wants, over real HTTP, with a key of each accepted kind. */
export async function startLittleIssuer() {
  const published: object[] = [];
  let isSilent = false;
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    if (isSilent) return void response.socket?.destroy();
    const { port } = server.address() as AddressInfo;
    const issuer = `http://127.0.0.1:${port}`;
    const told = request.url === '/jwks' ? { keys: published } : { issuer, jwks_uri: `${issuer}/jwks` };
    return void response.setHeader('content-type', 'application/json').end(JSON.stringify(told));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const identity: IdentitySettings = { isEmbedded: false, issuer: `http://127.0.0.1:${port}`, audience: 'longyuan', jwksUrl: null };

  async function makeKey(alg: string): Promise<LittleKey> {
    const pair = await generateKeyPair(alg, { extractable: true });
    const jwk = await exportJWK(pair.publicKey);
    const kid = await calculateJwkThumbprint(jwk);
    return { alg, kid, pair, jwk: { ...jwk, kid, use: 'sig' } };
  }
  return {
    identity,
    /** Makes a key of this algorithm and publishes it, unless the test does so later. */
    newKey: async (alg: string, publish = true): Promise<LittleKey> => {
      const key = await makeKey(alg);
      if (publish) published.push(key.jwk);
      return key;
    },
    publish: (key: LittleKey) => published.push(key.jwk),
    silence: (silent: boolean) => {
      isSilent = silent;
    },
    asked: () => asked,
    /** A token that is in order, with something changed. */
    sign: (key: LittleKey, changed: JWTPayload = {}, header: Record<string, unknown> = {}): Promise<string> => {
      const now = Math.floor(Date.now() / 1_000);
      const claims = { iss: identity.issuer, aud: 'longyuan', sub: 'a1', kind: 'auditor', iat: now, nbf: now, exp: now + 300, ...changed };
      return new SignJWT(claims).setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header }).sign(key.pair.privateKey);
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type LittleKey = Readonly<{ alg: string; kid: string; pair: GenerateKeyPairResult; jwk: object }>;
