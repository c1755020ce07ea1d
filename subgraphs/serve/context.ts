import type { Caller } from '@longyuan/trust/warrant.ts';

/** What every resolver is given: who asks, and the loaders made for this one request. Nothing else. */
export type Context<Loaders> = Readonly<{ caller: Caller; loaders: Loaders }>;
