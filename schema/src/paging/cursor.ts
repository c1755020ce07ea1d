import type { GraphQLError } from 'graphql';
import { badUserInput } from '../refuse.ts';

/** A list that has pages: coordinate of its field (`Query.pois`), and the order it is in, where it can be in several. */
export type PagedList = Readonly<{ field: string; order?: string }>;

/** The place after a row of a list, as opaque text: the list with its order, and the row's values of the columns that order it. */
export function encodeCursor({ field, order = '' }: PagedList, values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([field, order, ...values])).toString('base64url');
}

/**
 * The values in a cursor of this list, of which there must be exactly `length`.
 * @throws GraphQLError as `refuseCursor`, for anything that no page of this list and order gave out.
 */
export function decodeCursor(text: string, list: PagedList, length: number): (string | number)[] {
  const read = parse(Buffer.from(text, 'base64url').toString());
  if (!Array.isArray(read)) throw refuseCursor(list);
  const [field, order, ...values] = read;
  const isOfList = field === list.field && order === (list.order ?? '');
  if (!isOfList || values.length !== length || !values.every(isPlain)) throw refuseCursor(list);
  return values;
}

/** BAD_USER_INPUT of the argument `after` of the list. */
export function refuseCursor({ field }: PagedList): GraphQLError {
  return badUserInput(`${field}(after:)`, 'CURSOR_OF_LIST');
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
