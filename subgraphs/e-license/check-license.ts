import type { Outcome } from '../serve/answer-verification.ts';
import type { CheckedRow } from './store.ts';

/** Whether a license is in force on a day: its state is valid, and the day is not before its first or after its last. */
export function isInForce({ state, validFrom, validTo }: Omit<CheckedRow, 'checkCode'>, day: Date): boolean {
  return state === 'VALID' && (validFrom === null || validFrom <= day) && (validTo === null || day <= validTo);
}

/** The answer to a check code. An unknown code is simply not valid, and alone is a wrong guess. */
export function checkLicense(license: CheckedRow | null, day: Date): Outcome<{ valid: boolean; state: CheckedRow['state'] | null }> {
  const valid = license !== null && isInForce(license, day);
  return { isRight: license !== null, result: valid ? 'VALID' : 'NOT_VALID', answer: { valid, state: license?.state ?? null } };
}
