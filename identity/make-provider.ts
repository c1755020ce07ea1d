import { createHmac } from 'node:crypto';
import type { JWK } from 'jose';
import type { Provider } from 'oidc-provider';
import { ACCOUNT_PARAMETERS, type Account, claimsOf, readAccount, writeAccount } from './account.ts';
import { loadOidcProvider } from './load-oidc-provider.ts';
import type { ProviderKeys, ProviderSecrets } from './provider-keys.ts';
import { discoveryOf } from './provider-routes.ts';
import {
  ACCOUNT_GRANT,
  CLIENT_ID,
  DEFAULT_LIFE_SECONDS,
  LIFE_PARAMETER,
  LONGEST_LIFE_SECONDS,
  lifeRule,
  readLife,
} from './token-request.ts';

/** What a provider speaks for and with. */
export type ProviderParts = Readonly<{
  issuer: string;
  audience: string;
  /** What the hub believes; a token that lasts longer would be given in vain. */
  longestLifeSeconds: number;
  keys: ProviderKeys;
  secrets: ProviderSecrets;
}>;

/** An OIDC provider whose only client is this machine's own command, and whose tokens are signed JWTs (RFC 9068). Keeps nothing. */
export async function makeProvider({ issuer, audience, keys, secrets, ...parts }: ProviderParts): Promise<Provider> {
  const longestLifeSeconds = Math.min(LONGEST_LIFE_SECONDS, parts.longestLifeSeconds);
  const { errors, Provider: OidcProvider } = await loadOidcProvider();
  const provider = new OidcProvider(issuer, {
    // oidc-provider takes secret keys alone here; what replaced keys left is published below.
    jwks: { keys: [{ ...keys.signing, alg: 'EdDSA', use: 'sig' }] },
    adapter: NothingKept,
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: secrets.clientSecret,
        grant_types: [ACCOUNT_GRANT],
        response_types: [],
        redirect_uris: [],
        id_token_signed_response_alg: 'EdDSA',
      },
    ],
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
    },
    clientDefaults: { id_token_signed_response_alg: 'EdDSA' },
    clientAuthMethods: ['client_secret_basic'],
    clientBasedCORS: () => false,
    ttl: { AccessToken: DEFAULT_LIFE_SECONDS },
    extraTokenClaims: ({ oidc: { params = {} } }) => {
      const account = readAccount(params);
      return 'wrong' in account ? undefined : claimsOf(account);
    },
    formats: {
      customizers: {
        jwt: (_ctx, _token, parts) => {
          parts.payload = { ...parts.payload, nbf: parts.payload['iat'] };
        },
      },
    },
    renderError: (ctx, { error }) => {
      ctx.type = 'application/json';
      ctx.body = JSON.stringify({ error });
    },
  });
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route === 'discovery') ctx.body = discoveryOf(issuer);
    if (ctx.oidc?.route !== 'jwks') return;
    // The shape of RFC 7517, as the provider made it.
    const { keys: published } = ctx.body as { keys: readonly unknown[] };
    ctx.body = { keys: [...published, ...stillAccepted(keys)] };
  });
  provider.registerGrantType<Record<string, unknown>>(
    ACCOUNT_GRANT,
    async (ctx) => {
      const { client, params } = ctx.oidc;
      const account = readAccount(params);
      if ('wrong' in account) throw new errors.InvalidRequest(`${account.wrong} ${account.rule}`);
      const life = readLife(params[LIFE_PARAMETER], longestLifeSeconds);
      if (life === null) throw new errors.InvalidRequest(`${LIFE_PARAMETER} ${lifeRule(longestLifeSeconds)}`);
      const resourceServer = new provider.ResourceServer(audience, {
        scope: '',
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'EdDSA', kid: keys.signing.kid } },
      });
      const token = new provider.AccessToken({
        client,
        accountId: subjectOf(account, secrets),
        resourceServer,
        expiresIn: life,
        gty: 'account',
        // No consent was given to anyone: the grant is the client's own.
        grantId: '',
      });
      ctx.body = { access_token: await token.save(), token_type: 'Bearer', expires_in: life };
    },
    [...ACCOUNT_PARAMETERS, LIFE_PARAMETER],
  );
  return provider;
}

/** Names the account and says nothing of it: numbers of people stay out of `sub`, which is logged and kept. */
function subjectOf(account: Account, { subjectKey }: ProviderSecrets): string {
  return createHmac('sha256', subjectKey)
    .update(JSON.stringify(writeAccount(account)))
    .digest('base64url')
    .slice(0, 22);
}

/** Replaced keys of which a token may still be in force: public halves, without the time that they end. */
function stillAccepted({ replaced }: ProviderKeys): readonly JWK[] {
  return replaced
    .filter(({ exp }) => exp === undefined || exp * 1_000 > Date.now())
    .map(({ kty, crv, x, kid }) => ({ kty, crv, x, kid, alg: 'EdDSA', use: 'sig' }) as JWK);
}

/** Tokens are JWTs that carry all they are, and nobody logs in here: nothing is ever stored. */
class NothingKept {
  async upsert(): Promise<void> {}
  async find(): Promise<undefined> {}
  async findByUserCode(): Promise<undefined> {}
  async findByUid(): Promise<undefined> {}
  async consume(): Promise<void> {}
  async destroy(): Promise<void> {}
  async revokeByGrantId(): Promise<void> {}
}
