/** Days within which a row is confirmed again, by update cycle (更新周期); null where the owner promises none. */
export const updateCycleDays: Readonly<Record<string, number | null>> = {
  // No row is younger than the look at it, so what is promised in real time is measured by the day.
  REALTIME: 1,
  DAILY: 1,
  WEEKLY: 7,
  MONTHLY: 31,
  QUARTERLY: 92,
  YEARLY: 366,
  ON_DEMAND: null,
};

/** A row may be so many days late: confirmations are made at night, and told as days. */
const GRACE_DAYS = 1;
const DAY_MS = 86_400_000;

/** The moment before which a confirmation is too old for the cycle, seen from `asOfMs`; null where there is no cycle to keep. */
export function oldestInTime(updateCycle: string, asOfMs: number): Date | null {
  const days = updateCycleDays[updateCycle] ?? null;
  return days === null ? null : new Date(asOfMs - (days + GRACE_DAYS) * DAY_MS);
}
