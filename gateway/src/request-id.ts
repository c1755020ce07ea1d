import { randomUUID } from 'node:crypto';
import { isCitizenNumber } from '@longyuan/schema/src/check-digits.ts';

/** The header that every answer carries and every call to a library passes on. */
export const REQUEST_ID_HEADER = 'x-request-id';

const WELL_FORMED = /^[A-Za-z0-9._-]{8,64}$/;
/** Digits in the length of a citizen number, old or new, or of a mobile number: the id stands in logs and traces, where no person may. */
const NUMBER_OF_A_PERSON = /(?<!\d)(?:\d{15}|\d{17}[\dXx]|(?:(?:00)?86)?1[3-9]\d{9}|1[3-9]\d[._-]\d{4}[._-]\d{4})(?!\d)/;
/** As a token begins. */
const TOKEN = /eyJ/;

/**
 * The caller's own request id where it is well formed (8 to 64 letters, digits, dots, lines) and no number of a person, in whatever groups, and no
 * token, else a new one.
 */
export function readRequestId(header: string | readonly string[] | undefined): string {
  if (typeof header !== 'string' || !WELL_FORMED.test(header)) return randomUUID();
  return NUMBER_OF_A_PERSON.test(header) || TOKEN.test(header) || hasCitizenNumber(header.replace(/[._-]/g, '')) ? randomUUID() : header;
}

/** Eighteen digits may be a moment and a count as well: what is written in groups has to have a birth date and the check digit. */
function hasCitizenNumber(bare: string): boolean {
  return [...bare.matchAll(/(?=(\d{17}[\dXx]))/g)].some(([, digits = '']) => isCitizenNumber(digits.toUpperCase()));
}
