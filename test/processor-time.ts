import { existsSync, readFileSync } from 'node:fs';

/** `/proc` counts processor time in hundredths of a second. */
const MS_A_TICK = 10;

/**
 * Processor time that these processes have used so far, user and system, in ms: unlike the clock it is not more because others keep the
 * machine busy. 0 where the system has no `/proc`.
 * @throws Error where one of them is gone.
 */
export function processorMs(pids: readonly number[]): number {
  if (!existsSync('/proc/self/stat')) return 0;
  return pids.reduce((sum, pid) => {
    const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    const fields = rest.split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) * MS_A_TICK;
  }, 0);
}

/** What came of it, and the processor time that the processes used meanwhile, in ms. */
export async function timed<Result>(pids: readonly number[], work: () => Promise<Result>): Promise<{ result: Result; ms: number }> {
  const before = processorMs(pids);
  const result = await work();
  return { result, ms: processorMs(pids) - before };
}
