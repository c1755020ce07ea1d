import type { CheckingKeys } from '@longyuan/trust/follow-keys.ts';
import { keepSeals } from '@longyuan/trust/keep-seals.ts';
import type { SigningKey } from '@longyuan/trust/keys.ts';
import { digestOf } from '@longyuan/trust/seal.ts';
import { WARRANT_HEADER } from '@longyuan/trust/warrant.ts';
import type { ReadTold } from './own-rows.ts';
import { type AcceptedWarrant, rememberWarrants } from './verify-call.ts';

/** A call before its body is read. `target`: path and query, as they stand in the request line. */
export type CallHead = Readonly<{
  method: string;
  target: string;
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}>;

/** A call whose head is in order; `isSealedBody` says whether the body is the one that was sealed, and comes for the first time. */
export type AdmittedCall = Readonly<{ warrant: AcceptedWarrant; isSealedBody: (body: Uint8Array) => boolean }>;

/** Why a call is not admitted. Only that its seal's key is not known is told: the gateway then agrees on another. */
type NotAdmitted = 'SEAL_UNKNOWN' | 'REFUSED';

/** What becomes of a call at its head. */
export type Admission = AdmittedCall | NotAdmitted;

/** The one place where a library decides whom it answers. */
export type SecondDoor = Readonly<{
  /** At once where the warrant is remembered. */
  admit: (head: CallHead) => Admission | Promise<Admission>;
  /** Answers a gateway's offer of a seal key; null where it is not valid. */
  agree: (offer: string) => Promise<string | null>;
}>;

/** Admits calls that carry a warrant for this very library under a seal over all that matters of the call. */
export function openSecondDoor(
  parties: Readonly<{ library: string; gateway: CheckingKeys; owner: SigningKey; readTold?: ReadTold }>,
): SecondDoor {
  const seals = keepSeals(parties);
  const warrantIn = rememberWarrants(parties.library, parties.gateway, parties.readTold);
  return {
    agree: seals.agree,
    admit: ({ method, target, headers }) => {
      const { 'content-digest': contentDigest, [WARRANT_HEADER]: token } = headers;
      // A query is not sealed, and nothing here reads one.
      if (typeof contentDigest !== 'string' || typeof token !== 'string' || target.includes('?')) return 'REFUSED';
      const finding = seals.inspect({ method, path: target, headers, contentDigest });
      if (finding.kind !== 'SEALED') return finding.kind === 'UNKNOWN' ? 'SEAL_UNKNOWN' : 'REFUSED';
      const under = (warrant: AcceptedWarrant | null): Admission =>
        warrant ? { warrant, isSealedBody: (body) => digestOf(body) === contentDigest && finding.spend() } : 'REFUSED';
      const found = warrantIn(token);
      return found instanceof Promise ? found.then(under) : under(found);
    },
  };
}
