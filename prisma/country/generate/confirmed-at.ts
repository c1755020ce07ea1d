import { dayText, today } from './calendar.ts';
import { scramble } from './random.ts';

/** How often owners promise to confirm rows, in days. */
export const cycleDays = { realtime: 1, daily: 1, weekly: 7, monthly: 30, yearly: 365 } as const;

const minutes = Array.from({ length: 1440 }, (_, minute) => {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `T${two(Math.floor(minute / 60))}:${two(minute % 60)}:00Z`;
});

/** The moment at which the owner last confirmed a row: some time within the last cycle before `asOf`, the same for the same number. */
export function confirmedAt(cycle: keyof typeof cycleDays, number: number): string {
  const chance = scramble(number);
  return dayText(today - 1 - (chance % cycleDays[cycle])) + (minutes[(chance >>> 9) % 1440] ?? '');
}
