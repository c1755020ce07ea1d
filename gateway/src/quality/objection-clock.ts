import chineseDays from 'chinese-days';
import { dayInProvince } from '../usage/province-day.ts';

/** Working days that an owner has to answer an objection (异议核实). */
const WORKING_DAYS_TO_ANSWER = 5;

/**
 * The last day on which an answer is in time, YYYY-MM-DD: the fifth working day after the day it was raised on. Holidays and the days
 * worked instead of them (调休) count as the State Council announced them; a year it has not announced yet has weekends alone.
 */
export function dueDay(raisedAtMs: number): string {
  return chineseDays.findWorkday(WORKING_DAYS_TO_ANSWER, dayInProvince(raisedAtMs));
}

/** Whether the day has passed in the province. */
export function isPast(day: string, nowMs: number): boolean {
  return day < dayInProvince(nowMs);
}
