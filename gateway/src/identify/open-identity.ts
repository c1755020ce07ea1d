import { PUBLIC } from '@longyuan/schema/src/access/caller.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { Warrant } from '@longyuan/trust/warrant.ts';
import { openPersonKeys } from './ask-person-key.ts';
import { makeIdentify } from './identify.ts';
import { keepIssuerKeys } from './keep-issuer-keys.ts';
import { makeTokenCheck } from './verify-token.ts';

/** Asking for a person's key reads no item, and who asks is just what is not known yet. */
const NO_ITEMS: readonly string[] = [];

export type Identity = Readonly<{ identify: ReturnType<typeof makeIdentify>; close(): Promise<void> }>;

/** Who asks: tokens of the one issuer, and the way to the library that knows persons. Asks neither before the first token comes. */
export function openIdentity(parts: {
  settings: Settings;
  log: Logger;
  libraries: readonly Library[];
  libraryUrl: (library: string) => string;
  warrantFor: (warrant: Warrant) => Promise<string>;
}): Identity {
  const { settings, log, libraries, libraryUrl, warrantFor } = parts;
  const keys = keepIssuerKeys(settings.identity, (error) => log.warn({ err: error }, 'the keys of the identity provider cannot be had'));
  const keeper = libraries.find((library) => library.personKeys)?.name;
  const personKeys =
    keeper === undefined
      ? null
      : openPersonKeys({
          url: libraryUrl(keeper),
          timeoutMs: settings.libraryTimeoutMs,
          warrant: () => warrantFor({ library: keeper, caller: PUBLIC, purpose: null, items: NO_ITEMS }),
        });
  return {
    identify: makeIdentify({ check: makeTokenCheck(settings.identity, keys.find), personKeys }),
    close: async () => {
      await Promise.all([keys.close(), personKeys?.close()]);
    },
  };
}
