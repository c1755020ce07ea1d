import { z } from 'zod';
import type { Route } from './route.ts';

const measuring = {
  path: '/quality',
  // No type of a library is called so, and no caller's operation asks for it.
  items: ['_Quality.measure'],
  notFor: 'NOT_FOR_MEASURING',
  noQuestion: 'NO_QUALITY_QUESTION',
} as const;

/** Most keys of one question. */
const MOST_KEYS = 1_000;
/** Where a walk over rows goes on, as the answer before said it; null: from the beginning, or at the end. */
const place = z.string().nullable();
/** What came of one check in some rows; the keys of a few that fail it. */
const tally = z.object({ id: z.string(), rows: z.number(), failing: z.number(), samples: z.array(z.string()) });

/** The questions about the quality of a library's data, all at one path: counts, and keys that say nothing. */
export const qualityRoutes = {
  /** Tables to walk, columns to walk in order, and checks that speak of what the database does not have. */
  outline: {
    ...measuring,
    question: z.object({ ask: z.literal('outline') }),
    answer: z.object({
      tables: z.array(z.string()),
      unique: z.array(z.object({ id: z.string(), table: z.string(), isIndexed: z.boolean() })),
      unmeasurable: z.array(z.string()),
    }),
  },
  /** The next rows of a table. `references`: keys that rows refer to, each with the key of such a row where that may be said. */
  rows: {
    ...measuring,
    question: z.object({ ask: z.literal('rows'), table: z.string(), after: place }),
    answer: z.object({
      rows: z.number(),
      next: place,
      tallies: z.array(tally),
      references: z.array(z.object({ id: z.string(), rows: z.number(), keys: z.array(z.tuple([z.string(), z.string().nullable()])) })),
    }),
  },
  /** The next values of a column that says everything once, in their order. */
  unique: {
    ...measuring,
    question: z.object({ ask: z.literal('unique'), id: z.string(), after: place }),
    answer: z.object({ tally, next: place }),
  },
  /** Which keys no row has. `key`: `Person.id`. */
  missing: {
    ...measuring,
    question: z.object({ ask: z.literal('missing'), key: z.string(), keys: z.array(z.string()).max(MOST_KEYS) }),
    answer: z.object({ missing: z.array(z.string()) }),
  },
  /** The key of the record that somebody names; null where there is none, or it may not be said. */
  find: {
    ...measuring,
    question: z.object({ ask: z.literal('find'), resource: z.string(), record: z.string() }),
    answer: z.object({ key: z.string().nullable() }),
  },
} as const satisfies Readonly<Record<string, Route>>;

const { outline, rows, unique, missing, find } = qualityRoutes;

/** All of them, as the owner serves them. */
export const qualityRoute = {
  ...measuring,
  question: z.discriminatedUnion('ask', [outline.question, rows.question, unique.question, missing.question, find.question]),
  answer: z.union([outline.answer, rows.answer, unique.answer, missing.answer, find.answer]),
} as const satisfies Route;
