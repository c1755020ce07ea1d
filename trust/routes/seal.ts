import { z } from 'zod';
import type { Route } from './route.ts';

/** Where gateway and library agree on a seal (`agree-seal.ts`): without a warrant, since both halves are signed. */
export const sealRoute = {
  path: '/seal',
  items: [],
  question: z.object({ offer: z.string() }),
  answer: z.object({ answer: z.string() }),
} as const satisfies Route;
