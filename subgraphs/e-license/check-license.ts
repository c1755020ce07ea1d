import type { CheckedRow } from './store.ts';

/** Whether a license is in force on a day: its state is valid, and the day is not before its first or after its last. */
export function isInForce({ state, validFrom, validTo }: Omit<CheckedRow, 'checkCode'>, day: Date): boolean {
  return state === 'VALID' && (validFrom === null || validFrom <= day) && (validTo === null || day <= validTo);
}

/** The answer to a check code. An unknown code is simply not valid. */
export function checkLicense(license: CheckedRow | null, day: Date) {
  return { valid: license !== null && isInForce(license, day), state: license?.state ?? null, checkedAt: new Date() };
}
