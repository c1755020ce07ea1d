import { setTimeout as wait } from 'node:timers/promises';
import { PUBLIC } from '@longyuan/access/caller.ts';
import { type Grant, isOf, libraryOf } from '@longyuan/access/grant.ts';
import { readGrant } from '@longyuan/access/read-grant.ts';
import type { CopiedGrants } from '@longyuan/inner/inner-subgraph.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { grantRoutes } from '@longyuan/trust/routes/grants.ts';
import type { AnswerOf } from '@longyuan/trust/routes/route.ts';
import { GraphQLError } from 'graphql';
import { askGrants, type Owner } from './ask-grants.ts';

/** The gateway's copy of all owners' grants. It says what to ask for; what is answered, each owner decides by its own. */
export type GrantCache = CopiedGrants & Readonly<{ grant(id: string): Grant | null; close(): Promise<void> }>;

/** How long an owner may hold a question open; it answers at once where something has changed. */
const HOLD_MS = 20_000;
const TIMEOUT_MS = 2_000;
/** An owner that holds no question, or gives no answer, is asked again after this long: a revocation is still known here within a second. */
const PAUSE_MS = 300;
/** And one that never gave an answer: until then nobody can be told what they hold. */
const FIRST_PAUSE_MS = 100;
/** Most grants of one library, some 1 KB each. */
const MOST_GRANTS = 20_000;

/** Most pages of changes at once, of some 1,000 each; an owner that always tells of more is asked again after the pause. */
const MOST_PAGES = 200;

type Changes = AnswerOf<typeof grantRoutes.list>;
type Parts = Readonly<{
  owners: readonly Owner[];
  /** Codes of the items that a library owns: its grants can give no others. */
  itemsOf: (library: string) => ReadonlySet<string>;
  /** How old what an owner told may be, once it holds no question any more. */
  maxAgeMs: number;
  /** Whether a library answers, as far as is known: one that hangs holds a question for nothing. */
  isUp: (library: string) => boolean;
  /** Told that an owner gave a held question no answer: it may be gone. */
  onSilence: (library: string) => void;
  log: Pick<Logger, 'warn'>;
  /** Milliseconds that no change of the clock moves. */
  nowMs?: () => number;
}>;

/**
 * Keeps a copy of every owner's grants, with a question for what has changed open at each of them. The copy of a library that does not answer
 * is kept: nobody answers by it, and what it does not hold is said of nobody (`untoldBy`).
 */
export function keepGrants({ owners, itemsOf, maxAgeMs, isUp, onSilence, log, nowMs = () => performance.now() }: Parts): GrantCache {
  const libraries = new Map(
    owners.map((owner) => [
      owner.name,
      followOwner(owner, {
        ...{ items: itemsOf(owner.name), maxAgeMs, log, nowMs, onChange: () => change() },
        ...{ isUp: () => isUp(owner.name), onSilence: () => onSilence(owner.name) },
      }),
    ]),
  );
  let version = 0;
  let untold: ReadonlySet<string> = new Set();
  function untoldBy(): ReadonlySet<string> {
    const now = new Set([...libraries].filter(([, library]) => !library.isTold()).map(([name]) => name));
    if (now.symmetricDifference(untold).size > 0) {
      untold = now;
      version += 1;
    }
    return untold;
  }
  let byConsumer: ReadonlyMap<string, readonly Grant[]> | null = null;
  function change(): void {
    version += 1;
    byConsumer = null;
  }
  return {
    grantsOf(consumer) {
      byConsumer ??= Map.groupBy(
        [...libraries.values()].flatMap((library) => [...library.grants().values()]),
        (grant) => grant.consumer,
      );
      return byConsumer.get(consumer) ?? [];
    },
    all: () => [...libraries.values()].flatMap((library) => [...library.grants().values()]),
    untoldBy,
    version: () => {
      untoldBy();
      return version;
    },
    grant: (id) => libraries.get(libraryOf(id))?.grants().get(id) ?? null,
    refresh: async (library) => libraries.get(library)?.refresh(),
    close: async () => {
      await Promise.all([...libraries.values()].map((library) => library.close()));
    },
  };
}

type Followed = Readonly<{ grants(): ReadonlyMap<string, Grant>; isTold(): boolean; refresh(): Promise<void>; close(): Promise<void> }>;

type Following = Pick<Parts, 'maxAgeMs' | 'log'> &
  Readonly<{ items: ReadonlySet<string>; isUp: () => boolean; nowMs: () => number; onChange: () => void; onSilence: () => void }>;

