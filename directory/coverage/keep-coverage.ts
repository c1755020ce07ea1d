import { setTimeout as wait } from 'node:timers/promises';
import { isInTerm } from '@longyuan/access/grant.ts';
import type { Hub } from '@longyuan/inner/inner-subgraph.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { holdingsRoute } from '@longyuan/trust/routes/holdings.ts';
import type { DirectoryStore } from '../entries/directory-store.ts';
import { storeHoldings } from './library-holdings.ts';
import { refreshCoverage } from './refresh-coverage.ts';

/** The audit is brought up to date this often where something has changed, and never for more than one part in so many of the time. */
const REFRESH_MS = 5_000;
/** And this often whatever has changed: another process may have written to the directory. */
const UNTOLD_MS = 60_000;
const LEAST_REST = 20;
/** A library that counts is asked again soon, one that has counted once an hour. */
const COUNTING_MS = 2_000;
const COUNTED_MS = 3_600_000;

/** Keeps the audit for as long as the hub runs: asks the libraries what they hold, and audits what changed. Holds no request up. */
export function keepCoverage(parts: {
  libraries: readonly Pick<Library, 'name' | 'title'>[];
  ask: DirectoryStore['ask'];
  isUp: () => boolean;
  hub: Pick<Hub, 'askLibrary' | 'grants'>;
  log: Pick<Logger, 'warn'>;
}): Readonly<{ /** Says that what is audited has changed, as when counts of use were stored. */ nudge(): void; close(): Promise<void> }> {
  const { ask, isUp, log } = parts;
  const { askLibrary, grants } = parts.hub;
  let isNudged = true;
  let auditedVersion = Number.NaN;
  let auditedAtMs = Number.NEGATIVE_INFINITY;
  const closing = new AbortController();
  const { signal } = closing;
  const rest = (ms: number) => wait(ms, undefined, { signal, ref: false }).catch(() => {});

  function nudge(): void {
    isNudged = true;
  }

  /** Does it over and over while the directory can be asked, and says once what went wrong. `work` says how long to rest. */
  async function repeat(what: string, work: () => Promise<number>): Promise<void> {
    for (let told = ''; !signal.aborted; ) {
      let restMs = COUNTING_MS;
      try {
        if (isUp()) {
          restMs = await work();
          told = '';
        }
      } catch (error) {
        // What fails now is tried again the next time; no request waits for it.
        const message = error instanceof Error ? error.message : String(error);
        if (message !== told && !signal.aborted) log.warn({ err: error }, what);
        told = message;
      }
      await rest(restMs);
    }
  }

  const audit = () =>
    repeat('coverage could not be audited; it is tried again', async () => {
      const startedAtMs = performance.now();
      const version = grants.version();
      if (!isNudged && version === auditedVersion && startedAtMs - auditedAtMs < UNTOLD_MS) return REFRESH_MS;
      isNudged = false;
      const now = new Date();
      const granted = new Set(grants.all().flatMap((grant) => (isInTerm(grant, now) ? grant.items.map(({ code }) => code) : [])));
      await refreshCoverage(ask, {
        isGranted: (item) => granted.has(item),
        nowMs: now.getTime(),
        shouldStop: () => signal.aborted,
      });
      [auditedVersion, auditedAtMs] = [version, startedAtMs];
      return Math.max(REFRESH_MS, LEAST_REST * (performance.now() - startedAtMs));
    });
  const follow = ({ name, title }: Pick<Library, 'name' | 'title'>) =>
    repeat('a library could not be asked what it holds; it is tried again', async () => {
      const told = await askLibrary(name, holdingsRoute, {});
      if (told.kind === 'unreadable') throw refuse('LIBRARY_UNREADABLE', { library: name, title });
      if (told.kind !== 'told' || told.answer.measuredAt === null) return COUNTING_MS;
      await storeHoldings(ask, name, told.answer);
      nudge();
      return COUNTED_MS;
    });

  const running = Promise.all([audit(), ...parts.libraries.map(follow)]);
  return {
    nudge,
    async close() {
      closing.abort();
      await running;
    },
  };
}
