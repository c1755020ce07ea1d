import type { Settings } from '@longyuan/settings/environment.ts';
import { type Account, writeAccount } from './account.ts';
import { readClientSecret } from './provider-keys.ts';
import { ACCOUNT_GRANT, CLIENT_ID, DEFAULT_LIFE_SECONDS, LIFE_PARAMETER } from './token-request.ts';

const TIMEOUT_MS = 5_000;
const START_IT = '`npm start` starts it with the hub; HUB_PORT and HUB_DATA_DIR must be those of that hub.';

/**
 * A signed token (JWT) of the embedded identity provider for an account, good for `lifeSeconds`.
 * @throws Error that says in a sentence what is missing: the provider is off, does not run, or refuses the account.
 */
export async function askToken(
  settings: Pick<Settings, 'dataDir' | 'identity'>,
  account: Account,
  lifeSeconds: number = DEFAULT_LIFE_SECONDS,
): Promise<string> {
  const { isEmbedded, issuer } = settings.identity;
  if (!isEmbedded) throw new Error('The embedded identity provider is off, because OIDC_ISSUER is set: ask that issuer for tokens.');
  const secret = await readClientSecret(settings.dataDir);
  if (secret === null) throw new Error(`No identity provider has ever run over ${settings.dataDir}. ${START_IT}`);
  const response = await post(`${issuer}/token`, {
    secret,
    body: new URLSearchParams({ grant_type: ACCOUNT_GRANT, ...writeAccount(account), [LIFE_PARAMETER]: String(lifeSeconds) }),
  });
  const answer: unknown = await response.json().catch(() => null);
  const said: Readonly<Record<string, unknown>> = typeof answer === 'object' && answer !== null ? { ...answer } : {};
  if (typeof said['access_token'] === 'string') return said['access_token'];
  if (said['error'] === 'invalid_client')
    throw new Error(`The identity provider at ${issuer} is not that of ${settings.dataDir}. ${START_IT}`);
  throw new Error(`The identity provider gave no token: ${said['error_description'] ?? `it answered ${response.status}`}.`);
}

async function post(url: string, { secret, body }: { secret: string; body: URLSearchParams }): Promise<Response> {
  const credentials = Buffer.from(`${CLIENT_ID}:${secret}`).toString('base64');
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials}` },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    throw new Error(`The identity provider at ${new URL(url).origin} does not answer. ${START_IT}`, { cause });
  }
}
