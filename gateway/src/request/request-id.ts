import { randomUUID } from 'node:crypto';
import { isCitizenNumber } from '@longyuan/schema/src/check-digits.ts';
import { mayHoldPerson } from '@longyuan/telemetry/plain-name.ts';

/** The header that every answer carries and every call to a library passes on. */
export const REQUEST_ID_HEADER = 'x-request-id';

const WELL_FORMED = /^[A-Za-z0-9._-]{8,64}$/;
/** As a token begins. */
const TOKEN = /eyJ/;

/**
 * The caller's own request id where it is well formed (8 to 64 letters, digits, dots, lines) and no number of a person, in whatever groups, and no
 * token, else a new one.
 */
export function readRequestId(header: string | readonly string[] | undefined): string {
  if (typeof header !== 'string' || !WELL_FORMED.test(header)) return randomUUID();
  return mayHoldPerson(header) || TOKEN.test(header) || hasCitizenNumber(header.replace(/[._-]/g, '')) ? randomUUID() : header;
}

/** Eighteen digits may be a moment and a count as well: what is written in groups has to have a birth date and the check digit. */
function hasCitizenNumber(bare: string): boolean {
  return [...bare.matchAll(/(?=(\d{17}[\dXx]))/g)].some(([, digits = '']) => isCitizenNumber(digits.toUpperCase()));
}
