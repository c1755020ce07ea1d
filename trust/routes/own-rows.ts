import { z } from 'zod';
import type { Route } from './route.ts';

/** Where a library tells which rows of another (`library`) are the own of the warrant's caller, a citizen: signed (`../own-rows.ts`). */
export const ownRowsRoute = {
  path: '/own-rows',
  // No field is called so.
  items: ['Library.ownRows'],
  question: z.object({ library: z.string().regex(/^[a-z-]{1,60}$/) }),
  answer: z.object({ told: z.string() }),
  notFor: 'NOT_FOR_OWN_ROWS',
} as const satisfies Route;
