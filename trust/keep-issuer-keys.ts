import { createLocalJWKSet, errors, flattenedVerify, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { Agent, request } from 'undici';
import { usableKeys } from './usable-issuer-keys.ts';

/** Whose tokens are believed, and for whom they must be. `isEmbedded`: the provider of this machine; `jwksUrl` null: discovered. */
export type Issuer = Readonly<{
  isEmbedded: boolean;
  issuer: string;
  audience: string;
  jwksUrl: string | null;
  /** No token that lasts longer is believed; left out: a day. */
  longestLifeSeconds?: number;
  /** What a token's header may say that it is (`typ`), `none` for one that says nothing; left out: as `TOKEN_TYPES`. */
  tokenTypes?: readonly string[];
}>;

/** The issuer's keys are asked for again after this long, while the ones at hand go on being used. */
const FRESH_MS = 600_000;
/** Keys that could not be asked for again are used no longer than this. */
const STALE_MS = 3_600_000;
/** A token whose key is not known makes the keys be asked for anew, but no sooner than this after the last time. */
const COOLDOWN_MS = 1_000;
const TIMEOUT_MS = 3_000;
const MAX_BYTES = 256_000;

/** The issuer's keys cannot be had, so nothing can be said of a token. */
export class IssuerSilent extends Error {
  constructor() {
    super('The keys of the identity provider cannot be had.');
  }
}

export type IssuerKeys = Readonly<{ find: JWTVerifyGetKey; close(): Promise<void> }>;

/**
 * The keys of an issuer, fetched when they are first needed, kept, and asked for again as they grow old or a token names one that is not
 * known: a change of keys needs nobody's hand. `find` throws IssuerSilent, or jose's own error for a key that the issuer does not have.
 */
export function keepIssuerKeys(
  issuer: Pick<Issuer, 'issuer' | 'jwksUrl'>,
  onSilence: (error: unknown) => void = () => {},
  now: () => number = Date.now,
): IssuerKeys {
  const agent = new Agent({ connections: 2, maxResponseSize: MAX_BYTES, connect: { timeout: TIMEOUT_MS }, allowH2: false });
  let held: Readonly<{ find: JWTVerifyGetKey; fetchedAtMs: number }> | null = null;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let isSilent = false;
  let asking: Promise<void> | null = null;

  async function ask(): Promise<void> {
    triedAtMs = now();
    try {
      const url = issuer.jwksUrl ?? (await discover(issuer.issuer, agent));
      // jose types what it then checks.
      const jwks = { keys: usableKeys(await fetchJson(url, agent)) } as unknown as JSONWebKeySet;
      held = { find: findFitting(createLocalJWKSet(jwks)), fetchedAtMs: now() };
      isSilent = false;
    } catch (error) {
      isSilent = true;
      onSilence(error);
    }
  }
  const askOnce = (): Promise<void> => {
    asking ??= ask().finally(() => {
      asking = null;
    });
    return asking;
  };
  const mayAsk = () => asking !== null || now() - triedAtMs >= COOLDOWN_MS;
  const ageMs = () => (held ? now() - held.fetchedAtMs : Number.POSITIVE_INFINITY);

  const find: JWTVerifyGetKey = async (...asked) => {
    if (ageMs() > FRESH_MS && mayAsk()) {
      const answer = askOnce();
      if (ageMs() > STALE_MS) await answer;
    }
    if (!held || ageMs() > STALE_MS) throw new IssuerSilent();
    try {
      return await held.find(...asked);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      if (mayAsk()) await askOnce();
      if (isSilent) throw new IssuerSilent();
      return held.find(...asked);
    }
  };
  return { find, close: () => agent.destroy() };
}

/**
 * As `find`, and where it is not the `kid` that says which of several keys is meant (RFC 7515, 4.1.4: it need not be there), the one that
 * the token is signed with. Without `kid`, a key that does not fit is none: the issuer may have another one by now.
 */
function findFitting(find: JWTVerifyGetKey): JWTVerifyGetKey {
  return async (header, token) => {
    const found = await Promise.try(() => find(header, token)).catch((error: unknown) => {
      if (error instanceof errors.JWKSMultipleMatchingKeys) return error;
      throw error;
    });
    const isNamed = typeof header.kid === 'string' && !(found instanceof Error);
    if (isNamed) return found;
    for await (const key of found instanceof Error ? found : [found]) {
      const fits = await flattenedVerify(token, key, { algorithms: [String(header.alg)] }).then(
        () => true,
        () => false,
      );
      if (fits) return key;
    }
    throw new errors.JWKSNoMatchingKey();
  };
}

/** Where the issuer says that its keys are (OpenID Connect Discovery 1.0). */
async function discover(issuer: string, agent: Agent): Promise<string> {
  const told = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, agent);
  const { jwks_uri: url } = told;
  if (told['issuer'] !== issuer || typeof url !== 'string') throw new Error('The discovery document is not that of the issuer.');
  if (issuer.startsWith('https:') && !url.startsWith('https:')) throw new Error('The issuer publishes its keys without TLS.');
  return url;
}

async function fetchJson(url: string, agent: Agent): Promise<Readonly<Record<string, unknown>>> {
  const { statusCode, body } = await request(url, {
    dispatcher: agent,
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`The identity provider answered ${statusCode}.`);
  const told: unknown = JSON.parse(text);
  if (typeof told !== 'object' || told === null) throw new Error('The identity provider answered no JSON object.');
  return { ...told };
}
