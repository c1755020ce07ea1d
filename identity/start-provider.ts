import { createServer, type RequestListener } from 'node:http';
import { arrivalLimits } from '@longyuan/settings/arrival-limits.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import { makeProvider } from './make-provider.ts';
import { changeOfKeys, openProviderKeys, openProviderSecrets } from './provider-keys.ts';
import { refuseRequest } from './provider-routes.ts';
import { LONGEST_LIFE_SECONDS } from './token-request.ts';

export type RunningProvider = Readonly<{ issuer: string; close(): Promise<void> }>;

/** Slow requests are for nobody here: whoever asks is on this machine. */
const REQUEST_TIMEOUT_MS = 5_000;

/**
 * Starts the embedded identity provider on loopback, at the port that its issuer names. A rotation of its keys is followed with the next request.
 * @throws Error where the embedded provider is off or the port is taken.
 */
export async function startProvider(
  settings: Pick<Settings, 'dataDir' | 'identity'>,
  onKeyTrouble: (error: unknown) => void = () => {},
): Promise<RunningProvider> {
  const { isEmbedded, issuer, audience, longestLifeSeconds = LONGEST_LIFE_SECONDS } = settings.identity;
  if (!isEmbedded) throw new Error('The embedded identity provider is off: OIDC_ISSUER names another one.');
  const { dataDir } = settings;
  const secrets = await openProviderSecrets(dataDir);
  const make = async (): Promise<RequestListener> => {
    const provider = await makeProvider({ issuer, audience, longestLifeSeconds, keys: await openProviderKeys(dataDir), secrets });
    return provider.callback();
  };
  let answer = await make();
  let change = await changeOfKeys(dataDir);
  let trouble: string | null = null;
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, ...arrivalLimits(REQUEST_TIMEOUT_MS) }, async (request, response) => {
    if (refuseRequest(request, response)) return;
    try {
      const now = await changeOfKeys(dataDir);
      if (now !== change) {
        answer = await make();
        change = now;
      }
      trouble = null;
    } catch (error) {
      // The file is away or damaged: the keys in use stay.
      if (trouble !== String(error)) onKeyTrouble(error);
      trouble = String(error);
    }
    await answer(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: Number(new URL(issuer).port) }, resolve);
  });
  return {
    issuer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
