import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type IdentitySettings, readEnvironment } from '@longyuan/settings/environment.ts';
import { CompactSign, calculateJwkThumbprint, exportJWK, type GenerateKeyPairResult, generateKeyPair, type JWTPayload } from 'jose';

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
  const { identity }: { identity: IdentitySettings } = readEnvironment({ OIDC_ISSUER: `http://127.0.0.1:${port}` });

  async function makeKey(alg: string): Promise<LittleKey> {
    const pair = await generateKeyPair(alg, { extractable: true });
    const jwk = await exportJWK(pair.publicKey);
    const kid = await calculateJwkThumbprint(jwk);
    return { alg, kid, pair, jwk: { ...jwk, kid, use: 'sig' } };
  }
  const claimsNow = (): JWTPayload => {
    const now = Math.floor(Date.now() / 1_000);
    return { iss: identity.issuer, aud: 'longyuan', sub: 'a1', kind: 'auditor', iat: now, nbf: now, exp: now + 300 };
  };
  const sign = (key: LittleKey, claims: string, header: Record<string, unknown>): Promise<string> =>
    new CompactSign(new TextEncoder().encode(claims))
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header })
      .sign(key.pair.privateKey);
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
    /** Claims that are in order. */
    claims: (): JWTPayload => claimsNow(),
    /** A token that is in order, with something changed. */
    sign: (key: LittleKey, changed: JWTPayload = {}, header: Record<string, unknown> = {}): Promise<string> =>
      sign(key, JSON.stringify({ ...claimsNow(), ...changed }), header),
    /** A token of this very text. */
    signText: (key: LittleKey, claims: string): Promise<string> => sign(key, claims, {}),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type LittleKey = Readonly<{ alg: string; kid: string; pair: GenerateKeyPairResult; jwk: object }>;
