import { openPool } from '@longyuan/prisma/store/connect/open-pool.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { openLog } from '@longyuan/settings/log.ts';
import type { HubUnderTest } from './hubs.ts';

/** A library's rows straight from its database, as SQL answers them: the yardstick for what the gateway says. */
export async function openDatabase(hub: Pick<HubUnderTest, 'environment'>, library: string) {
  const settings = readEnvironment(hub.environment);
  const pool = await openPool({ settings, library, log: openLog('test', settings), statementTimeoutMs: 30_000 });
  return {
    rows: async (sql: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> =>
      (await pool.query(sql, [...values])).rows,
    close: () => pool.end(),
  };
}

/** Whole numbers from a small generator with a fixed seed, so that a failure can be repeated. */
export function drawNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
