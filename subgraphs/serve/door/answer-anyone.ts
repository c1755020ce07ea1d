import { PUBLIC } from '@longyuan/access/caller.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { SecondDoor } from './second-door.ts';

/**
 * In place of the check of warrants and seals where HUB_WARRANT_CHECK is off: whoever calls holds a warrant for everything, and the log says so.
 * That setting is accepted over the embedded demo alone; that the library cannot be reached from elsewhere is checked here.
 * @throws Error where the library would listen on anything but loopback.
 */
export function answerAnyone(guarded: SecondDoor, library: string, host: string, log: Pick<Logger, 'warn'>): SecondDoor {
  if (host !== '127.0.0.1')
    throw new Error(`HUB_WARRANT_CHECK is off, and the library ${library} would listen on ${host}: it is for 127.0.0.1 only.`);
  log.warn({ library }, 'HUB_WARRANT_CHECK is off: this library answers every call on this machine WITHOUT A WARRANT');
  const warrant = { caller: PUBLIC, purpose: null, items: { has: () => true } };
  // Seals are still agreed on: the hub's own gateway goes its ordinary way.
  return { ...guarded, admit: () => ({ warrant, isSealedBody: () => true }) };
}
