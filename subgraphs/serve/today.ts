import { startOfDayMs } from '@longyuan/schema/src/province-day.ts';

/** The day it is in the province, as midnight UTC: the form in which `@db.Date` columns are read and compared. */
export function today(now = new Date()): Date {
  return new Date(startOfDayMs(now.getTime()));
}
