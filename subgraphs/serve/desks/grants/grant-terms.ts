import type { Grant } from '@longyuan/access/grant.ts';
import { shortDivisionCode } from '@longyuan/schema/src/division-prefix.ts';
import { readMoment as momentIn } from '@longyuan/schema/src/moment.ts';
import { badUserInput } from '@longyuan/schema/src/refuse.ts';
import type { RuleId, rules } from '@longyuan/schema/src/words/catalogue.ts';
import type { Filling } from '@longyuan/schema/src/words/sentence.ts';

/** What is applied for: a grant without its holder, and in which situation (应用场景) it will be used. */
export type GrantTerms = Omit<Grant, 'id' | 'library' | 'consumer' | 'rowsPerDay'> &
  Readonly<{
    scenario: string;
    /** Left out: as many as follow from the calls. */
    rowsPerDay?: number;
  }>;
type Told = Readonly<Record<string, unknown>>;

/** The argument that errors name. */
export type Place = 'Mutation.apply(input:)' | 'Mutation.answer(terms:)';

const MOST_TEXT = 1_000;
const MOST_ITEMS = 300;
const MOST_PURPOSES = 100;

/** The terms in what an applicant sent. @throws GraphQLError (BAD_USER_INPUT) for the first that is missing or malformed. */
export function readTerms(told: Told, now: Date): GrantTerms {
  const place: Place = 'Mutation.apply(input:)';
  return need(place, { from: now.toISOString(), ...readSomeTerms(place, told) });
}

/** The terms of an application as they are stored; null where they cannot be read. */
export function readStoredTerms(text: string): GrantTerms | null {
  const place: Place = 'Mutation.apply(input:)';
  try {
    return need(place, readSomeTerms(place, { ...JSON.parse(text) }));
  } catch {
    // Whatever is wrong with them: nobody can be granted them.
    return null;
  }
}

/** Those terms that a steward says; what is left out stays as it was applied for. @throws GraphQLError (BAD_USER_INPUT). */
export function readSomeTerms(place: Place, told: Told): Partial<GrantTerms> {
  const terms: Partial<{ -readonly [Name in keyof GrantTerms]: GrantTerms[Name] }> = {};
  const { resource, items, purposes, basis, scenario, division, level, from, until, callsPerDay, rowsPerDay } = told;
  if (isSaid(resource)) terms.resource = readText(place, 'resource', resource);
  if (isSaid(basis)) terms.basis = readText(place, 'basis', basis);
  if (isSaid(scenario)) terms.scenario = readText(place, 'scenario', scenario);
  if (isSaid(division)) terms.division = shortDivisionCode(readText(place, 'division', division));
  if (isSaid(level)) terms.level = readWhole(place, 'level', level, 4);
  if (isSaid(callsPerDay)) terms.callsPerDay = readWhole(place, 'callsPerDay', callsPerDay, 100_000_000);
  if (isSaid(rowsPerDay)) terms.rowsPerDay = readWhole(place, 'rowsPerDay', rowsPerDay, 1_000_000_000);
  if (isSaid(from)) terms.from = readMoment(place, 'from', from);
  if (isSaid(until)) terms.until = readMoment(place, 'until', until);
  if (isSaid(purposes))
    terms.purposes = readList(place, 'purposes', purposes, MOST_PURPOSES).map((each) => readText(place, 'purposes', each));
  if (isSaid(items)) terms.items = readList(place, 'items', items, MOST_ITEMS).map((each) => readItem(place, each));
  return terms;
}

const NEEDED = ['resource', 'items', 'purposes', 'basis', 'scenario', 'division', 'level', 'from', 'until', 'callsPerDay'] as const;

function need(place: Place, terms: Partial<GrantTerms>): GrantTerms {
  const missing = NEEDED.find((name) => terms[name] === undefined);
  if (missing !== undefined) throw wrong(place, missing, 'MISSING');
  // Each of them was looked at.
  return terms as GrantTerms;
}

/** A term that breaks a rule. */
export function wrong<Id extends RuleId>(place: Place, term: keyof GrantTerms, id: Id, ...holes: Filling<(typeof rules)[Id]['en']>): Error {
  return badUserInput(`${place}.${term}`, id, ...holes);
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function readText(place: Place, term: keyof GrantTerms, value: unknown): string {
  const text = typeof value === 'string' ? value.trim() : '';
  if (text === '' || text.length > MOST_TEXT) throw wrong(place, term, 'TEXT_OF', { number: MOST_TEXT });
  return text;
}

function readWhole(place: Place, term: keyof GrantTerms, value: unknown, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > most) {
    throw wrong(place, term, 'WHOLE_NUMBER', { number: most });
  }
  return value;
}

function readMoment(place: Place, term: keyof GrantTerms, value: unknown): string {
  const moment = typeof value === 'string' ? momentIn(value) : null;
  if (moment === null) throw wrong(place, term, 'FORM_DATE_TIME');
  return moment;
}

function readList(place: Place, term: keyof GrantTerms, value: unknown, most: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > most) throw wrong(place, term, 'LIST_OF', { number: most });
  return value;
}

function readItem(place: Place, value: unknown): Grant['items'][number] {
  const { code, access } = (typeof value === 'object' && value !== null ? value : {}) as Told;
  if (typeof code !== 'string' || (access !== 'READ' && access !== 'MASKED' && access !== 'VERIFY')) {
    throw wrong(place, 'items', 'ITEM_AND_ACCESS');
  }
  return { code, access };
}
