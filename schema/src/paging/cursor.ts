import { badUserInput } from '../error-codes.ts';

/** The place after a row in a list's order, as opaque text: the row's values of the columns that order it. */
export function encodeCursor(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/**
 * The values in a cursor, of which there must be exactly `length`.
 * @throws GraphQLError `BAD_USER_INPUT` naming the argument `after`, for anything that no page gave out.
 */
export function decodeCursor(text: string, length: number): (string | number)[] {
  const values = parse(Buffer.from(text, 'base64url').toString());
  if (!Array.isArray(values) || values.length !== length || !values.every(isPlain)) {
    throw badUserInput('after', 'CURSOR');
  }
  return values;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** U+0000 is no text to PostgreSQL. */
function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' ? !value.includes('\u0000') : typeof value === 'number';
}
