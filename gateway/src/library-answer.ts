import { isErrorCode } from '@longyuan/schema/src/error-codes.ts';
import type { GraphQLFormattedError } from 'graphql';
import type { FetchShape } from './fetch-shape.ts';

/** What a library's answer holds once nothing in it can do harm. */
export type LibraryAnswer = Readonly<{
  data: Record<string, unknown> | null;
  errors: readonly GraphQLFormattedError[];
  /** Of the data. */
  values: number;
}>;

/** Errors of one answer that are passed on; a caller learns nothing from the hundredth. */
const MAX_ERRORS = 50;
const MAX_MESSAGE_LENGTH = 500;
const MAX_PATH_LENGTH = 64;
const MAX_FACT_LENGTH = 200;
const FACTS = ['argument', 'limit', 'value', 'item', 'itemCode', 'resource', 'owner', 'apply'];
/** Addresses and stack frames: a library that lets them slip is not quoted. */
const INTERNAL_TEXT = /\w+:\/\/|\b\d{1,3}(\.\d{1,3}){3}:\d+|\n\s+at |\.[cm]?[jt]s:\d+/;

/**
 * Reads the answer of a library, which belongs to another department and is not trusted to be well formed.
 * Null where the text is no GraphQL answer, its data have not the shape that was asked for, or `_entities` does not answer every entity.
 * Of errors only known codes, message, path and the facts of a refusal pass; every other is INTERNAL and its message stays here.
 */
export function readLibraryAnswer(
  text: string,
  asked: Readonly<{ library: string; shape: FetchShape; entityCount: number | null }>,
): LibraryAnswer | null {
  const answer = parseSafely(text);
  if (!isRecord(answer)) return null;
  const data = answer['data'] ?? null;
  const errors = answer['errors'] ?? [];
  if ((data !== null && !isRecord(data)) || !Array.isArray(errors)) return null;
  if (data === null && errors.length === 0) return null;
  const values = data === null ? 0 : asked.shape.valuesIn(data);
  if (values === null) return null;
  if (data !== null) {
    if (asked.entityCount !== null && (!Array.isArray(data['_entities']) || data['_entities'].length !== asked.entityCount)) return null;
  }
  return { data, errors: errors.slice(0, MAX_ERRORS).map((error) => readError(error, asked.library)), values };
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

export function readError(error: unknown, library: string): GraphQLFormattedError {
  const { message, path, extensions } = isRecord(error) ? error : {};
  const given = isRecord(extensions) ? extensions : {};
  const code = isErrorCode(given['code']) ? given['code'] : 'INTERNAL';
  const quoted = typeof message === 'string' && message !== '' && code !== 'INTERNAL' && !INTERNAL_TEXT.test(message) ? message : null;
  return {
    message: quoted?.slice(0, MAX_MESSAGE_LENGTH) ?? `The library ${library} failed to answer this.`,
    ...(isPath(path) && { path }),
    extensions: { ...factsIn(given), code, library },
  };
}

/** What a refusal says of itself: which argument, limit or item, of whom, and where to apply. */
function factsIn(given: Readonly<Record<string, unknown>>): Readonly<Record<string, string | number>> {
  const facts: Record<string, string | number> = {};
  for (const name of FACTS) {
    const fact = given[name];
    if (typeof fact === 'string' && !INTERNAL_TEXT.test(fact)) facts[name] = fact.slice(0, MAX_FACT_LENGTH);
    if (typeof fact === 'number') facts[name] = fact;
  }
  return facts;
}

function isPath(path: unknown): path is readonly (string | number)[] {
  return (
    Array.isArray(path) && path.length <= MAX_PATH_LENGTH && path.every((part) => typeof part === 'string' || Number.isSafeInteger(part))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
