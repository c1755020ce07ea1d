import {
  type CheckingKeys,
  checkWith,
  follow,
  type OnKeyTrouble,
  readBoth,
  readHalves,
  type SigningKeys,
  signWith,
} from './follow-keys.ts';
import { ownerKeyPath } from './keys.ts';
import { readOnce } from './read-once.ts';

/**
 * The keys of a library's owner: the one it signs with now, looked for at each signature, and those it signed with before. None is made here:
 * an owner whose key is gone signs nothing.
 */
export function openOwnerKeys(dataDir: string, library: string, onTrouble: OnKeyTrouble = () => {}): SigningKeys {
  const path = ownerKeyPath(dataDir, library);
  const open = readOnce(async () => signWith(await follow(path, readBoth, onTrouble), 0));
  return { current: async () => (await open()).current(), find: async (kid) => (await open()).find(kid) };
}

/** The public halves of an owner's keys, as they lie with others; there may be none yet, since the owner makes them. @throws KeyFault */
export async function openOwnerCheckingKeys(dataDir: string, library: string, onTrouble: OnKeyTrouble = () => {}): Promise<CheckingKeys> {
  return checkWith(await follow(ownerKeyPath(dataDir, library), readHalves, onTrouble, { checking: [] }));
}
