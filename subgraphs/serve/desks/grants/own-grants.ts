import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Grant } from '@longyuan/access/grant.ts';
import type { ChangeOutcome, GrantStore, HeadStep } from '@longyuan/prisma/store/grants/grant-store.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { SigningKeys } from '@longyuan/trust/follow-keys.ts';
import { digestOfList, digestOfRow, type ListedGrant, signHead } from '@longyuan/trust/grant-head.ts';
import { type HeadMarks, markOf } from '@longyuan/trust/head-marks.ts';
import { signList } from './sign-list.ts';
import { type KnownRow, MOST_LISTED, openVerifiedList, UntrustedList, type VerifiedList } from './verified-list.ts';

/** How far a list has come, as the gateway is told it. Within an epoch the version grows with every change. */
type GrantPlace = Readonly<{ epoch: string; version: number }>;
/** A change of the grants as the gateway is told it: a grant that stands since this version, or one that does not count any more. */
type GrantChange = Readonly<{ version: number } & ({ grant: Grant } | { ended: string })>;
/** The changes after a version, the oldest first. `isWhole`: from the beginning, whatever was known before is to be forgotten. */
type GrantChanges = Readonly<{ place: GrantPlace; isWhole: boolean; isLast: boolean; changes: readonly GrantChange[] }>;
/** A row to be written as the change of this version, and the statement that writes it with the list's next head. */
type NextRow = Readonly<{ row: ListedGrant; write: (digest: string, head: HeadStep) => Promise<ChangeOutcome> }>;

/** The owner's own grants, of which only those count that its key signed. */
export type OwnGrants = Readonly<{
  /** Those of a department that were not revoked, whatever their term; none while `isStale`. */
  grantsOf(consumer: string): readonly Grant[];
  /** Changes with any of them, and as they become stale or fresh again. */
  version(): number;
  /** This library, while `isStale`. */
  untoldBy(): ReadonlySet<string>;
  /** Whether the list could not be read, or not be relied on, for longer than it may be trusted: a revocation may have been missed. */
  isStale(): boolean;
  size(): number;
  /** Whether a row that was read elsewhere is the list's own, to the letter. */
  isListed(row: ListedGrant): boolean;
  changesAfter(known: GrantPlace): GrantChanges;
  /** The same, but waits for a change as long as there is none: until then, until `patience` ends, or until this closes. */
  awaitChanges(known: GrantPlace, patience: AbortSignal): Promise<GrantChanges>;
  /** Looks for changes now; resolves when what was written before this call is in force. @throws UntrustedList, and what the database says. */
  refresh(): Promise<void>;
  /**
   * Writes a change on top of the list as it is, signed with it, and takes it up. `closed` where there is nothing to change any more.
   * @throws UntrustedList, and what the database says.
   */
  change(next: (version: number) => Promise<NextRow | null>): Promise<ChangeOutcome>;
  close(): void;
}>;

type KeepOptions = Readonly<{
  library: string;
  store: GrantStore;
  keys: SigningKeys;
  marks: HeadMarks;
  log: Pick<Logger, 'warn' | 'error' | 'info'>;
  /**
   * The pause before the next look, after one that succeeded or did not, and whether anybody has asked for grants since the one before; whoever
   * is told of a change looks sooner (`refresh`).
   */
  intervalMs: (last: Readonly<{ isWell: boolean; isAsked: boolean }>) => number;
  maxAgeMs: number;
  /** Resolves once the tables are there; nothing is looked for by itself before. */
  prepared?: Promise<void>;
  /** Told when a look fails for want of the database. */
  onTrouble?: (error: unknown) => void;
  /** Milliseconds that no change of the clock moves. */
  nowMs?: () => number;
}>;

/** Most grants of one library that are kept, some 1 KB each. */
export const MOST_GRANTS = 20_000;
const PAGE = 1_000;
/** Gateways that wait for a change at once; more are answered at once. */
const MOST_WAITING = 200;
/** Tries of one change while other processes of the library make theirs. */
const MOST_TRIES = 20;
const NONE: ReadonlySet<string> = new Set();

