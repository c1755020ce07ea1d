import { dayInProvince } from './province-day.ts';

/**
 * Check digits of the numbers that people and papers bear. Pure; each follows the standard it names.
 */

const DIGITS_AND_LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** GB 32100 leaves out I, O, S, V and Z, which are easily misread. */
export const CREDIT_CODE_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

const CITIZEN_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];

/** The 18th character of a citizen number (GB 11643, ISO 7064 MOD 11-2) from its first 17 digits. */
export function citizenNumberCheck(first17: string): string {
  return '10X98765432'.charAt(weightedSum(first17, CITIZEN_WEIGHTS, DIGITS_AND_LETTERS) % 11);
}

/** The 18th character of a unified social credit code (GB 32100, MOD 31-3) from its first 17 characters. */
export function creditCodeCheck(first17: string): string {
  return CREDIT_CODE_ALPHABET.charAt((31 - (weightedSum(first17, CREDIT_WEIGHTS, CREDIT_CODE_ALPHABET) % 31)) % 31);
}

/** The 9th character of an organisation code (GB 11714, MOD 11), which stands in the credit code, from its first 8. */
export function organisationCheck(first8: string): string {
  const check = 11 - (weightedSum(first8, ORGANISATION_WEIGHTS, DIGITS_AND_LETTERS) % 11);
  return check === 10 ? 'X' : check === 11 ? '0' : String(check);
}

/** The last character of a license identifier (GB/T 36904, ISO 7064 MOD 37,36) over type, authority, serial and version joined. */
export function licenseCheck(body: string): string {
  let product = 36;
  for (const character of body) {
    const sum = (product + DIGITS_AND_LETTERS.indexOf(character)) % 36 || 36;
    product = (sum * 2) % 37;
  }
  return DIGITS_AND_LETTERS.charAt((37 - product) % 36);
}

/** Whether this is a well-formed citizen number: 18 characters, a real birth date up to the day it is in the province, the right check digit. */
export function isCitizenNumber(text: unknown, { nowMs = Date.now() } = {}): text is string {
  if (typeof text !== 'string' || !/^\d{17}[\dX]$/.test(text) || citizenNumberCheck(text.slice(0, 17)) !== text[17]) return false;
  const birth = `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`;
  return isCalendarDay(birth) && birth >= '1800-01-01' && birth <= dayInProvince(nowMs);
}

/** Whether this is a well-formed unified social credit code, to be entered or issued. */
export function isCreditCode(text: unknown): text is string {
  return typeof text === 'string' && hasFormOfCreditCode(text) && creditCodeCheck(text.slice(0, 17)) === text[17];
}

/** Whether this can be looked for as a unified social credit code: some were issued with a check digit that is wrong. */
export function hasFormOfCreditCode(text: string): boolean {
  return /^[0-9A-HJ-NPQRTUWXY]{18}$/.test(text);
}

/** Whether this is a well-formed license identifier. */
export function isLicenseIdentifier(text: string): boolean {
  const parts = /^1\.2\.156\.3005\.2\.([0-9A-Z]{21})\.([0-9A-Z]{1,18})\.([0-9A-Z]{1,40})\.(\d{3})\.([0-9A-Z])$/.exec(text);
  return parts !== null && licenseCheck(`${parts[1]}${parts[2]}${parts[3]}${parts[4]}`) === parts[5];
}

/** Whether this is a day of the calendar, YYYY-MM-DD. There is no year 0, in it or in a database. */
export function isCalendarDay(text: string): boolean {
  if (!/^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function weightedSum(characters: string, weights: readonly number[], alphabet: string): number {
  let sum = 0;
  for (const [place, weight] of weights.entries()) sum += alphabet.indexOf(characters.charAt(place)) * weight;
  return sum;
}
