import type { AccessFacts } from '@longyuan/access/access-facts.ts';
import type { ItemUse } from '@longyuan/inner/hub-stores.ts';
import { dayInProvince } from '@longyuan/schema/src/province-day.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { GatewayContext } from '../request/gateway-context.ts';
import { type AnsweredOperation, makeOperationCounting, makeUseCounter } from './count-operation.ts';

/** Counts what is asked for, for as long as the gateway runs. */
export type KeptUses = Readonly<{
  /** Counts an answered operation. Never throws, and waits for nothing. */
  count(operation: AnsweredOperation): void;
  /** Counts items that were handed out, or refused, without an operation: a file. */
  countItems(items: readonly string[], caller: string, outcome: string): void;
  /** Stores what was counted; where that fails it is kept for the next time. */
  flush(): Promise<void>;
  /** Stores what is left. */
  close(): Promise<void>;
}>;

const FLUSH_MS = 5_000;
/** Numbers kept in memory: some 10 MB at most. */
const MOST_KEPT = 50_000;
/** Rows of one statement. */
const CHUNK = 5_000;

/**
 * Counts in memory and stores every few seconds, never more than one statement at a time. A store that is away keeps the counts waiting;
 * what finds no room is lost, and the log tells how much. Where the answer of a store was lost, its counts may be stored twice.
 */
export function keepUses(parts: {
  facts: AccessFacts;
  store: (uses: readonly ItemUse[]) => Promise<void>;
  log: Pick<Logger, 'warn'>;
  flushMs?: number;
  mostKept?: number;
}): KeptUses {
  const { facts, store, log, flushMs = FLUSH_MS, mostKept = MOST_KEPT } = parts;
  const counter = makeUseCounter(mostKept);
  const countOperation = makeOperationCounting(facts, counter);
  let isAway = false;
  let isBroken = false;
  let flushing: Promise<void> = Promise.resolve();

  async function storeCounts(): Promise<void> {
    const uses = counter.take();
    for (let place = 0; place < uses.length; place += CHUNK) {
      try {
        await store(uses.slice(place, place + CHUNK));
        isAway = false;
      } catch (error) {
        counter.putBack(uses.slice(place));
        if (!isAway) log.warn({ err: error }, 'what was asked for cannot be stored now; it is counted on');
        isAway = true;
        break;
      }
    }
    const lost = counter.takeLost();
    if (lost > 0) log.warn({ lost }, 'counts of what was asked for found no room and are lost');
  }
  const flush = (): Promise<void> => {
    flushing = flushing.then(storeCounts);
    return flushing;
  };
  let isFlushing = false;
  const timer = setInterval(() => {
    if (isFlushing) return;
    isFlushing = true;
    void flush().finally(() => {
      isFlushing = false;
    });
  }, flushMs).unref();

  return {
    count(operation) {
      try {
        countOperation(operation);
      } catch (error) {
        // An answer is worth more than its count.
        if (!isBroken) log.warn({ err: error }, 'an operation could not be counted');
        isBroken = true;
      }
    },
    countItems: (items, caller, outcome) => counter.count({ items, day: dayInProvince(Date.now()), caller, outcome }),
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

/** How callers without a token are counted: everyone at the public door. */
export const COUNTED_AS_PUBLIC = 'public';

/**
 * As whom a caller is counted: a department by its 统一社会信用代码, everyone else by kind alone, so that no person is ever in a count.
 */
export function countedAs({ caller }: Pick<GatewayContext, 'caller'>): string {
  return caller.kind === 'department' ? caller.uscc : caller.kind;
}