/**
 * Keeps a library's grants in memory, and looks for changes again and again, because other processes of the same library write them, too.
 * What is in memory was signed by the owner, each grant by itself and the list by its head. A list that cannot be relied on counts as one that
 * cannot be read: it is reported, and what was known before counts no longer than `maxAgeMs`.
 */
export function keepOwnGrants(options: KeepOptions): OwnGrants {
  const { library, store, keys, marks, log, intervalMs, maxAgeMs, nowMs = () => performance.now() } = options;
  const closing = new AbortController();
  const look = openVerifiedList({ library, store, keys, marks, signFirst, log });
  let list: VerifiedList | null = null;
  /** By id, in the order of their versions. */
  let kept = new Map<string, KnownRow>();
  let byConsumer = new Map<string, readonly Grant[]>();
  /** Counts what changed without a change of the head: rows that somebody altered, or put right. */
  let alterations = 0;
  let revision = 0;
  let refreshedAtMs = Number.NEGATIVE_INFINITY;
  let wasStale = true;
  let told = '';
  let isAsked = false;
  let reading: Promise<void> | null = null;
  let following: Promise<void> | null = null;
  const waiting = new Set<() => void>();
  const untold: ReadonlySet<string> = new Set([library]);

  function isStale(): boolean {
    const stale = nowMs() - refreshedAtMs > maxAgeMs;
    if (stale !== wasStale) {
      wasStale = stale;
      revision += 1;
      if (stale) {
        log.error({ library, maxAgeMs }, 'the grants could not be refreshed for too long: conditional items are refused');
        for (const wake of [...waiting]) wake();
      }
    }
    return stale;
  }

  function refresh(): Promise<void> {
    if (!reading) {
      reading = lookOnce().finally(() => {
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

  async function lookOnce(): Promise<void> {
    const startedAtMs = nowMs();
    try {
      const found = await look();
      if (found !== list) takeUp(found);
      refreshedAtMs = startedAtMs;
      told = '';
    } catch (error) {
      tell(error);
      throw error;
    } finally {
      isStale();
    }
  }

  /** Nothing waits in here: whoever asks finds all of the changes or none. */
  function takeUp(found: VerifiedList): void {
    const isSameHead = list?.signature === found.signature;
    list = found;
    const living = [...found.rows].filter(([, { isOver }]) => !isOver);
    kept = new Map(living.slice(0, MOST_GRANTS));
    if (kept.size < living.length)
      log.error({ library, most: MOST_GRANTS }, 'there are more grants than are kept: the latest are not in force');
    byConsumer = Map.groupBy(
      [...kept.values()].flatMap(({ deed }) => deed ?? []),
      ({ consumer }) => consumer,
    );
    if (isSameHead) alterations += 1;
    revision += 1;
    for (const wake of [...waiting]) wake();
  }

  /** Reports each finding once, until a look succeeds. */
  function tell(error: unknown): void {
    if (closing.signal.aborted) return;
    if (!(error instanceof UntrustedList)) {
      options.onTrouble?.(error);
      // A store that never answered is being brought up, and whoever does that tells of its troubles.
      if (told === '' && refreshedAtMs > Number.NEGATIVE_INFINITY)
        log.warn({ library, err: error }, 'the grants cannot be refreshed; it is tried again');
      told ||= 'the database';
    } else if (told !== error.message) {
      log.error(
        { library, finding: error.message },
        `the list of grants cannot be relied on, and conditional items are refused: it ${error.message}. ` +
          `If the owner knows why, as after restoring an older database: npm run grants:accept -- ${library}`,
      );
      told = error.message;
    }
  }

  async function signFirst(): Promise<boolean> {
    const { head, grants } = await signList({ library, store, keys, above: 0, isWritten: true });
    if (head && grants.length > 0) log.info({ library, grants: grants.length }, 'the list of grants was signed as it stood, once');
    return head !== null;
  }

  async function change(next: (version: number) => Promise<NextRow | null>): Promise<ChangeOutcome> {
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      await refresh();
      if (!list) throw new Error('The list of grants was looked at and is not there.');
      const { head: before, signature, rows } = list;
      const version = before.version + 1;
      const made = await next(version);
      if (!made) return 'closed';
      const { row, write } = made;
      const digest = digestOfRow(row);
      const after = [...[...rows.values()].filter(({ id }) => id !== row.id), { id: row.id, digest }];
      if (after.length > MOST_LISTED) throw refuse('NO_ROOM_LISTED', { library, number: MOST_LISTED });
      const about = { library, epoch: before.epoch, version, grants: after.length, digest: digestOfList(after) };
      const head = await signHead({ ...about, at: new Date().toISOString() }, await keys.current());
      const outcome = await write(digest, { before: signature, epoch: before.epoch, version, ...head });
      if (outcome === 'moved') continue;
      if (outcome === 'written') await takeUpOwn(version, head.content);
      return outcome;
    }
    throw new Error('Other processes of the library change the list of grants all the time.');
  }

  /** What is told of as done is remembered beside the keys, and is there. */
  async function takeUpOwn(version: number, content: string): Promise<void> {
    await marks.raise(markOf(version, content)).catch((error: unknown) => {
      log.error({ library, err: error }, 'how far the list of grants has come cannot be written beside the keys');
    });
    const isLookedAt = await refresh().then(
      () => true,
      (error: unknown) => {
        if (error instanceof UntrustedList) throw error;
        // Where the database is gone just now, the next look finds what was written.
        return false;
      },
    );
    if (isLookedAt && list && list.head.version < version)
      throw new UntrustedList(`does not hold the change ${version}, which the database said was written`);
  }

  async function watch(): Promise<void> {
    await Promise.race([options.prepared, once(closing.signal, 'abort')]);
    while (!closing.signal.aborted) {
      const isWell = await refresh().then(
        () => true,
        // What is wrong was told.
        () => false,
      );
      const pauseMs = intervalMs({ isWell, isAsked });
      isAsked = false;
      await wait(pauseMs, undefined, { signal: closing.signal }).catch(() => {});
    }
  }

  function changesAfter(known: GrantPlace): GrantChanges {
    const place = placeNow();
    const isWhole = known.epoch !== place.epoch || known.version > place.version;
    const after = isWhole ? 0 : known.version;
    const changed = [...kept.values()].filter(({ version }) => version > after);
    // Rows of one change stay together: the next page begins after its version.
    const last = changed[PAGE - 1]?.version ?? Number.POSITIVE_INFINITY;
    const page = changed.filter(({ version }) => version <= last);
    const isLast = page.length === changed.length;
    const version = isLast ? place.version : (page.at(-1)?.version ?? after);
    return { place: { epoch: place.epoch, version }, isWhole, isLast, changes: page.map(tellChange) };
  }

  function placeNow(): GrantPlace {
    const { epoch, version } = list?.head ?? { epoch: '', version: 0 };
    return { epoch: alterations === 0 ? epoch : `${epoch}.${alterations}`, version };
  }

  async function awaitChanges(known: GrantPlace, patience: AbortSignal): Promise<GrantChanges> {
    const isNews = () => {
      const place = placeNow();
      return known.epoch !== place.epoch || known.version !== place.version;
    };
    if (!isNews() && waiting.size < MOST_WAITING && !patience.aborted && !closing.signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const wake = () => resolve();
      waiting.add(wake);
      patience.addEventListener('abort', wake, { once: true });
      await promise;
      patience.removeEventListener('abort', wake);
      waiting.delete(wake);
    }
    return changesAfter(known);
  }

  void watch();
  return {
    grantsOf: (consumer) => (isStale() ? [] : (byConsumer.get(consumer) ?? [])),
    version: () => {
      isAsked = true;
      isStale();
      return revision;
    },
    untoldBy: () => (isStale() ? untold : NONE),
    isStale,
    size: () => kept.size,
    isListed: (row) => list?.rows.get(row.id)?.isAltered === false && list.rows.get(row.id)?.digest === digestOfRow(row),
    changesAfter,
    awaitChanges,
    refresh,
    change,
    // A statement under way is not waited for.
    close: () => {
      closing.abort();
      for (const wake of [...waiting]) wake();
    },
  };
}

function tellChange({ id, version, deed }: KnownRow): GrantChange {
  if (!deed) return { version, ended: id };
  // Who answered, and when, is the owner's to know.
  const { application: _application, answeredBy: _by, answeredAt: _at, ...grant } = deed;
  return { version, grant };
}
