import type { AccessFacts } from '@longyuan/access/access-facts.ts';
import type { NamedKeys } from '@longyuan/access/access-set.ts';
import type { Caller } from '@longyuan/access/caller.ts';
import type { SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { CheckingKeys } from '@longyuan/trust/follow-keys.ts';
import { type OwnKeysByType, readOwnRows } from '@longyuan/trust/own-rows.ts';
import { answerTrouble, type Doubt } from './answer-trouble.ts';

/** A person who asks for themselves. */
export type Citizen = Extract<Caller, { kind: 'citizen' }>;
/** What other libraries told of a caller's own rows, by library: each signed by its owner, for this caller and this library. */
export type ToldBy = ReadonlyMap<string, OwnKeysByType>;
/** Checks what a warrant carries of that; what nobody who should tell has signed counts for nothing. */
export type ReadTold = (own: readonly string[], caller: Caller) => Promise<Readonly<{ told: ToldBy; expiresAtMs: number }>>;

/** Names of the libraries that tell which rows of this one are a person's own, this one among them where it tells some itself. */
export function tellersOf(facts: SharingFacts): ReadonlySet<string> {
  return new Set(facts.types.flatMap(({ resource }) => resource?.rows?.own?.toldBy ?? []));
}

/** Makes the check of what is told to `library`. `tellers`: the keys of the owners that may tell it anything. */
export function makeToldReader(parts: {
  library: string;
  tellers: ReadonlyMap<string, CheckingKeys>;
  log: Pick<Logger, 'warn'>;
}): ReadTold {
  const { library, tellers, log } = parts;
  return async (own, caller) => {
    const told = new Map<string, OwnKeysByType>();
    let expiresAtMs = Number.POSITIVE_INFINITY;
    if (caller.kind !== 'citizen') return { told, expiresAtMs };
    for (const token of own) {
      const read = await readOwnRows(token, { to: library, person: caller.person }, (from) => tellers.get(from));
      if (!read) {
        log.warn({ library }, 'a call carries own rows of its caller that nobody told who should: they count for nothing');
        continue;
      }
      told.set(read.from, read.keys);
      expiresAtMs = Math.min(expiresAtMs, read.expiresAtMs);
    }
    return { told, expiresAtMs };
  };
}

/** The rows that are a call's caller's own where the rows themselves do not say so; undefined where the call does not ask for such. */
export type OwnRowsOf = (
  call: Readonly<{ caller: Caller; items: Pick<ReadonlySet<string>, 'has'>; told?: ToldBy }>,
) => Promise<NamedKeys | undefined>;

/**
 * Finds the own rows of callers: those that other libraries told with the call, and those that this one knows by its own rows (`ownRows`), in
 * one statement. Of a type that not everyone told of who should it cannot be said which are the caller's.
 */
export function makeOwnRows(parts: {
  library: string;
  sharing: SharingFacts;
  facts: AccessFacts;
  ownRows: (caller: Citizen) => Promise<OwnKeysByType>;
  doubt: Doubt;
}): OwnRowsOf {
  const { library, facts, ownRows } = parts;
  const tellers = new Map(
    parts.sharing.types.flatMap(({ name, resource }) => (resource?.rows?.own ? [[name, resource.rows.own.toldBy]] : [])),
  );
  const tellsItself = tellersOf(parts.sharing).has(library);
  return async ({ caller, items, told }) => {
    if (caller.kind !== 'citizen' || !facts.toldFields.some((coordinate) => items.has(coordinate))) return undefined;
    const own = tellsItself ? await ownRows(caller).catch(untold) : null;
    const keysBy = (teller: string) => (teller === library ? own : (told?.get(teller) ?? null));
    const keys = new Map(
      [...tellers].map(([type, each]) => [
        type,
        together(
          each.map((teller) => keysBy(teller)),
          type,
        ),
      ]),
    );
    return { of: (type) => keys.get(type) ?? null, name: JSON.stringify([...keys]) };
  };

  /** A store in trouble tells nothing now. */
  function untold(error: unknown): null {
    if (!answerTrouble(error, parts)) throw error;
    return null;
  }
}

function together(told: readonly (OwnKeysByType | null)[], type: string): readonly string[] | null {
  const keys: string[] = [];
  for (const each of told) {
    if (each === null) return null;
    if (Object.hasOwn(each, type)) keys.push(...(each[type] ?? []));
  }
  return keys.sort();
}
