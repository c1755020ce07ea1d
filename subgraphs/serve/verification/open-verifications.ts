import type { Caller } from '@longyuan/access/caller.ts';
import type { SigningKey } from '@longyuan/trust/keys.ts';
import { type Claimed, hashClaimed, type Receipt, signReceipt } from '@longyuan/trust/receipt.ts';
import { boundGuesses, type Guess } from './bound-guesses.ts';

/** What a verification needs, bound to the caller and the purpose of one request. */
type Verifications = Readonly<{
  /** Begins one guess about a subject. @throws GraphQLError RATE_LIMITED where the caller has guessed wrong too often. */
  guess: (subject: string) => Guess;
  /** The signed receipt of what was answered. */
  receipt: (of: Answered) => Promise<string>;
}>;
export type VerificationsFor = (caller: Caller, purpose: string | null) => Verifications;

type Answered = Pick<Receipt, 'receiptNo' | 'result'> & Readonly<{ checkedAt: Date; claimed: Claimed }>;

/** What the owner signs receipts with, and the secret of their hashes; asked for when a receipt is. */
type OwnerKeys = Readonly<{ current: () => Promise<SigningKey>; receiptSecret: () => Promise<Buffer> }>;

/** Key files are looked at anew after this long: a key that was replaced signs no more. */
const KEYS_KNOWN_MS = 1_000;
const NO_GUESS: Guess = Object.freeze({ settle() {} });

/** Bounds the guesses of all callers of a library, and signs its receipts. Nothing of a verification is kept but the counts, in memory. */
export function openVerifications(library: {
  name: string;
  mostMismatches: Readonly<{ ofSubject: number; ofCaller: number }>;
  keys: OwnerKeys;
}): VerificationsFor {
  const { name, keys } = library;
  const guess = boundGuesses(library.mostMismatches);
  let known: Readonly<{ keys: Promise<readonly [SigningKey, Buffer]>; untilMs: number }> | undefined;
  const keysNow = (): Promise<readonly [SigningKey, Buffer]> => {
    if (!known || known.untilMs <= performance.now()) {
      known = { keys: Promise.all([keys.current(), keys.receiptSecret()]), untilMs: performance.now() + KEYS_KNOWN_MS };
    }
    return known.keys;
  };
  return (caller, purpose) => ({
    // Everyone without a token is one account, which is verified with what is open anyway: a bound on it would let one of them deny all.
    guess: (subject) => (caller.kind === 'public' ? NO_GUESS : guess(caller, subject)),
    receipt: async ({ receiptNo, result, checkedAt, claimed }) => {
      const [key, secret] = await keysNow();
      const receipt: Receipt = {
        ...{ receiptNo, library: name, checkedAt: checkedAt.toISOString() },
        ...{ caller: caller.kind === 'department' ? caller.uscc : caller.kind, purpose },
        ...{ items: Object.keys(claimed.values).sort(), result, compared: hashClaimed(claimed, receiptNo, secret) },
      };
      return signReceipt(receipt, key);
    },
  });
}
