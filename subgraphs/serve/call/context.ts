import type { AccessSet } from '@longyuan/access/access-set.ts';
import type { Caller } from '@longyuan/access/caller.ts';
import type { SealedCursors } from '@longyuan/trust/sealed-cursor.ts';
import type { VerificationsFor } from '../verification/open-verifications.ts';
import type { Execution } from './execution.ts';

/**
 * What every resolver is given: who asks, for which purpose (code of a service item), what they may have, the
 * loaders made for this one request, what `answerVerification` begins with, the library's cursors, and the execution itself. Nothing else.
 */
export type Context<Loaders> = Readonly<{
  caller: Caller;
  purpose: string | null;
  access: AccessSet;
  loaders: Loaders;
  verificationsFor: VerificationsFor;
  /** Of lists whose places may not be told. */
  cursors: SealedCursors;
  execution: Execution;
}>;
