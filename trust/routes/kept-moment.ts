import { z } from 'zod';

/** A moment in UTC (RFC 3339) that a database can keep, `precision` digits behind the second; left out: as many as there are. */
export function keptMoment(precision?: number) {
  // The year 0 is none of PostgreSQL's.
  return z.iso.datetime(precision === undefined ? {} : { precision }).refine((text) => !text.startsWith('0000'));
}
