import { PUBLIC } from '@longyuan/access/caller.ts';
import { subjectKeyRoute } from '@longyuan/trust/routes/subject-key.ts';
import type { SealedCalls } from '../libraries/sealed-calls.ts';
import { askOwner } from '../libraries/sealed-calls.ts';

/** What the library that knows persons says of a citizen number. */
type PersonKey = Readonly<{ kind: 'known'; key: string }> | Readonly<{ kind: 'nobody' }> | Readonly<{ kind: 'unavailable' }>;

export type PersonKeys = Readonly<{ keyOf(idNumber: string, requestId: string): Promise<PersonKey>; close(): void }>;

/** Logins that wait for an answer; more are refused at once. */
const MAX_CALLS = 256;
const MAX_ANSWER_BYTES = 1_000;
/** The way to the library that turns a citizen number into the person's key: once for a token, never for a request. */
export function openPersonKeys(way: Readonly<{ callSealed: SealedCalls; timeoutMs: number }>): PersonKeys {
  // A call serves every request of its token, so none of them ends it.
  const cancellations = new Set<() => void>();

  async function keyOf(idNumber: string, requestId: string): Promise<PersonKey> {
    if (cancellations.size >= MAX_CALLS) return { kind: 'unavailable' };
    // Who asks is just what is not known yet.
    const order = { caller: PUBLIC, requestId, cancellations, timeoutMs: way.timeoutMs, maxBytes: MAX_ANSWER_BYTES };
    const told = await askOwner(way.callSealed, subjectKeyRoute, { idNumber }, order);
    if (told.kind !== 'told') return { kind: 'unavailable' };
    const { key } = told.answer;
    return key === null ? { kind: 'nobody' } : { kind: 'known', key };
  }
  return {
    keyOf,
    close: () => {
      for (const cancel of [...cancellations]) cancel();
    },
  };
}