function followOwner(owner: Owner, { items, maxAgeMs, isUp, nowMs, log, onChange, onSilence }: Following): Followed {
  const closing = new AbortController();
  const cancellations = new Set<() => void>();
  let place: Changes['place'] = { epoch: '', version: 0 };
  let grants = new Map<string, Grant>();
  let asking: Promise<unknown> | null = null;
  let hasAnswered = false;
  /** When the owner last told how its grants stand: it answered, or a question that it held was broken off. */
  let toldAtMs = Number.NEGATIVE_INFINITY;
  let isHolding = false;
  let isReported = false;

  /** Asks until nothing is left that changed; held, the first question is open until something has. */
  async function look(isHeld: boolean): Promise<void> {
    for (let [isLast, pages] = [false, 0]; !isLast && !closing.signal.aborted; pages += 1) {
      if (pages === MOST_PAGES) throw new Error('The owner tells of changes without end.');
      const known = place;
      const order = { caller: PUBLIC, authorization: null, requestId: 'grants', cancellations, isHeld };
      const told = await askGrants(owner, grantRoutes.list, isHeld ? { ...known, holdMs: HOLD_MS } : known, {
        ...order,
        timeoutMs: isHeld ? HOLD_MS + TIMEOUT_MS : TIMEOUT_MS,
      });
      if (told.isStale) throw new Untold();
      // Of two questions that were open at once the second answer tells of what was known before the first: it is asked anew.
      if (place === known) isLast = takeUp(told);
      else if (isHeld) return;
    }
  }

  /** Takes up a page of changes; true where it is the last. */
  function takeUp({ place: next, changes, isWhole, isLast }: Changes): boolean {
    if (!isWhole && changes.length === 0) {
      place = next;
      return isLast;
    }
    // Whoever asks meanwhile finds the state before or the one after.
    const after = isWhole ? new Map<string, Grant>() : new Map(grants);
    for (const each of changes) applyChange(after, each);
    grants = after;
    place = next;
    onChange();
    return isLast || changes.length === 0;
  }

  function applyChange(into: Map<string, Grant>, told: unknown): void {
    if (typeof told !== 'object' || told === null) return;
    if ('ended' in told && typeof told.ended === 'string') into.delete(told.ended);
    const grant = 'grant' in told ? readGrant(told.grant) : null;
    // An owner speaks of its own library, under its own numbers (another's would be spent with them), and of its own items.
    if (!grant || !isOf(grant, owner.name) || into.size >= MOST_GRANTS) return;
    const own = grant.items.filter(({ code }) => items.has(code));
    if (own.length > 0) into.set(grant.id, { ...grant, items: own });
  }

  /** Whether the owner answered. */
  async function tryToLook(isHeld: boolean): Promise<boolean> {
    try {
      await look(isHeld);
      hasAnswered = true;
      toldAtMs = nowMs();
      isReported = false;
      return true;
    } catch (error) {
      // Whoever holds a question tells of every change until it is gone; unless it hung.
      const isLate = error instanceof GraphQLError && error.extensions['code'] === 'LIBRARY_TIMEOUT';
      if (error instanceof Untold) toldAtMs = Number.NEGATIVE_INFINITY;
      else if (isHeld && !isLate) toldAtMs = nowMs();
      // A library that has never answered is starting.
      if (hasAnswered && !isReported && !closing.signal.aborted) {
        log.warn({ library: owner.name, err: error }, 'the grants of a library cannot be asked for; those known are kept');
      }
      isReported = true;
      return false;
    }
  }

  /** Such looks come one after the other, so that their answers do, too. */
  function lookNow(): Promise<boolean> {
    const again = (asking ?? Promise.resolve()).then(() => tryToLook(false));
    asking = again;
    return again;
  }

  async function watch(): Promise<void> {
    // A library that starts has no answer to hold back.
    for (let isHeld = false; !closing.signal.aborted; ) {
      const startedAtMs = performance.now();
      isHolding = isHeld;
      const isAnswered: boolean = await (isHeld ? tryToLook(true) : lookNow());
      isHolding = false;
      if (isHeld && !isAnswered && !closing.signal.aborted) onSilence();
      isHeld = isAnswered;
      const restMs = (hasAnswered ? PAUSE_MS : FIRST_PAUSE_MS) - (performance.now() - startedAtMs);
      if (restMs > 0) await wait(restMs, undefined, { signal: closing.signal }).catch(() => {});
    }
  }
  const watching = watch();
  return {
    grants: () => grants,
    // While a question is held at a library that answers, its owner would tell.
    isTold: () => hasAnswered && ((isHolding && isUp()) || nowMs() - toldAtMs <= maxAgeMs),
    refresh: async () => {
      await lookNow();
    },
    close: async () => {
      closing.abort();
      for (const cancel of [...cancellations]) cancel();
      await watching;
    },
  };
}

class Untold extends Error {
  constructor() {
    super('The owner cannot tell now which grants are in force.');
  }
}
