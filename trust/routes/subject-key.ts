import { isCitizenNumber } from '@longyuan/schema/src/check-digits.ts';
import { z } from 'zod';
import type { Route } from './route.ts';

/**
 * Where the library that knows persons turns a citizen number into the person's key; null for nobody. It reads no item, and who asks is just
 * what is not known yet.
 */
export const subjectKeyRoute = {
  path: '/subject-key',
  items: [],
  question: z.object({ idNumber: z.string().refine(isCitizenNumber) }),
  answer: z.object({ key: z.string().min(1).nullable() }),
} as const satisfies Route;
