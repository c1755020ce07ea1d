const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** China keeps one time, UTC+8, all year. */
const OFFSET_MS = 8 * HOUR_MS;

let known = Number.NaN;
let text = '';

/** The day in the province, YYYY-MM-DD, at a moment in milliseconds since 1970. */
export function dayInProvince(atMs: number): string {
  const day = startOfDayMs(atMs);
  if (day !== known) {
    known = day;
    text = new Date(day).toISOString().slice(0, 10);
  }
  return text;
}

/** The same day as its midnight in UTC, in milliseconds since 1970. */
export function startOfDayMs(atMs: number): number {
  return Math.floor((atMs + OFFSET_MS) / DAY_MS) * DAY_MS;
}

/** The day it is in the province, as midnight UTC: the form in which `@db.Date` columns are read and compared. */
export function today(now = new Date()): Date {
  return new Date(startOfDayMs(now.getTime()));
}

/** The midnight at which the day in the province ends, in milliseconds since 1970. */
export function endOfDayMs(atMs: number): number {
  return startOfDayMs(atMs) + DAY_MS - OFFSET_MS;
}

/** The same of a day, YYYY-MM-DD. */
export function endOfNamedDayMs(day: string): number {
  return Date.parse(`${day}T24:00:00+08:00`);
}
