import { refuse } from '@longyuan/schema/src/refuse.ts';
import type { GraphQLFormattedError } from 'graphql';
import type { FetchShape } from './fetch-shape.ts';
import type { ErrorWords } from './word-errors.ts';

/** What a library's answer holds once nothing in it can do harm. */
export type LibraryAnswer = Readonly<{
  data: Record<string, unknown> | null;
  errors: readonly GraphQLFormattedError[];
  /** Of the data. */
  values: number;
}>;

/** Errors of one answer that are passed on, or one for each field that was asked where that is more; beyond that a caller learns nothing. */
const LEAST_ERRORS = 50;

/**
 * Reads the answer of a library, which belongs to another department and is not trusted to be well formed.
 * Null where the text is no GraphQL answer, its data have not the shape that was asked for, or `_entities` does not answer every entity.
 * What was asked for and is not there is null, with an error; of errors only known codes and places of this fetch pass, in the hub's words.
 */
export function readLibraryAnswer(
  text: string,
  asked: Readonly<{ library: string; shape: FetchShape; variables: Readonly<Record<string, unknown>>; words: ErrorWords }>,
): LibraryAnswer | null {
  const { library, shape, variables, words } = asked;
  const answer = parseSafely(text);
  if (!isRecord(answer)) return null;
  const data = answer['data'] ?? null;
  const told = answer['errors'] ?? [];
  if ((data !== null && !isRecord(data)) || !Array.isArray(told)) return null;
  if (data === null && told.length === 0) return null;
  const held = data === null ? { values: 0, missing: [] } : shape.hold(data, variables);
  if (!held) return null;
  const missing = held.missing.map(({ path }): GraphQLFormattedError => ({ ...refuse('NOT_AS_PROMISED', {}, { library }).toJSON(), path }));
  const most = Math.max(LEAST_ERRORS, shape.selections);
  const errors = told.slice(0, most).map((error: unknown) => {
    const place = isRecord(error) ? shape.placeOf(error['path'], data) : null;
    return words(error, { place, variables });
  });
  return { data, errors: [...errors, ...missing].slice(0, most), values: held.values };
}

/** A key `__proto__` is the only one that can turn an object into another; answers of honest libraries never hold it. */
export function parseSafely(text: string): unknown {
  try {
    if (!text.includes('__proto__') && !text.includes('\\u005')) return JSON.parse(text);
    return JSON.parse(text, (key, value) => (key === '__proto__' ? undefined : value));
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
