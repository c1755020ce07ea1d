import { z } from 'zod';
import { keptMoment } from './kept-moment.ts';
import type { Route } from './route.ts';

/** How far an owner's list of grants has come: within an epoch the version grows with every change. */
const listPlace = z.object({ epoch: z.string(), version: z.int().nonnegative() });
/** The application at which a page ended, in the walk from the latest on. */
export const applicationPlace = z.object({ at: keptMoment(3), no: z.string() });

const granted = z.array(z.object({ code: z.string(), access: z.enum(['READ', 'MASKED', 'VERIFY']) }));
const purposes = z.array(z.string());
const narrower = z.object({
  items: granted.nullish(),
  purposes: purposes.nullish(),
  division: z.string().nullish(),
  level: z.number().nullish(),
  from: z.string().nullish(),
  until: z.string().nullish(),
  callsPerDay: z.number().nullish(),
  rowsPerDay: z.number().nullish(),
});
const terms = narrower.extend({
  resource: z.string(),
  items: granted,
  purposes,
  basis: z.string(),
  scenario: z.string(),
  division: z.string(),
  level: z.number(),
  until: z.string(),
  callsPerDay: z.number(),
});
/** An application as it stands afterwards. It is read by itself: one that cannot be read is told as such, at its place. */
const application = z.object({ application: z.unknown() });

/** The questions about grants, each opened by the field of the directory it is asked for. Rules of terms are the owner's to check. */
export const grantRoutes = {
  /** The changes after a place; held open for `holdMs` at most while there are none. `isWhole`: what was known before is to be forgotten. */
  list: {
    path: '/grants/list',
    items: ['Query.myGrants'],
    question: listPlace.extend({ holdMs: z.number().optional() }),
    answer: z.object({
      place: listPlace,
      isWhole: z.boolean(),
      isLast: z.boolean(),
      /** Each is read by itself: a grant that stands, or the id of one that does not count any more. */
      changes: z.array(z.unknown()),
      /** Whether the list cannot be relied on now: nothing follows from it. */
      isStale: z.boolean(),
    }),
  },
  /** A page of applications that the caller may see. `total` where it was asked for (`count`). */
  applications: {
    path: '/grants/applications',
    items: ['Query.applications'],
    question: z.object({
      state: z.enum(['OPEN', 'GRANTED', 'REFUSED']).nullable(),
      after: applicationPlace.nullish(),
      limit: z.int(),
      count: z.boolean().optional(),
    }),
    answer: z.object({ applications: z.array(z.unknown()), total: z.int().nonnegative().nullable() }),
  },
  apply: { path: '/grants/apply', items: ['Mutation.apply'], question: terms, answer: application },
  answer: {
    path: '/grants/answer',
    items: ['Mutation.answer'],
    question: z.object({
      no: z.string(),
      decision: z.enum(['GRANT', 'REFUSE']),
      reason: z.string().nullish(),
      terms: narrower.nullish(),
    }),
    answer: application,
  },
  revoke: {
    path: '/grants/revoke',
    items: ['Mutation.revokeGrant'],
    question: z.object({ id: z.string(), reason: z.string() }),
    answer: application,
  },
} as const satisfies Readonly<Record<string, Route>>;
