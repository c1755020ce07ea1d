import { isInTerm, usualRowsPerDay } from '@longyuan/schema/src/access/grant.ts';
import { isWithin } from '@longyuan/schema/src/division-prefix.ts';
import { isKnownDivision } from '@longyuan/schema/src/division-table.ts';
import type { DirectoryItem, DirectoryResource } from '@longyuan/schema/src/read-directory.ts';
import { type GrantTerms, type Place, wrong } from './grant-terms.ts';

/** Longest term of a grant. */
const MOST_YEARS = 5;

/** What terms are held against: the library's resources as its SDL says them, and the codes of the service items there are. */
export type TermsRules = Readonly<{ resources: readonly DirectoryResource[]; purposes: ReadonlySet<string> }>;

/** Whether terms can be granted at all. @throws GraphQLError (BAD_USER_INPUT) that names the first that cannot, and why. */
export function checkTerms(place: Place, terms: GrantTerms, { resources, purposes }: TermsRules, now: Date): void {
  const resource = resources.find(({ code }) => code === terms.resource);
  if (!resource) throw wrong(place, 'resource', 'must be the code of a resource of this library');
  if (new Set(terms.items.map(({ code }) => code)).size < terms.items.length) throw wrong(place, 'items', 'must name each item once');
  for (const { code, access } of terms.items) {
    const item = resource.items.find((each) => each.code === code);
    if (!item) throw wrong(place, 'items', `must be items of the resource ${terms.resource}: ${JSON.stringify(code)} is none`);
    const rule = findObstacle(item, access, terms.level);
    if (rule !== null) throw wrong(place, 'items', `${code} (${item.title}) ${rule}`);
  }
  if (new Set(terms.purposes).size < terms.purposes.length) throw wrong(place, 'purposes', 'must name each service item once');
  if (!terms.purposes.every((code) => purposes.has(code)))
    throw wrong(place, 'purposes', 'must be codes of service items (实施编码) that there are');
  if (!isKnownDivision(terms.division))
    throw wrong(place, 'division', 'must be the code of a division of the province (区划代码): 6, 9 or 12 digits');
  checkTerm(place, terms, now);
}

/** Why an item cannot be had in this way; null where it can. */
function findObstacle(item: DirectoryItem, access: string, level: number): string | null {
  if (item.share === 'UNCONDITIONAL') return 'is shared unconditionally: every department may read it, and no grant is needed';
  if (item.share === 'NOT_SHARED' && !item.verifyOnly) return 'is not shared (不予共享)';
  if (item.verifyOnly && access !== 'VERIFY') return 'answers match or mismatch only: its access must be VERIFY';
  if (access === 'MASKED' && !item.fields.some(({ mask }) => mask !== null)) return 'has no mask: its access cannot be MASKED';
  if (item.level > level) return `has the sensitivity ${item.level}: the level of the grant must be ${item.level}`;
  return null;
}

function checkTerm(place: Place, { from, until }: GrantTerms, now: Date): void {
  const latest = new Date(from);
  latest.setUTCFullYear(latest.getUTCFullYear() + MOST_YEARS);
  if (until <= from) throw wrong(place, 'until', 'must be after the beginning of the term');
  if (Date.parse(until) > latest.getTime())
    throw wrong(place, 'until', `must be at most ${MOST_YEARS} years after the beginning of the term`);
  if (!isInTerm({ from: now.toISOString(), until }, now)) throw wrong(place, 'until', 'must not be over already');
}

/** The terms with those that a steward changed. @throws GraphQLError (BAD_USER_INPUT) where one gives more than was applied for. */
export function narrowTerms(asked: GrantTerms, said: Partial<GrantTerms>): GrantTerms {
  const place: Place = 'Mutation.answer(terms:)';
  const terms = { ...asked, ...said };
  const refuse = (term: keyof GrantTerms, rule: string): never => {
    throw wrong(place, term, `${rule}: an answer may give less than was applied for, never more`);
  };
  if (terms.resource !== asked.resource) refuse('resource', 'must be the one that was applied for');
  for (const { code, access } of terms.items) {
    const wanted = asked.items.find((item) => item.code === code);
    // Verifying is no part of a masked value: who guesses learns the whole of it.
    if (!wanted || (wanted.access !== access && wanted.access !== 'READ')) refuse('items', `must not give ${access} of ${code}`);
  }
  if (!terms.purposes.every((code) => asked.purposes.includes(code))) refuse('purposes', 'must be among those that were applied for');
  if (!isWithin(terms.division, asked.division)) refuse('division', 'must lie in the one that was applied for');
  if (terms.level > asked.level) refuse('level', `must be at most ${asked.level}`);
  if (terms.callsPerDay > asked.callsPerDay) refuse('callsPerDay', `must be at most ${asked.callsPerDay}`);
  const rowsAsked = rowsOf(asked);
  if (rowsOf(terms) > rowsAsked) refuse('rowsPerDay', `must be at most ${rowsAsked}`);
  if (Date.parse(terms.from) < Date.parse(asked.from)) refuse('from', `must not be before ${asked.from}`);
  if (Date.parse(terms.until) > Date.parse(asked.until)) refuse('until', `must not be after ${asked.until}`);
  return terms;
}

/** Rows a day that terms mean. */
export function rowsOf({ callsPerDay, rowsPerDay = usualRowsPerDay(callsPerDay) }: Pick<GrantTerms, 'callsPerDay' | 'rowsPerDay'>): number {
  return rowsPerDay;
}
