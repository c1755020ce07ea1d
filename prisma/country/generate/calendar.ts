import { asOf } from '../edition.ts';

/** A day as the number of days since 1970-01-01; before it, below zero. Blocks reckon in these and write text only at the end. */
export type Day = number;

/** Days the generated country may speak of; their texts are made once. */
const FIRST_YEAR = 1890;
const LAST_YEAR = 2100;
const firstDay = dayOf(FIRST_YEAR, 1, 1);
const texts: string[] = [];
const years: number[] = [];
for (let day = firstDay; day < dayOf(LAST_YEAR, 1, 1); day++) {
  const date = new Date(day * 86_400_000);
  texts.push(date.toISOString().slice(0, 10));
  years.push(date.getUTCFullYear());
}

/** The day number of the fixed `asOf`. */
export const today: Day = readDay(asOf);

/** The day of a year, month (1–12) and day of the month; too large a day of the month runs over into the next. */
export function dayOf(year: number, month: number, dayOfMonth: number): Day {
  return Math.round(Date.UTC(year, month - 1, dayOfMonth) / 86_400_000);
}

/** Reads YYYY-MM-DD. */
function readDay(text: string): Day {
  return Math.round(Date.parse(`${text}T00:00:00Z`) / 86_400_000);
}

/** YYYY-MM-DD. @throws RangeError for a day outside the years the country speaks of. */
export function dayText(day: Day): string {
  const text = texts[day - firstDay];
  if (text === undefined) throw new RangeError(`Day ${day} is outside ${FIRST_YEAR}–${LAST_YEAR}`);
  return text;
}

export function yearOf(day: Day): number {
  return years[day - firstDay] ?? Number.NaN;
}

/** The same day of the year `count` years later (29 February becomes 1 March). */
export function addYears(day: Day, count: number): Day {
  const text = dayText(day);
  return dayOf(Number(text.slice(0, 4)) + count, Number(text.slice(5, 7)), Number(text.slice(8)));
}

/** Whole years from `birth` to `on`. */
export function ageOn(birth: Day, on: Day): number {
  const age = yearOf(on) - yearOf(birth);
  return dayText(on).slice(5) < dayText(birth).slice(5) ? age - 1 : age;
}

/** Days of a mean year, to reckon spans with. */
export const YEAR = 365.25;
