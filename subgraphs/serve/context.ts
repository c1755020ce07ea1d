import type { AccessSet } from '@longyuan/schema/src/access/access-set.ts';
import type { Caller } from '@longyuan/schema/src/access/caller.ts';
import type { Verifications } from './open-verifications.ts';

/**
 * What every resolver is given: who asks, for which purpose (code of a service item), what they may have, the
 * loaders made for this one request, and what `answerVerification` needs of the caller. Nothing else.
 */
export type Context<Loaders> = Readonly<{
  caller: Caller;
  purpose: string | null;
  access: AccessSet;
  loaders: Loaders;
  verification: Verifications;
}>;
