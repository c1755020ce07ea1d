import { setTimeout as wait } from 'node:timers/promises';
import { PUBLIC } from '@longyuan/schema/src/access/caller.ts';
import type { Grant } from '@longyuan/schema/src/access/grant.ts';
import { readGrant } from '@longyuan/schema/src/access/read-grant.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { askOwner, type Owner } from './ask-owner.ts';

/** The gateway's copy of all owners' grants. It says what to ask for; what is answered, each owner decides by its own. */
export type GrantCache = Readonly<{
  grantsOf(consumer: string): readonly Grant[];
  /** Every owner's. */
  all(): readonly Grant[];
  /** Changes with any of them. */
  version(): number;
  grant(id: string): Grant | null;
  /** Asks an owner at once, as after a change that went through this gateway; resolves when its answer is taken up, or there is none. */
  refresh(library: string): Promise<void>;
  close(): Promise<void>;
}>;

/** How often each owner is asked. With the owner's own interval a revocation anywhere is known here within a second. */
const INTERVAL_MS = 300;
const TIMEOUT_MS = 2_000;
/** Most grants of one library, some 1 KB each. */
const MOST_GRANTS = 20_000;

type Place = Readonly<{ epoch: string; version: number }>;
type Parts = Readonly<{
  owners: readonly Owner[];
  /** Codes of the items that a library owns: its grants can give no others. */
  itemsOf: (library: string) => ReadonlySet<string>;
  log: Pick<Logger, 'warn'>;
}>;

/**
 * Keeps a copy of every owner's grants and asks again and again for what has changed. The copy of a library that does not answer is kept:
 * there is nobody to answer by it.
 */
export function keepGrants({ owners, itemsOf, log }: Parts): GrantCache {
  const libraries = new Map(owners.map((owner) => [owner.name, followOwner(owner, itemsOf(owner.name), log, () => change())]));
  let version = 0;
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
    version: () => version,
    grant: (id) => libraries.get(libraryOf(id))?.grants().get(id) ?? null,
    refresh: async (library) => libraries.get(library)?.refresh(),
    close: async () => {
      await Promise.all([...libraries.values()].map((library) => library.close()));
    },
  };
}

/** The library that keeps a grant or an application, as its number says: `e-license-7f3a…`. */
export function libraryOf(id: string): string {
  return id.slice(0, Math.max(0, id.lastIndexOf('-')));
}

type Followed = Readonly<{ grants(): ReadonlyMap<string, Grant>; refresh(): Promise<void>; close(): Promise<void> }>;

function followOwner(owner: Owner, items: ReadonlySet<string>, log: Parts['log'], onChange: () => void): Followed {
  const closing = new AbortController();
  const cancellations = new Set<() => void>();
  let place: Place = { epoch: '', version: 0 };
  let grants = new Map<string, Grant>();
  let asking: Promise<void> | null = null;
  let hasAnswered = false;
  let isTold = false;

  /** Asks until nothing is left that changed. Answers come in the order they were asked for, because only one look is under way. */
  async function look(): Promise<void> {
    for (let isLast = false; !isLast && !closing.signal.aborted; ) {
      const told = await askOwner(owner, {
        ...{ path: 'list', field: 'Query.myGrants', body: { ...place }, caller: PUBLIC, authorization: null },
        ...{ requestId: 'grants', timeoutMs: TIMEOUT_MS, cancellations },
      });
      isLast = takeUp(told);
    }
  }

  /** Takes up a page of changes; true where it is the last. */
  function takeUp(told: Readonly<Record<string, unknown>>): boolean {
    const next = readPlace(told['place']);
    const changes = Array.isArray(told['changes']) ? told['changes'] : null;
    if (!next || !changes) throw new Error('The owner answers with no list of changes.');
    const isWhole = told['isWhole'] === true;
    if (!isWhole && changes.length === 0) {
      place = next;
      return told['isLast'] !== false;
    }
    // Whoever asks meanwhile finds the state before or the one after.
    const after = isWhole ? new Map<string, Grant>() : new Map(grants);
    for (const each of changes) applyChange(after, each);
    grants = after;
    place = next;
    onChange();
    return told['isLast'] !== false || changes.length === 0;
  }

  function applyChange(into: Map<string, Grant>, told: unknown): void {
    if (typeof told !== 'object' || told === null) return;
    if ('ended' in told && typeof told.ended === 'string') into.delete(told.ended);
    const grant = 'grant' in told ? readGrant(told.grant) : null;
    // An owner speaks of its own library and of its own items.
    if (!grant || grant.library !== owner.name || into.size >= MOST_GRANTS) return;
    const own = grant.items.filter(({ code }) => items.has(code));
    if (own.length > 0) into.set(grant.id, { ...grant, items: own });
  }

  function refresh(): Promise<void> {
    const again = (asking ?? Promise.resolve()).then(async () => {
      try {
        await look();
        hasAnswered = true;
        isTold = false;
      } catch (error) {
        // A library that has never answered is starting.
        if (hasAnswered && !isTold && !closing.signal.aborted) {
          log.warn({ library: owner.name, err: error }, 'the grants of a library cannot be asked for; those known are kept');
        }
        isTold = true;
      }
    });
    asking = again;
    return again;
  }

  async function watch(): Promise<void> {
    while (!closing.signal.aborted) {
      await refresh();
      await wait(INTERVAL_MS, undefined, { signal: closing.signal }).catch(() => {});
    }
  }
  const watching = watch();
  return {
    grants: () => grants,
    refresh,
    close: async () => {
      closing.abort();
      for (const cancel of [...cancellations]) cancel();
      await watching;
    },
  };
}

function readPlace(told: unknown): Place | null {
  if (typeof told !== 'object' || told === null || !('epoch' in told) || !('version' in told)) return null;
  const { epoch, version } = told;
  return typeof epoch === 'string' && typeof version === 'number' && Number.isSafeInteger(version) ? { epoch, version } : null;
}
