import { WARRANT_HEADER } from '@longyuan/trust/warrant.ts';
import { Pool } from 'undici';
import { callLibrary } from '../call-library.ts';
import { REQUEST_ID_HEADER } from '../request-id.ts';

/** What the library that knows persons says of a citizen number. */
export type PersonKey = Readonly<{ kind: 'known'; key: string }> | Readonly<{ kind: 'nobody' }> | Readonly<{ kind: 'unavailable' }>;

export type PersonKeys = Readonly<{ keyOf(idNumber: string, requestId: string): Promise<PersonKey>; close(): Promise<void> }>;

const CONNECTIONS = 4;
/** Logins that wait for an answer; more are refused at once. */
const MAX_CALLS = 256;
const MAX_ANSWER_BYTES = 1_000;

/** The way to the library that turns a citizen number into the person's key: once for a token, never for a request. */
export function openPersonKeys(way: Readonly<{ url: string; timeoutMs: number; warrant: () => Promise<string> }>): PersonKeys {
  const pool = new Pool(way.url, { connections: CONNECTIONS, headersTimeout: 0, bodyTimeout: 0, allowH2: false });
  // A call serves every request of its token, so none of them ends it.
  const cancellations = new Set<() => void>();

  async function keyOf(idNumber: string, requestId: string): Promise<PersonKey> {
    if (cancellations.size >= MAX_CALLS) return { kind: 'unavailable' };
    const ending = await callLibrary(pool, {
      method: 'POST',
      path: '/subject-key',
      headers: { 'content-type': 'application/json', [WARRANT_HEADER]: await way.warrant(), [REQUEST_ID_HEADER]: requestId },
      body: JSON.stringify({ idNumber }),
      timeoutMs: way.timeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
      cancellations,
    });
    return ending.kind === 'answered' && ending.status === 200 ? readKey(ending.text) : { kind: 'unavailable' };
  }
  return {
    keyOf,
    close: async () => {
      for (const cancel of [...cancellations]) cancel();
      await pool.destroy();
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
