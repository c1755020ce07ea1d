import { isCalendarDay } from './check-digits.ts';

const MOMENT = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
const FIRST_MS = Date.UTC(2000, 0, 1);
const AFTER_LAST_MS = Date.UTC(2200, 0, 1);

/** A moment as every answer, error and file writes it: UTC with Z, a fraction of a second only where there is one. @throws RangeError for none. */
export function textOfMoment(moment: Date): string {
  return moment.toISOString().replace('.000Z', 'Z');
}

/** The same of what may be none: then null. */
export function writeMoment(value: Date | string): string | null {
  const moment = new Date(value);
  return Number.isNaN(moment.getTime()) ? null : textOfMoment(moment);
}

/**
 * The moment in a text of RFC 3339, in its one form here: UTC with milliseconds, so that texts stand in the order of the moments. Null where it
 * is none, its day is in no calendar, or it lies outside of the years 2000 to 2199.
 */
export function readMoment(text: string): string | null {
  const day = MOMENT.exec(text)?.[1];
  if (day === undefined || !isCalendarDay(day)) return null;
  const atMs = Date.parse(text);
  return atMs >= FIRST_MS && atMs < AFTER_LAST_MS ? new Date(atMs).toISOString() : null;
}
