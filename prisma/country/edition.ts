/** Raised when the generator makes other rows from the same number of people than before. */
export const seedVersion = 1;

/** The day on which the generated country stands still: ages, expiry and freshness are told as of it, so they never drift. */
export const asOf = '2026-06-30';
