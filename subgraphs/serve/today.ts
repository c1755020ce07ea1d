const UTC_OFFSET_MS = 8 * 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The day it is in China (UTC+8, no summer time), as midnight UTC: the form in which `@db.Date` columns are read and compared. */
export function today(now = new Date()): Date {
  return new Date(todayMs(now.getTime()));
}

/** The same in milliseconds since 1970. */
export function todayMs(nowMs = Date.now()): number {
  return Math.floor((nowMs + UTC_OFFSET_MS) / DAY_MS) * DAY_MS;
}
