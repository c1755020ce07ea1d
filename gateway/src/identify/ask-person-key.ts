import { PUBLIC } from '@longyuan/access/caller.ts';
import type { SealedCalls } from '../sealed-calls.ts';

/** What the library that knows persons says of a citizen number. */
type PersonKey = Readonly<{ kind: 'known'; key: string }> | Readonly<{ kind: 'nobody' }> | Readonly<{ kind: 'unavailable' }>;

export type PersonKeys = Readonly<{ keyOf(idNumber: string, requestId: string): Promise<PersonKey>; close(): void }>;

/** Logins that wait for an answer; more are refused at once. */
const MAX_CALLS = 256;
const MAX_ANSWER_BYTES = 1_000;
/** Asking for a person's key reads no item, and who asks is just what is not known yet. */
const WARRANT = { caller: PUBLIC, purpose: null, items: [] };

/** The way to the library that turns a citizen number into the person's key: once for a token, never for a request. */
export function openPersonKeys(way: Readonly<{ callSealed: SealedCalls; timeoutMs: number }>): PersonKeys {
  // A call serves every request of its token, so none of them ends it.
  const cancellations = new Set<() => void>();

  async function keyOf(idNumber: string, requestId: string): Promise<PersonKey> {
    if (cancellations.size >= MAX_CALLS) return { kind: 'unavailable' };
    const ending = await way.callSealed({
      path: '/subject-key',
      body: JSON.stringify({ idNumber }),
      warrant: WARRANT,
      requestId,
      timeoutMs: way.timeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
      cancellations,
    });
    return ending.kind === 'answered' && ending.status === 200 ? readKey(ending.text) : { kind: 'unavailable' };
  }
  return {
    keyOf,
    close: () => {
      for (const cancel of [...cancellations]) cancel();
    },
  };
}

function readKey(text: string): PersonKey {
  try {
    const told: unknown = JSON.parse(text);
    if (typeof told !== 'object' || told === null || !('key' in told)) return { kind: 'unavailable' };
    if (told.key === null) return { kind: 'nobody' };
    return typeof told.key === 'string' && told.key !== '' ? { kind: 'known', key: told.key } : { kind: 'unavailable' };
  } catch {
    return { kind: 'unavailable' };
  }
}
