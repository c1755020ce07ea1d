import { setTimeout as wait } from 'node:timers/promises';
import type { DeedRow, GrantPlace, GrantStore } from '@longyuan/prisma/grants/grant-store.ts';
import type { Grant } from '@longyuan/schema/src/access/grant.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { CheckingKeys } from '@longyuan/trust/follow-keys.ts';
import { type GrantDeed, readDeed } from '@longyuan/trust/grant-deed.ts';

/** A change of the grants as the gateway is told it: a grant that stands since this version, or one that was revoked. */
type GrantChange = Readonly<{ version: number } & ({ grant: Grant } | { ended: string })>;
/** The changes after a version, the oldest first. `isWhole`: from the beginning, whatever was known before is to be forgotten. */
type GrantChanges = Readonly<{ place: GrantPlace; isWhole: boolean; isLast: boolean; changes: readonly GrantChange[] }>;

/** The owner's own grants, of which only those count that its key signed. */
export type OwnGrants = Readonly<{
  /** Those of a department that were not revoked, whatever their term; none while `isStale`. */
  grantsOf(consumer: string): readonly Grant[];
  /** Changes with any of them, and as they become stale or fresh again. */
  version(): number;
  /** Whether the list could not be refreshed for longer than it may be trusted: a revocation may have been missed. */
  isStale(): boolean;
  size(): number;
  changesAfter(known: GrantPlace): GrantChanges;
  /** Looks for changes now; resolves when what was written before this call is in force. @throws what the database says. */
  refresh(): Promise<void>;
  close(): void;
}>;

type KeepOptions = Readonly<{
  library: string;
  store: Pick<GrantStore, 'place' | 'changesAfter'>;
  keys: CheckingKeys;
  log: Pick<Logger, 'warn' | 'error' | 'info'>;
  intervalMs: number;
  maxAgeMs: number;
  /** Milliseconds that no change of the clock moves. */
  nowMs?: () => number;
}>;

/** Most grants of one library, some 1 KB each. */
export const MOST_GRANTS = 20_000;
/** A grant whose term is over is still known for so long, so that its holder is told that it was the term. */
const ENDED_DAYS = 30;
const PAGE = 1_000;

type Kept = Readonly<{ version: number; deed: GrantDeed | null; id: string }>;

/**
 * Keeps a library's grants in memory, and looks for changes every `intervalMs`, because other processes of the same library write them,
 * too. Signatures are checked as a deed is read; one that the owner did not sign is not used, and reported.
 */
export function keepGrants(options: KeepOptions): OwnGrants {
  const { library, store, keys, log, intervalMs, maxAgeMs, nowMs = () => performance.now() } = options;
  const closing = new AbortController();
  let place: GrantPlace = { epoch: '', version: 0 };
  /** By id, in the order of their versions. */
  let kept = new Map<string, Kept>();
  let byConsumer = new Map<string, readonly Grant[]>();
  let revision = 0;
  let refreshedAtMs = Number.NEGATIVE_INFINITY;
  let wasStale = true;
  let isTold = false;
  let reading: Promise<void> | null = null;
  let following: Promise<void> | null = null;

  function isStale(): boolean {
    const stale = nowMs() - refreshedAtMs > maxAgeMs;
    if (stale !== wasStale) {
      wasStale = stale;
      revision += 1;
      if (stale) log.error({ library, maxAgeMs }, 'the grants could not be refreshed for too long: conditional items are refused');
    }
    return stale;
  }

  function refresh(): Promise<void> {
    if (!reading) {
      reading = look().finally(() => {
        reading = null;
      });
      return reading;
    }
    // What these callers want may have been written since that look began: one more follows for all of them.
    following ??= reading
      .catch(() => {})
      .then(() => {
        following = null;
        return refresh();
      });
    return following;
  }

  async function look(): Promise<void> {
    const startedAtMs = nowMs();
    const there = await store.place();
    if (there.epoch !== place.epoch || there.version < place.version) await readOn(new Map(), 0, there);
    else if (there.version > place.version) await readOn(kept, place.version, there);
    refreshedAtMs = startedAtMs;
    isStale();
  }

  async function readOn(into: Map<string, Kept>, after: number, there: GrantPlace): Promise<void> {
    const endedAfter = new Date(Date.now() - ENDED_DAYS * 86_400_000);
    const found: DeedRow[] = [];
    for (let from = after; ; ) {
      const rows = await store.changesAfter(from, endedAfter, PAGE);
      found.push(...rows);
      from = rows.at(-1)?.version ?? from;
      if (rows.length < PAGE || found.length > MOST_GRANTS) break;
    }
    const read = await Promise.all(found.map(readRow));
    // From here on nothing waits: whoever asks finds all of the changes or none.
    const next = new Map(into);
    for (const each of read) {
      next.delete(each.id);
      next.set(each.id, each);
    }
    if (next.size > MOST_GRANTS)
      log.error({ library, most: MOST_GRANTS }, 'there are more grants than are kept: the latest are not in force');
    kept = new Map([...next].slice(0, MOST_GRANTS));
    byConsumer = indexByConsumer(kept.values());
    place = { epoch: there.epoch, version: Math.max(there.version, found.at(-1)?.version ?? 0) };
    revision += 1;
  }

  async function readRow(row: DeedRow): Promise<Kept> {
    const { id, version } = row;
    if (row.isRevoked) return { id, version, deed: null };
    const deed = await readDeed(row, keys);
    // The name of the row is not signed: under another one a deed would outlive its own revocation.
    if (deed && deed.id === id && deed.library === library) return { id, version, deed };
    log.error({ library, grant: id }, 'a grant is not as its owner signed it, and is not used');
    return { id, version, deed: null };
  }

  async function watch(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await refresh();
        isTold = false;
      } catch (error) {
        // A store that never answered is being brought up, and whoever does that tells of its troubles.
        const isNews = !isTold && refreshedAtMs > Number.NEGATIVE_INFINITY && !closing.signal.aborted;
        if (isNews) log.warn({ library, err: error }, 'the grants cannot be refreshed; it is tried again');
        isTold = true;
      }
      isStale();
      await wait(intervalMs, undefined, { signal: closing.signal }).catch(() => {});
    }
  }

  void watch();
  return {
    grantsOf: (consumer) => (isStale() ? [] : (byConsumer.get(consumer) ?? [])),
    version: () => {
      isStale();
      return revision;
    },
    isStale,
    size: () => kept.size,
    changesAfter(known) {
      const isWhole = known.epoch !== place.epoch || known.version > place.version;
      const after = isWhole ? 0 : known.version;
      const changed = [...kept.values()].filter(({ version }) => version > after);
      const page = changed.slice(0, PAGE);
      const isLast = page.length === changed.length;
      const version = isLast ? place.version : (page.at(-1)?.version ?? after);
      return { place: { epoch: place.epoch, version }, isWhole, isLast, changes: page.map(tell) };
    },
    refresh,
    // A statement under way is not waited for.
    close: () => closing.abort(),
  };
}

function tell({ id, version, deed }: Kept): GrantChange {
  if (!deed) return { version, ended: id };
  // Who answered, and when, is the owner's to know.
  const { application: _application, answeredBy: _by, answeredAt: _at, ...grant } = deed;
  return { version, grant };
}

function indexByConsumer(kept: Iterable<Kept>): Map<string, readonly Grant[]> {
  const deeds = [...kept].flatMap(({ deed }) => deed ?? []);
  return Map.groupBy(deeds, ({ consumer }) => consumer);
}
