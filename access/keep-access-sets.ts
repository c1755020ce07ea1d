import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import { LRUCache } from 'lru-cache';
import type { AccessFacts } from './access-facts.ts';
import { type AccessSet, makeAccessSet } from './access-set.ts';
import type { Caller } from './caller.ts';
import type { ToldKeys } from './decide.ts';
import type { Grant } from './grant.ts';

/** Where the grants of a department are known; `version` changes with any of them. */
export type KnownGrants = Readonly<{
  grantsOf(consumer: string): readonly Grant[];
  version(): number;
  /** Libraries of whose grants it is not known now which are in force; left out: none. The version changes as they do. */
  untoldBy?(): ReadonlySet<string>;
}>;

const NONE: ReadonlySet<string> = new Set();

/** The rows that were told to be a citizen's own, with a name that is the same for the same keys alone. */
export type NamedKeys = ToldKeys & Readonly<{ name: string }>;

/** What a caller may have now, for a purpose (code of a service item). */
export type AccessOf = (caller: Caller, purpose: string | null, told?: NamedKeys) => AccessSet;

/** Of those that asked last. With all that was decided for it, one takes some 70 KB. */
const MOST_KEPT = 400;

/** Holds from the moment it was decided to before `untilMs`, where a term begins or is over. */
type Kept = Readonly<{ access: AccessSet; version: number; fromMs: number; untilMs: number }>;

/**
 * Makes the access sets of callers, decided once for a caller and purpose and kept until a grant changes or one of the caller's begins or
 * ends by the clock. Used by the gateway over all libraries, and by an owner over its own.
 */
export function keepAccessSets(parts: { facts: AccessFacts; grants: KnownGrants; now?: () => number }): AccessOf {
  const { facts, grants, now = Date.now } = parts;
  const kept = countKept('access sets', new LRUCache<string, Kept>({ max: MOST_KEPT }));
  return (caller, purpose, told) => {
    const name = nameOf(caller, purpose, told);
    const version = grants.version();
    const at = now();
    const known = kept.get(name);
    if (known && known.version === version && known.fromMs <= at && at < known.untilMs) return known.access;
    const ofCaller = caller.kind === 'department' ? grants.grantsOf(caller.uscc) : [];
    const untoldBy = grants.untoldBy?.() ?? NONE;
    const access = makeAccessSet(facts, { caller, purpose, grants: ofCaller, now: new Date(at), untoldBy, ...(told && { told }) });
    kept.set(name, { access, version, fromMs: at, untilMs: nextTurn(ofCaller, at) });
    return access;
  };
}

/** The first moment after this one at which a term begins, or is over: it reaches to its last millisecond. */
function nextTurn(grants: readonly Grant[], atMs: number): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { from, until } of grants) {
    for (const turn of [Date.parse(from), Date.parse(until) + 1]) if (turn > atMs && turn < next) next = turn;
  }
  return next;
}

/** What the decision depends on: departments and not their people, the purpose of departments alone, and what was told of citizens alone. */
function nameOf(caller: Caller, purpose: string | null, told: NamedKeys | undefined): string {
  switch (caller.kind) {
    case 'citizen':
      return `citizen ${caller.person} ${told?.name ?? ''}`;
    case 'agent':
      return `agent ${caller.uscc}`;
    case 'department':
      return `department ${caller.uscc} ${caller.role} ${caller.region ?? ''} ${purpose ?? ''}`;
    default:
      return caller.kind;
  }
}
