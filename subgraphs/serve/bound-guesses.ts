import { createHash } from 'node:crypto';
import type { Caller } from '@longyuan/schema/src/access/caller.ts';
import { refuse } from '@longyuan/schema/src/error-codes.ts';
import { LRUCache } from 'lru-cache';

/** One verification that may be answered; taken back where it was a match, or told nothing. */
export type Guess = Readonly<{ takeBack(): void }>;
/** Asks leave for a verification about a subject. @throws GraphQLError RATE_LIMITED where the caller has guessed wrong too often. */
export type BoundGuesses = (caller: Caller, subject: string) => Guess;

const DAY_MS = 86_400_000;
/** Pairs of caller and subject that are remembered; one caller fills no more of them than `mostOfCaller`. */
const MOST_PAIRS = 200_000;
const MOST_CALLERS = 20_000;

/**
 * Bounds guessing by verification: mismatches of one caller about one subject, and about all, within a day from the first. A verification
 * counts as a mismatch from the moment it begins, so that many at once are no way around, and is taken back where it was a match. Kept in
 * memory alone: the count begins anew when the library restarts.
 */
export function boundGuesses(most: Readonly<{ ofSubject: number; ofCaller: number }>): BoundGuesses {
  const pairs = new LRUCache<string, { wrong: number }>({ max: MOST_PAIRS, ttl: DAY_MS });
  const callers = new LRUCache<string, { wrong: number }>({ max: MOST_CALLERS, ttl: DAY_MS });
  return (caller, subject) => {
    const who = accountOf(caller);
    // What is remembered of a subject says nothing about them.
    const pair = createHash('sha256').update(`${who}\n${subject}`).digest('base64url');
    const [ofPair, ofCaller] = [countIn(pairs, pair), countIn(callers, who)];
    if (ofPair.wrong >= most.ofSubject) throw tooOften('HUB_MISMATCHES_OF_SUBJECT', most.ofSubject, 'about one subject');
    if (ofCaller.wrong >= most.ofCaller) throw tooOften('HUB_MISMATCHES_OF_CALLER', most.ofCaller, 'in all');
    ofPair.wrong += 1;
    ofCaller.wrong += 1;
    return {
      takeBack() {
        ofPair.wrong -= 1;
        ofCaller.wrong -= 1;
      },
    };
  };
}

function countIn(counts: LRUCache<string, { wrong: number }>, name: string): { wrong: number } {
  const known = counts.get(name);
  if (known) return known;
  const made = { wrong: 0 };
  counts.set(name, made);
  return made;
}

function tooOften(limit: string, value: number, what: string) {
  return refuse(
    'RATE_LIMITED',
    `Verification ended in ${value} mismatches ${what} within a day, and is refused until the day is over (${limit}).`,
    {
      limit,
      value,
    },
  );
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
