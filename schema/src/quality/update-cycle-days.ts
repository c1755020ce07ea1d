/** How many days a row may go unconfirmed under each update cycle (更新周期); null where the owner promises none. */
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
