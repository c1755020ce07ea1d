import { dayInProvince } from '@longyuan/schema/src/province-day.ts';
import { workdayAfter } from './working-days.ts';

/** Working days that an owner has to answer an objection (异议核实). */
const WORKING_DAYS_TO_ANSWER = 5;

/** The last day on which an answer is in time, YYYY-MM-DD: the fifth working day after the day it was raised on. */
export function dueDay(raisedAtMs: number): string {
  return workdayAfter(dayInProvince(raisedAtMs), WORKING_DAYS_TO_ANSWER);
}

/** Whether the day has passed in the province. */
export function isPast(day: string, nowMs: number): boolean {
  return day < dayInProvince(nowMs);
}
