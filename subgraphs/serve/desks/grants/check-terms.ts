import { isInTerm, usualRowsPerDay } from '@longyuan/access/grant.ts';
import { isWithin } from '@longyuan/schema/src/division-prefix.ts';
import { isKnownDivision } from '@longyuan/schema/src/division-table.ts';
import { writeMoment } from '@longyuan/schema/src/moment.ts';
import { namesAPerson } from '@longyuan/schema/src/names-a-person.ts';
import type { DirectoryItem, DirectoryResource } from '@longyuan/schema/src/read-directory.ts';
import { type GrantTerms, type Place, wrong } from './grant-terms.ts';

/** Longest term of a grant. */
const MOST_YEARS = 5;

/** What terms are held against: the library's resources as its SDL says them, and whether a code is that of a service item. */
export type TermsRules = Readonly<{ resources: readonly DirectoryResource[]; purposes: Pick<ReadonlySet<string>, 'has'> }>;

/** Whether terms can be granted at all. @throws GraphQLError (BAD_USER_INPUT) that names the first that cannot, and why. */
export function checkTerms(place: Place, terms: GrantTerms, { resources, purposes }: TermsRules, now: Date): void {
  const resource = resources.find(({ code }) => code === terms.resource);
  if (!resource) throw wrong(place, 'resource', 'RESOURCE_OF_LIBRARY');
  if (new Set(terms.items.map(({ code }) => code)).size < terms.items.length) throw wrong(place, 'items', 'EACH_ITEM_ONCE');
  for (const { code, access } of terms.items) {
    const item = resource.items.find((each) => each.code === code);
    if (!item) throw wrong(place, 'items', 'ITEMS_OF_RESOURCE', { code: terms.resource, asked: code });
    const about = { code, title: item.title };
    const rule = findObstacle(item, access, terms.level);
    if (rule === 'MORE_SENSITIVE') throw wrong(place, 'items', rule, { ...about, number: item.level });
    if (rule !== null) throw wrong(place, 'items', rule, about);
  }
  if (new Set(terms.purposes).size < terms.purposes.length) throw wrong(place, 'purposes', 'EACH_PURPOSE_ONCE');
  if (!terms.purposes.every((code) => purposes.has(code))) throw wrong(place, 'purposes', 'KNOWN_PURPOSES');
  if (!isKnownDivision(terms.division)) throw wrong(place, 'division', 'GRANT_DIVISION');
  for (const term of ['basis', 'scenario'] as const) if (namesAPerson(terms[term])) throw wrong(place, term, 'NAMES_NOBODY');
  checkTerm(place, terms, now);
}

/** Why an item cannot be had in this way; null where it can. */
function findObstacle(
  item: DirectoryItem,
  access: string,
  level: number,
): 'NEEDS_NO_GRANT' | 'NEVER_SHARED' | 'VERIFY_ONLY' | 'NO_MASK' | 'MORE_SENSITIVE' | null {
  if (item.share === 'UNCONDITIONAL') return 'NEEDS_NO_GRANT';
  if (item.share === 'NOT_SHARED' && !item.verifyOnly) return 'NEVER_SHARED';
  if (item.verifyOnly && access !== 'VERIFY') return 'VERIFY_ONLY';
  if (access === 'MASKED' && !item.fields.some(({ mask }) => mask !== null)) return 'NO_MASK';
  if (item.level > level) return 'MORE_SENSITIVE';
  return null;
}

function checkTerm(place: Place, { from, until }: GrantTerms, now: Date): void {
  const latest = new Date(from);
  latest.setUTCFullYear(latest.getUTCFullYear() + MOST_YEARS);
  if (until <= from) throw wrong(place, 'until', 'AFTER_BEGINNING');
  if (Date.parse(until) > latest.getTime()) throw wrong(place, 'until', 'YEARS_OF_TERM', { number: MOST_YEARS });
  if (!isInTerm({ from: now.toISOString(), until }, now)) throw wrong(place, 'until', 'NOT_OVER');
}

/** The terms with those that a steward changed. @throws GraphQLError (BAD_USER_INPUT) where one gives more than was applied for. */
export function narrowTerms(asked: GrantTerms, said: Partial<GrantTerms>): GrantTerms {
  const place: Place = 'Mutation.answer(terms:)';
  const terms = { ...asked, ...said };
  if (terms.resource !== asked.resource) throw wrong(place, 'resource', 'SAME_RESOURCE');
  for (const { code, access } of terms.items) {
    const wanted = asked.items.find((item) => item.code === code);
    // Verifying is no part of a masked value: who guesses learns the whole of it.
    if (!wanted || (wanted.access !== access && wanted.access !== 'READ'))
      throw wrong(place, 'items', 'LESS_ACCESS', { access, asked: code });
  }
  if (!terms.purposes.every((code) => asked.purposes.includes(code))) throw wrong(place, 'purposes', 'AMONG_ASKED');
  if (!isWithin(terms.division, asked.division)) throw wrong(place, 'division', 'WITHIN_ASKED');
  if (terms.level > asked.level) throw wrong(place, 'level', 'AT_MOST_ASKED', { number: asked.level });
  if (terms.callsPerDay > asked.callsPerDay) throw wrong(place, 'callsPerDay', 'AT_MOST_ASKED', { number: asked.callsPerDay });
  const rowsAsked = rowsOf(asked);
  if (rowsOf(terms) > rowsAsked) throw wrong(place, 'rowsPerDay', 'AT_MOST_ASKED', { number: rowsAsked });
  if (Date.parse(terms.from) < Date.parse(asked.from))
    throw wrong(place, 'from', 'NOT_BEFORE_ASKED', { moment: writeMoment(asked.from) ?? asked.from });
  if (Date.parse(terms.until) > Date.parse(asked.until))
    throw wrong(place, 'until', 'NOT_AFTER_ASKED', { moment: writeMoment(asked.until) ?? asked.until });
  return terms;
}

/** Rows a day that terms mean. */
export function rowsOf({ callsPerDay, rowsPerDay = usualRowsPerDay(callsPerDay) }: Pick<GrantTerms, 'callsPerDay' | 'rowsPerDay'>): number {
  return rowsPerDay;
}
