import { createHash } from 'node:crypto';
import type { Caller } from '@longyuan/access/caller.ts';
import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import { LRUCache } from 'lru-cache';

/**
 * One verification that was begun. It is settled before its outcome is told: `settle` counts a mismatch.
 * @throws GraphQLError RATE_LIMITED where others that were settled meanwhile have used up the bound, whether this one is right or not.
 */
export type Guess = Readonly<{ settle(isRight: boolean): void }>;
/** Asks leave for a verification about a subject. @throws GraphQLError RATE_LIMITED where the caller has guessed wrong too often. */
export type BoundGuesses = (caller: Caller, subject: string) => Guess;

const DAY_MS = 86_400_000;
/** Pairs of caller and subject that are remembered; one caller fills no more of them than `mostOfCaller`. */
const MOST_PAIRS = 200_000;
const MOST_CALLERS = 20_000;

/**
 * Bounds guessing by verification: mismatches of one caller about one subject, and about all, within a day from the first. They are counted
 * when they are told, one after the other, so that many at once are no way around, and matches at once are not taken for guesses. Kept in
 * memory alone: the count begins anew when the library restarts.
 */
export function boundGuesses(most: Readonly<{ ofSubject: number; ofCaller: number }>): BoundGuesses {
  const pairs = countKept('mismatches', new LRUCache<string, { wrong: number }>({ max: MOST_PAIRS, ttl: DAY_MS }));
  const callers = new LRUCache<string, { wrong: number }>({ max: MOST_CALLERS, ttl: DAY_MS });
  return (caller, subject) => {
    const who = accountOf(caller);
    // What is remembered of a subject says nothing about them.
    const pair = createHash('sha256').update(`${who}\n${subject}`).digest('base64url');
    const refuseBeyond = (): void => {
      const [ofPair, ofCaller] = [pairs.get(pair)?.wrong ?? 0, callers.get(who)?.wrong ?? 0];
      if (ofPair >= most.ofSubject) throw tooOften('MISMATCHES_OF_SUBJECT', most.ofSubject);
      if (ofCaller >= most.ofCaller) throw tooOften('MISMATCHES_OF_CALLER', most.ofCaller);
    };
    refuseBeyond();
    return {
      settle(isRight) {
        refuseBeyond();
        if (isRight) return;
        countIn(pairs, pair);
        countIn(callers, who);
      },
    };
  };
}

/** Only mismatches are remembered: who is right a thousand times crowds nobody's count out. */
function countIn(counts: LRUCache<string, { wrong: number }>, name: string): void {
  const known = counts.get(name);
  if (known) known.wrong += 1;
  else counts.set(name, { wrong: 1 });
}

function tooOften(id: 'MISMATCHES_OF_SUBJECT' | 'MISMATCHES_OF_CALLER', value: number) {
  const limit = `HUB_${id}`;
  return refuse(id, { number: value, limit }, { limit, value });
}

/** Whoever guesses for a department guesses for all of it. */
function accountOf(caller: Caller): string {
  switch (caller.kind) {
    case 'public':
      return 'public';
    case 'department':
      return `department ${caller.uscc}`;
    case 'agent':
      return `agent ${caller.uscc}`;
    default:
      return `${caller.kind} ${caller.sub}`;
  }
}
