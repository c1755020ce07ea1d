import { geometryOf, valueAt } from './file-formats.ts';
import type { Dataset } from './find-datasets.ts';
import type { Row } from './read-rows.ts';

/** What was found in the rows of a dataset. Moments and days as the rows have them; null where no row says one. */
export type FoundInRows = Readonly<{
  rows: number;
  /** When its owner last, and first, confirmed one of the rows, RFC 3339. */
  newestAt: string | null;
  oldestAt: string | null;
  /** The first and the last day that the rows tell of; null where nothing dates them. */
  firstDay: string | null;
  lastDay: string | null;
  /** By column: rows without a value, and the characters of the longest value. */
  columns: ReadonlyMap<string, Readonly<{ empty: number; longest: number }>>;
  /** Rows of which no place on the map is known; null where the dataset has no map. */
  withoutGeometry: number | null;
}>;

/** Counts rows as they pass. What it holds does not grow with them. */
export function countColumns(dataset: Dataset): Readonly<{ add: (rows: readonly Row[]) => void; found: () => FoundInRows }> {
  const counts = dataset.columns.map((column) => ({ column, empty: 0, longest: 0 }));
  const { datedBy } = dataset.resource;
  let [rows, withoutGeometry] = [0, 0];
  const confirmed = makeRange();
  const days = makeRange();
  return {
    add: (added) => {
      rows += added.length;
      for (const row of added) {
        confirmed.add(row['confirmedAt']);
        if (datedBy !== null) days.add(row[datedBy]);
        if (dataset.geometries.length > 0 && geometryOf(dataset, row) === null) withoutGeometry += 1;
        for (const count of counts) {
          const value = valueAt(count.column.name, row);
          const values: readonly unknown[] = value === null ? [] : Array.isArray(value) ? value : [value];
          if (values.length === 0) count.empty += 1;
          if (count.column.holds === 'point') continue;
          for (const each of values) count.longest = Math.max(count.longest, String(each).length);
        }
      }
    },
    found: () => ({
      rows,
      ...{ newestAt: confirmed.last(), oldestAt: confirmed.first(), firstDay: days.first(), lastDay: days.last() },
      columns: new Map(counts.map(({ column, empty, longest }) => [column.name, { empty, longest }])),
      withoutGeometry: dataset.geometries.length > 0 ? withoutGeometry : null,
    }),
  };
}

/** The first and last of texts whose order is that of time. */
function makeRange() {
  let first: string | null = null;
  let last: string | null = null;
  return {
    add: (value: unknown) => {
      if (typeof value !== 'string') return;
      if (first === null || value < first) first = value;
      if (last === null || value > last) last = value;
    },
    first: () => first,
    last: () => last,
  };
}
