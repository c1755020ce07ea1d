import { randomUUID } from 'node:crypto';

/** The header that every answer carries and every call to a library passes on. */
export const REQUEST_ID_HEADER = 'x-request-id';

const WELL_FORMED = /^[A-Za-z0-9._-]{8,64}$/;
/** Digits in the length of a citizen number, old or new, or of a mobile number: the id stands in logs and traces, where no person may. */
const NUMBER_OF_A_PERSON = /(?<!\d)(?:\d{15}|\d{17}[\dXx]|1[3-9]\d{9})(?!\d)/;

/** The caller's own request id where it is well formed (8 to 64 letters, digits, dots, lines) and no number of a person, else a new one. */
export function readRequestId(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && WELL_FORMED.test(header) && !NUMBER_OF_A_PERSON.test(header) ? header : randomUUID();
}
