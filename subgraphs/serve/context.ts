import type { AccessSet } from '@longyuan/schema/src/access/access-set.ts';
import type { Caller } from '@longyuan/trust/warrant.ts';

/** What every resolver is given: who asks, what they may have, and the loaders made for this one request. Nothing else. */
export type Context<Loaders> = Readonly<{ caller: Caller; access: AccessSet; loaders: Loaders }>;
