import { createHash } from 'node:crypto';
import { type FileFormat, formatsOf, writerOf } from './file-formats.ts';
import type { Dataset } from './find-datasets.ts';
import { type Ask, readPages, START } from './read-rows.ts';

/** What a dataset's files were when its rows were last read through. */
export type Measures = Readonly<{
  rows: number;
  /** When its owner last confirmed one of the rows, RFC 3339; null where none says. */
  newestAt: string | null;
  files: ReadonlyMap<FileFormat, Readonly<{ bytes: number; sha256: string }>>;
}>;

/** Seconds that measures are taken for the truth, and that a client may keep a file without asking again. */
export const FRESH_SECONDS = 300;
/** How long a request waits for measures; those of a large dataset are there for a later one. */
const PATIENCE_MS = 4_000;
/** How long rows are read for their measures before it is given up: a dataset that takes longer has none. */
const LONGEST_MS = 10 * 60_000;

type Kept = { endedAtMs: number | null; readonly measures: Promise<Measures | null> };

/**
 * Makes the measuring of datasets: reads all rows, at most once in five minutes for each dataset and one dataset at a time, and keeps
 * size, digest and newest confirmation. Null where the rows cannot be read, or have not been in four seconds; the reading goes on then.
 */
export function keepMeasures(ask: Ask): (dataset: Dataset) => Promise<Measures | null> {
  const kept = new Map<Dataset, Kept>();
  let before: Promise<unknown> = Promise.resolve();
  const begin = (dataset: Dataset): Kept => {
    const measures = before
      .then(() => measure(dataset, ask))
      .then((measured) => {
        entry.endedAtMs = performance.now();
        return measured;
      })
      .catch(() => {
        // A library that is down now may answer in a moment.
        kept.delete(dataset);
        return null;
      });
    const entry: Kept = { endedAtMs: null, measures };
    before = measures;
    kept.set(dataset, entry);
    return entry;
  };
  return async (dataset) => {
    const known = kept.get(dataset);
    const isFresh = known && (known.endedAtMs === null || performance.now() - known.endedAtMs < FRESH_SECONDS * 1000);
    const { measures } = isFresh ? known : begin(dataset);
    const { promise: tooLong, resolve } = Promise.withResolvers<null>();
    const waiting = setTimeout(resolve, PATIENCE_MS, null);
    try {
      return await Promise.race([measures, tooLong]);
    } finally {
      clearTimeout(waiting);
    }
  };
}

async function measure(dataset: Dataset, ask: Ask): Promise<Measures | null> {
  const endsAtMs = performance.now() + LONGEST_MS;
  const files = formatsOf(dataset).map((format) => {
    const hash = createHash('sha256');
    const writer = writerOf(dataset, format, false);
    const head = writer.head();
    return { format, hash: hash.update(head), writer, bytes: Buffer.byteLength(head) };
  });
  let rows = 0;
  let newestAt: string | null = null;
  for await (const page of readPages(dataset.slices(true), ask, START)) {
    if (performance.now() > endsAtMs) return null;
    for (const file of files) {
      const text = file.writer.rows(page.rows, rows === 0);
      file.hash.update(text);
      file.bytes += Buffer.byteLength(text);
    }
    rows += page.rows.length;
    for (const { confirmedAt } of page.rows) {
      if (typeof confirmedAt === 'string' && (newestAt === null || confirmedAt > newestAt)) newestAt = confirmedAt;
    }
  }
  return {
    rows,
    newestAt,
    files: new Map(
      files.map(({ format, hash, writer, bytes }) => {
        const foot = writer.foot();
        return [format, { bytes: bytes + Buffer.byteLength(foot), sha256: hash.update(foot).digest('hex') }];
      }),
    ),
  };
}
