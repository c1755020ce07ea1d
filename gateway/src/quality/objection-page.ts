import { badUserInput } from '@longyuan/schema/src/error-codes.ts';
import { dayInProvince } from '../usage/province-day.ts';
import type { ObjectionFilter, ObjectionPlace, ObjectionRow, ObjectionStore } from './objection-store.ts';

/** A page of objections. Its members are functions: rows are read, and counted, only when asked for. */
export type ObjectionPage = Readonly<{
  nodes(): Promise<readonly ObjectionRow[]>;
  total(): Promise<number>;
  pageInfo(): Promise<Readonly<{ endCursor: string | null; hasNextPage: boolean }>>;
}>;

/** @throws GraphQLError for a cursor that no page gave. */
export function pageOfObjections(
  store: ObjectionStore,
  filter: ObjectionFilter,
  { first, after }: Readonly<{ first: number; after: string | null }>,
): ObjectionPage {
  const today = dayInProvince(Date.now());
  const place = after === null ? null : readPlace(after);
  let reading: Promise<readonly ObjectionRow[]> | undefined;
  // The row beyond the page is the sign that more follows.
  const read = () => {
    reading ??= store.list(filter, today, place, first + 1);
    return reading;
  };
  return {
    nodes: async () => (await read()).slice(0, first),
    total: () => store.count(filter, today),
    pageInfo: async () => {
      const rows = await read();
      const last = rows.slice(0, first).at(-1);
      const endCursor = last ? Buffer.from(JSON.stringify([last.dueOn, last.id])).toString('base64url') : null;
      return { endCursor, hasNextPage: rows.length > first };
    },
  };
}

function readPlace(cursor: string): ObjectionPlace {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const [dueOn, id] = Array.isArray(place) ? place.map(String) : [];
    if (dueOn && id && /^\d{4}-\d{2}-\d{2}$/.test(dueOn) && /^[0-9a-f-]{36}$/.test(id)) return { dueOn, id };
  } catch {
    // Told below, as every other cursor that is none.
  }
  throw badUserInput('Query.objections(after:)', 'must be a cursor as an earlier page gave it');
}
