import { z } from 'zod';
import { type Grant, usualRowsPerDay } from './grant.ts';

const text = z.string().min(1);
const moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/)
  .refine((value) => !Number.isNaN(Date.parse(value)));
const grant = z.object({
  ...{ id: text, library: text, consumer: text, resource: text, basis: text, division: text, from: moment, until: moment },
  items: z.array(z.object({ code: text, access: z.enum(['READ', 'MASKED', 'VERIFY']) })).min(1),
  purposes: z.array(text).min(1),
  ...{ level: z.int().min(1).max(4), callsPerDay: z.int(), rowsPerDay: z.int().optional() },
});

/** The grant in a value that came from outside (a database, another process), with nothing beside it; null where it is none. */
export function readGrant(value: unknown): Grant | null {
  const { data } = grant.safeParse(value);
  if (!data) return null;
  // A deed is signed as it was, so one that says nothing of rows is read as if it did.
  const { rowsPerDay = usualRowsPerDay(data.callsPerDay) } = data;
  return rowsPerDay < 1 ? null : { ...data, rowsPerDay };
}
