import { createHash } from 'node:crypto';
import { withinTime } from '@longyuan/settings/within-time.ts';
import { type FileFormat, formatsOf, writerOf } from './file-formats.ts';
import type { Dataset } from './find-datasets.ts';
import { countColumns, type FoundInRows } from './measure-columns.ts';
import { type Ask, readPages, START } from './read-rows.ts';

/** What a dataset's rows and files were when its rows were last read through, and when that was (RFC 3339). */
export type Measures = FoundInRows &
  Readonly<{ measuredAt: string; files: ReadonlyMap<FileFormat, Readonly<{ bytes: number; sha256: string }>> }>;

/** Measures of datasets. `fresh`: no older than they may be; null where there are none yet. `latest`: where there are none, the last ones. */
export type Measuring = Readonly<{
  fresh: (dataset: Dataset) => Promise<Measures | null>;
  latest: (dataset: Dataset) => Promise<Measures | null>;
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
 * size, digest and what was found in the rows. Null where the rows cannot be read, or have not been in four seconds; the reading goes on
 * then, and what was measured before it is the latest.
 */
export function keepMeasures(ask: Ask, nowMs: () => number = () => performance.now()): Measuring {
  const kept = new Map<Dataset, Kept>();
  const last = new Map<Dataset, Measures>();
  let before: Promise<unknown> = Promise.resolve();
  const begin = (dataset: Dataset): Kept => {
    const measures = before
      .then(() => measure(dataset, ask))
      .then((measured) => {
        entry.endedAtMs = nowMs();
        if (measured) last.set(dataset, measured);
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
  const fresh = async (dataset: Dataset): Promise<Measures | null> => {
    const known = kept.get(dataset);
    const isFresh = known && (known.endedAtMs === null || nowMs() - known.endedAtMs < FRESH_SECONDS * 1000);
    const { measures } = isFresh ? known : begin(dataset);
    return withinTime(measures, PATIENCE_MS, () => null);
  };
  return { fresh, latest: async (dataset) => (await fresh(dataset)) ?? last.get(dataset) ?? null };
}

async function measure(dataset: Dataset, ask: Ask): Promise<Measures | null> {
  const endsAtMs = performance.now() + LONGEST_MS;
  const files = formatsOf(dataset).map((format) => {
    const hash = createHash('sha256');
    const writer = writerOf(dataset, format, false);
    const head = writer.head();
    return { format, hash: hash.update(head), writer, bytes: Buffer.byteLength(head) };
  });
  const counting = countColumns(dataset);
  let isFirst = true;
  for await (const page of readPages(dataset.slices(true), ask, START)) {
    if (performance.now() > endsAtMs) return null;
    for (const file of files) {
      const text = file.writer.rows(page.rows, isFirst);
      file.hash.update(text);
      file.bytes += Buffer.byteLength(text);
    }
    counting.add(page.rows);
    if (page.rows.length > 0) isFirst = false;
  }
  return {
    ...counting.found(),
    measuredAt: new Date().toISOString(),
    files: new Map(
      files.map(({ format, hash, writer, bytes }) => {
        const foot = writer.foot();
        return [format, { bytes: bytes + Buffer.byteLength(foot), sha256: hash.update(foot).digest('hex') }];
      }),
    ),
  };
}
