import type { Logger } from '@longyuan/settings/log.ts';

/** Rows counted while they are loaded, told to the log at the first of them and then every two seconds. */
export type Progress = Readonly<{
  count: (rows: number, persons: number) => void;
  /** From here on indexes are made and no rows come. */
  finishing: () => void;
  total: () => Readonly<{ rows: number }>;
  stop: () => void;
}>;

const TELL_EVERY_MS = 2000;

export function startProgress(log: Logger, persons: number): Progress {
  const startedAt = performance.now();
  let rows = 0;
  let done = 0;
  let rowsBefore = 0;
  let toldAt = startedAt;
  let phase = 'rows';
  const tell = (): void => {
    const now = performance.now();
    const rowsPerSecond = Math.round(((rows - rowsBefore) / (now - toldAt)) * 1000) || 0;
    const percent = Math.floor((done / persons) * 100);
    log.info(
      { phase, percent, persons: done, rows, rowsPerSecond, seconds: Math.round((now - startedAt) / 1000) },
      'filling the libraries',
    );
    rowsBefore = rows;
    toldAt = now;
  };
  const timer = setInterval(tell, TELL_EVERY_MS);
  return {
    count: (more, personsSoFar) => {
      const isFirst = rows === 0;
      rows += more;
      done = Math.max(done, personsSoFar);
      if (isFirst) tell();
    },
    finishing: () => {
      phase = 'indexes';
    },
    total: () => ({ rows }),
    stop: () => clearInterval(timer),
  };
}
