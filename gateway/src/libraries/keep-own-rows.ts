import type { AccessFacts } from '@longyuan/access/access-facts.ts';
import type { Caller } from '@longyuan/access/caller.ts';
import type { SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import { ownRowsRoute } from '@longyuan/trust/routes/own-rows.ts';
import { WARRANT_LIFE_SECONDS } from '@longyuan/trust/warrant.ts';
import { LRUCache } from 'lru-cache';
import type { SealedCalls } from './sealed-calls.ts';
import { askOwner } from './sealed-calls.ts';

/** A call that may ask a library for the caller's own rows. `items`: what its warrant holds, one list for as long as the fetch is known. */
type Call = Readonly<{ library: string; caller: Caller; items: readonly string[]; requestId: string; timeoutMs: number }>;

/** What other libraries signed of the caller's own rows there; none for callers and calls that need none. At once where it is kept. */
export type OwnRowsFor = (call: Call) => readonly string[] | Promise<readonly string[]>;

/** A warrant that carries it lives on for as long again, and it for twice that. */
const RENEWED_AFTER_MS = (WARRANT_LIFE_SECONDS * 1_000) / 2;
/** People who asked last, some 600 bytes each. */
const MOST_KEPT = 4_000;
const MOST_BYTES = 5_000;
const NONE: readonly string[] = [];

type Kept = { readonly askedAtMs: number; told: string | Promise<string | null> };

/**
 * Has the libraries that the SDL names (`@resource(rows: { own: { toldBy } })`) tell which rows of another are a citizen's own: once in half
 * a minute for each person, when they ask for such rows. What cannot be had is left out: the library that is asked then says so.
 */
export function keepOwnRows(parts: {
  sharing: SharingFacts;
  facts: AccessFacts;
  /** The way to a library that answers; undefined where it does not. */
  wayTo: (library: string) => Readonly<{ callForHub: SealedCalls }> | undefined;
  now?: () => number;
}): OwnRowsFor {
  const { sharing, facts, wayTo, now = Date.now } = parts;
  const kept = new LRUCache<string, Kept>({ max: MOST_KEPT });
  const toldFields = new Set(facts.toldFields);
  const tellersOf = new Map(
    [...Map.groupBy(sharing.types, ({ library }) => library.name)].map(([name, types]) => {
      const tellers = new Set(types.flatMap(({ resource }) => resource?.rows?.own?.toldBy ?? []));
      return [name, [...tellers].filter((teller) => teller !== name)] as const;
    }),
  );

  async function ask(teller: string, { library, caller, requestId, timeoutMs }: Call): Promise<string | null> {
    const way = wayTo(teller);
    if (!way) return null;
    // Half of the time is for the call that carries it. It serves every request of the person, so none of them ends it.
    const order = { caller, requestId, timeoutMs: timeoutMs / 2, maxBytes: MOST_BYTES, cancellations: new Set<() => void>() };
    const told = await askOwner(way.callForHub, ownRowsRoute, { library }, order);
    return told.kind === 'told' ? told.answer.told : null;
  }

  function toldBy(teller: string, person: string, call: Call): Kept['told'] {
    const name = `${teller} ${call.library} ${person}`;
    const known = kept.get(name);
    const ageMs = known ? now() - known.askedAtMs : Number.POSITIVE_INFINITY;
    // A negative age is a clock that was set back.
    if (known && ageMs >= 0 && ageMs < RENEWED_AFTER_MS) return known.told;
    const asked = ask(teller, call);
    const made: Kept = { askedAtMs: now(), told: asked };
    kept.set(name, made);
    const forget = (): void => {
      if (kept.peek(name) === made) kept.delete(name);
    };
    asked.then((told) => {
      if (told === null) forget();
      else made.told = told;
    }, forget);
    return asked;
  }

  return (call) => {
    const { library, caller, items } = call;
    const tellers = tellersOf.get(library);
    if (caller.kind !== 'citizen' || !tellers || tellers.length === 0) return NONE;
    if (!items.some((each) => toldFields.has(each))) return NONE;
    const told = tellers.map((teller) => toldBy(teller, caller.person, call));
    if (told.every((each) => typeof each === 'string')) return told;
    return Promise.all(told).then((all) => all.filter((each) => each !== null));
  };
}
