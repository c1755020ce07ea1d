/** Rows counted while they are loaded, told to people every two seconds. */
export type Progress = Readonly<{
  count: (rows: number, persons: number) => void;
  /** From here on indexes are made and no rows come. */
  finishing: () => void;
  total: () => Readonly<{ rows: number }>;
  stop: () => void;
}>;

const TELL_EVERY_MS = 2000;

/** Tells `say` a line now and then: how far of so many people, rows so far, rows a second since the last line. */
export function startProgress(say: (line: string) => void, persons: number): Progress {
  let toldAt = performance.now();
  let rows = 0;
  let done = 0;
  let rowsBefore = 0;
  let isFinishing = false;
  const tell = (): void => {
    const now = performance.now();
    const rowsPerSecond = Math.round(((rows - rowsBefore) / (now - toldAt)) * 1000) || 0;
    const percent = `${Math.floor((done / persons) * 100)} %`.padStart(7);
    const pace = isFinishing ? 'making indexes' : `${count(rowsPerSecond)} rows/s`;
    say(`${percent}  ${count(done)} people, ${count(rows)} rows, ${pace}`);
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
      isFinishing = true;
    },
    total: () => ({ rows }),
    stop: () => clearInterval(timer),
  };
}

/** 1,234,567 */
export function count(number: number): string {
  return number.toLocaleString('en');
}
