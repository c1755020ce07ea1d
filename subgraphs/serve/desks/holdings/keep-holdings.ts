import type { Logger } from '@longyuan/settings/log.ts';
import type { holdingsRoute } from '@longyuan/trust/routes/holdings.ts';
import type { AnswerOf } from '@longyuan/trust/routes/route.ts';
import { type AskRows, countRows, type TableHoldings } from './count-rows.ts';
import type { HoldingsPlan } from './plan-holdings.ts';

type Holdings = AnswerOf<typeof holdingsRoute>;

/** Counts older than this are made anew when somebody asks. */
const KEPT_MS = 6 * 3_600_000;

/**
 * Makes the teller of holdings: says at once what was counted last, and begins to count where that is too old. Nothing is counted that
 * nobody asks for, and one count runs at a time.
 */
export function keepHoldings(parts: {
  library: string;
  plan: HoldingsPlan;
  ask: AskRows;
  /** The moment that confirmations are measured from. */
  asOfMs: () => Promise<number>;
  log: Pick<Logger, 'warn'>;
  signal: AbortSignal;
}): () => Holdings {
  const { library, plan, ask, log, signal } = parts;
  let known: Pick<Holdings, 'measuredAt' | 'asOf' | 'tables'> = { measuredAt: null, asOf: null, tables: null };
  let knownAtMs = Number.NEGATIVE_INFINITY;
  let isCounting = false;

  async function count(): Promise<void> {
    const asOfMs = await parts.asOfMs();
    const tables: TableHoldings[] = [];
    for (const table of plan.tables) tables.push(await countRows(table, { library, ask, asOfMs, signal }));
    known = { measuredAt: new Date().toISOString(), asOf: new Date(asOfMs).toISOString(), tables };
    knownAtMs = performance.now();
  }

  return () => {
    if (!isCounting && performance.now() - knownAtMs > KEPT_MS) {
      isCounting = true;
      count()
        .catch((error: unknown) => {
          // The database may be gone for a while; whoever asks next begins anew.
          if (!signal.aborted) log.warn({ err: error }, 'what the library holds could not be counted');
        })
        .finally(() => {
          isCounting = false;
        });
    }
    return { ...known, unlisted: plan.unlisted };
  };
}
