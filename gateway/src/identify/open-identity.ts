import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { keepIssuerKeys } from '@longyuan/trust/keep-issuer-keys.ts';
import { makeTokenCheck } from '@longyuan/trust/verify-token.ts';
import type { LibraryWay } from '../libraries/library-source.ts';
import { openPersonKeys } from './ask-person-key.ts';
import { makeIdentify } from './identify.ts';

export type Identity = Readonly<{ identify: ReturnType<typeof makeIdentify>; close(): Promise<void> }>;

/** Who asks: tokens of the one issuer, and the way to the library that knows persons. Asks neither before the first token comes. */
export function openIdentity(parts: {
  settings: Settings;
  log: Logger;
  libraries: readonly Library[];
  ways: ReadonlyMap<string, Pick<LibraryWay, 'callForHub'>>;
}): Identity {
  const { settings, log, libraries, ways } = parts;
  const keys = keepIssuerKeys(settings.identity, (error) => log.warn({ err: error }, 'the keys of the identity provider cannot be had'));
  const keeper = ways.get(libraries.find((library) => library.personKeys)?.name ?? '');
  const personKeys = keeper ? openPersonKeys({ callSealed: keeper.callForHub, timeoutMs: settings.libraryTimeoutMs }) : null;
  return {
    identify: makeIdentify({ check: makeTokenCheck(settings.identity, keys.find), personKeys }),
    close: async () => {
      personKeys?.close();
      await keys.close();
    },
  };
}
