import { randomUUID } from 'node:crypto';

/** The header that every answer carries and every call to a library passes on. */
export const REQUEST_ID_HEADER = 'x-request-id';

const WELL_FORMED = /^[A-Za-z0-9._-]{8,64}$/;

/** The caller's own request id where it is well formed (8 to 64 letters, digits, dots, lines), else a new one. */
export function readRequestId(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && WELL_FORMED.test(header) ? header : randomUUID();
}
