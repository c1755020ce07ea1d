import { z } from 'zod';
import { keptMoment } from './kept-moment.ts';
import type { Route } from './route.ts';

const count = z.int().nonnegative();
const moment = keptMoment().nullable();
const table = z.object({
  /** Code of the resource that the rows belong to. */
  resource: z.string().nullable(),
  rows: count,
  /** When rows were last and first confirmed; null where no row says it. */
  newestAt: moment,
  oldestAt: moment,
  /** Rows that were not confirmed within the update cycle; null where there is no cycle to keep. */
  overdue: count.nullable(),
  /** Rows that hold something of an item, by its code. */
  items: z.record(z.string(), count),
});

/**
 * Where a library tells what it holds, as its owner counted it last: counts and moments, never a value of a row. `asOf`: the moment that
 * confirmations were measured from. `tables` null: it has not counted yet.
 */
export const holdingsRoute = {
  path: '/holdings',
  // No field is called so.
  items: ['Library.holdings'],
  question: z.object({}),
  answer: z.object({
    measuredAt: moment,
    asOf: moment,
    tables: z.array(table).nullable(),
    unlisted: z.array(z.object({ table: z.string(), column: z.string() })),
  }),
  notFor: 'NOT_FOR_HOLDINGS',
} as const satisfies Route;
