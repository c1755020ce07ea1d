import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { Agent, request } from 'undici';

/** Whose tokens are believed, and for whom they must be. `isEmbedded`: the provider of this machine; `jwksUrl` null: discovered. */
export type Issuer = Readonly<{ isEmbedded: boolean; issuer: string; audience: string; jwksUrl: string | null }>;

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
      // createLocalJWKSet checks the shape and throws where it is none.
      const find = createLocalJWKSet((await fetchJson(url, agent)) as unknown as JSONWebKeySet);
      held = { find, fetchedAtMs: now() };
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
