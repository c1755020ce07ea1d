import type { ErrorCode } from './error-codes.ts';
import { valueForms } from './value-forms.ts';

/**
 * Every sentence that a library may have the hub say to a caller, by its id. A library's word is not quoted: the gateway says one of these
 * where it recognises it, and a sentence about the code where it does not. What stands in braces is held against what the hub knows
 * (`Hole`). A sentence of BAD_USER_INPUT follows the argument that it is about.
 */
const inputSentences = {
  CURSOR_OF_LIST: 'must be a cursor as an earlier page of the same list gave it',
  EXISTING_DIVISION: 'must be the code of a division that exists',
  NEEDS_NEAR: 'needs near, the point it is measured from',
  IN_FUTURE: 'must be in the future',
  WITHIN_A_YEAR: 'must be at most one year ahead',
  NO_NUL: 'must not hold the character U+0000',
  WELL_FORMED: 'must not hold half a character (a surrogate alone)',
  BETWEEN: 'must be from {number} to {number}',
  AT_LEAST_CHARACTERS: 'must be at least {number} characters long',
  AT_MOST_CHARACTERS: 'must be at most {number} characters long',
  AT_MOST_ENTRIES: 'must have at most {number} entries',
  RESERVED_NAME: 'is a name the hub keeps for itself',
  CLAIMS_SOMETHING: 'must claim something of one item or more',
  EACH_ITEM_ONCE: 'must name each item once',
  PLAIN_ITEMS: 'must name items of {type} that are one plain value, and not what it is found by',
  // Of applications, answers and revocations.
  MISSING: 'is missing',
  TEXT_OF: 'must be text of 1 to {number} characters',
  WHOLE_NUMBER: 'must be a whole number from 1 to {number}',
  MOMENT: 'must be a moment with its offset from UTC (RFC 3339), such as 2026-06-30T08:00:00Z',
  LIST_OF: 'must be a list of 1 to {number}',
  ITEM_AND_ACCESS: 'must each have the code of an item, and READ, MASKED or VERIFY',
  OWN_RESOURCE: 'is of your own department, which needs no grant for it',
  RESOURCE_OF_LIBRARY: 'must be the code of a resource of this library',
  ITEMS_OF_RESOURCE: 'must be items of the resource {code}: "{asked}" is none',
  NEEDS_NO_GRANT: '{code} ({title}) is shared unconditionally: every department may read it, and no grant is needed',
  NEVER_SHARED: '{code} ({title}) is not shared (不予共享)',
  VERIFY_ONLY: '{code} ({title}) answers match or mismatch only: its access must be VERIFY',
  NO_MASK: '{code} ({title}) has no mask: its access cannot be MASKED',
  MORE_SENSITIVE: '{code} ({title}) has the sensitivity {number}: the level of the grant must be {number}',
  EACH_PURPOSE_ONCE: 'must name each service item once',
  KNOWN_PURPOSES: 'must be codes of service items (实施编码) that there are',
  GRANT_DIVISION: 'must be the code of a division of the province (区划代码): 6, 9 or 12 digits',
  AFTER_BEGINNING: 'must be after the beginning of the term',
  YEARS_OF_TERM: 'must be at most {number} years after the beginning of the term',
  NOT_OVER: 'must not be over already',
  SAME_RESOURCE: 'must be the one that was applied for: an answer may give less than was applied for, never more',
  LESS_ACCESS: 'must not give {access} of {asked}: an answer may give less than was applied for, never more',
  AMONG_ASKED: 'must be among those that were applied for: an answer may give less than was applied for, never more',
  WITHIN_ASKED: 'must lie in the one that was applied for: an answer may give less than was applied for, never more',
  AT_MOST_ASKED: 'must be at most {number}: an answer may give less than was applied for, never more',
  NOT_BEFORE_ASKED: 'must not be before {moment}: an answer may give less than was applied for, never more',
  NOT_AFTER_ASKED: 'must not be after {moment}: an answer may give less than was applied for, never more',
  TOO_MANY_OPEN: 'must wait: {number} applications of your department are unanswered',
  SAME_APPLICATION: 'is the same as an application of your department that is not answered yet',
  NUMBER_OF_APPLICATION: 'must be the number of an application to this library, for a division that you work for',
  READABLE_APPLICATION: 'must be that of an application whose terms can be read: these cannot, so refuse it',
  UNALTERED_APPLICATION: 'must be that of an application as it was made: this one is not, so refuse it',
  OWN_DIVISION: 'must lie in the one that you work for',
  ANSWERED_ALREADY: 'must be that of an application that waits for an answer: this one has been answered',
  REASON_OF_REFUSAL: 'must say why, where the answer is no',
  GRANT_OR_REFUSE: 'must be GRANT or REFUSE',
  GRANT_OF_DEPARTMENT: 'must be the id of a grant that your department gave or holds, for a division that you work for',
  REVOKED_BEFORE: 'is that of a grant that was revoked before',
  ...Object.fromEntries(Object.entries(valueForms).map(([form, { says }]) => [`FORM_${form}`, says])),
} as const satisfies Readonly<Record<string, string>>;

/** Sentences that stand alone, with the code that each goes with. */
const wholeSentences = {
  VARIABLE_TYPE: ['BAD_USER_INPUT', 'Variable "{variable}" has a value of the wrong type.'],
  MISMATCHES: [
    'RATE_LIMITED',
    'Verification ended in {number} mismatches {guessed} within a day, and is refused until the day is over ({limit}).',
  ],
  TOO_MANY_VALUES: ['OPERATION_TOO_COSTLY', 'The operation brings together more than {number} values ({limit}). Ask for less at once.'],
  LIST_TOO_LONG: [
    'OPERATION_TOO_COSTLY',
    'The operation brings together more than {number} values ({limit}); {coordinate} passed it. Ask for less at once.',
  ],
  LIST_TOO_LONG_BY: [
    'OPERATION_TOO_COSTLY',
    'The operation brings together more than {number} values ({limit}); {coordinate} passed it. Ask for less at once or give {arguments}.',
  ],
  NOT_READY: ['LIBRARY_UNAVAILABLE', 'The library {library} is not ready yet.'],
  READY_NO_MORE: ['LIBRARY_UNAVAILABLE', 'The library {library} is not ready any more.'],
  NO_ROOM: ['LIBRARY_UNAVAILABLE', 'The library keeps {number} grants and has no room for another.'],
  NO_ROOM_LISTED: ['LIBRARY_UNAVAILABLE', 'The library {library} keeps {number} grants, ended ones too, and has no room for another.'],
  LIST_IN_DOUBT: ['LIBRARY_UNAVAILABLE', 'The library {library} cannot rely on its list of grants now; its owner was told why.'],
  STORE_BUSY: ['LIBRARY_UNAVAILABLE', 'The library {library} is too busy: too many questions wait for its database.'],
  STORE_TROUBLE: ['LIBRARY_UNAVAILABLE', 'The library {library} cannot use its database now.'],
  STORE_SLOW: ['LIBRARY_TIMEOUT', 'The database of the library {library} did not answer in time.'],
  CALL_OVER: ['LIBRARY_TIMEOUT', 'The library {library} did not answer before the call was over.'],
  NO_ISSUER: ['LIBRARY_UNAVAILABLE', 'The identity provider does not answer, so the owner cannot check the token now.'],
  DEVELOPERS_APPLY: ['ITEM_NOT_SHARED', 'A developer of the department applies, not its steward.'],
  STEWARDS_ANSWER: ['ITEM_NOT_SHARED', 'Only a steward of {department}, the owner, answers this application.'],
  STEWARDS_REVOKE: ['ITEM_NOT_SHARED', 'Only a steward of {department}, the owner, revokes its grants.'],
  DEPARTMENTS_ONLY: ['ITEM_NOT_SHARED', 'Only a department applies for grants, answers and revokes them.'],
  DEPARTMENTS_SEE: ['ITEM_NOT_SHARED', 'Only departments and auditors see applications.'],
  DEPARTMENTS_SEE_PUBLIC: ['UNAUTHENTICATED', 'Only departments and auditors see applications.'],
  TOKEN_NEEDED: ['UNAUTHENTICATED', 'What is written down of grants needs a token of a department (Authorization: Bearer).'],
  TOKEN_INVALID: ['UNAUTHENTICATED', 'The token is not valid for the owner of the resource.'],
  TOKEN_OF_ANOTHER: ['UNAUTHENTICATED', 'The token is not that of the account that calls.'],
} as const satisfies Readonly<Record<string, readonly [ErrorCode, string]>>;

/** What may stand in the braces of a sentence, and that the hub has to know. The other holes are closed: their form leaves no room for words. */
export type Hole = 'title' | 'code' | 'type' | 'coordinate' | 'arguments' | 'limit' | 'library' | 'department' | 'variable' | 'asked';
type Closed = 'number' | 'moment' | 'access' | 'guessed';
const CLOSED: ReadonlySet<string> = new Set<Closed>(['number', 'moment', 'access', 'guessed']);
const forms: Readonly<Record<Hole | Closed, string>> = {
  number: '-?(?:\\d{1,12}(?:\\.\\d{1,6})?|Infinity)',
  moment: '\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,3})?Z',
  access: 'READ|MASKED|VERIFY',
  guessed: 'about one subject|in all',
  title: '[^()]{1,100}',
  code: '[\\w./~-]{1,60}',
  type: '\\w{1,100}',
  coordinate: '\\w{1,100}\\.\\w{1,100}',
  arguments: '`\\w{1,60}`(?:(?:, | or )`\\w{1,60}`){0,20}',
  limit: 'HUB_[A-Z_]{1,60}',
  library: '[a-z-]{1,60}',
  department: '[^,]{1,100}',
  variable: '\\$\\w{1,200}',
  asked: '[\\w./~-]{1,60}',
};
const LONGEST = 600;

type Template = Readonly<{ form: RegExp; holes: readonly string[] }>;

function readTemplate(sentence: string): Template {
  const holes: string[] = [];
  const parts = sentence.split(/(\{\w+\})/).map((part) => {
    const hole = /^\{(\w+)\}$/.exec(part)?.[1];
    if (hole === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    holes.push(hole);
    // The table's own holes.
    return `(${forms[hole as Hole]})`;
  });
  return { form: new RegExp(`^${parts.join('')}$`, 'u'), holes };
}

const inputTemplates = Object.values(inputSentences).map(readTemplate);
const wholeTemplates = Map.groupBy(Object.values(wholeSentences), ([code]) => code as ErrorCode);
const wholeForms = new Map([...wholeTemplates].map(([code, sentences]) => [code, sentences.map(([, text]) => readTemplate(text))]));

/** Whether a value belongs into a hole. */
export type Known = (hole: Hole, value: string) => boolean;

/** Whether this is a sentence that the hub says with this code, or, where `argument` is given, of that argument. */
export function isLibrarySentence(code: ErrorCode, text: string, argument: string | null, known: Known): boolean {
  if (text.length > LONGEST) return false;
  const begin = argument === null ? '' : `${argument} `;
  const templates = argument === null ? (wholeForms.get(code) ?? []) : inputTemplates;
  return text.startsWith(begin) && templates.some((template) => fits(template, text.slice(begin.length), known));
}

function fits({ form, holes }: Template, text: string, known: Known): boolean {
  const found = form.exec(text);
  // What is in no closed form is one of the holes that somebody has to know.
  return found !== null && holes.every((hole, place) => CLOSED.has(hole) || known(hole as Hole, found[place + 1] ?? ''));
}

/** Every sentence with its holes as they are written here. For the test that holds libraries to them. */
export function everySentence(): readonly string[] {
  return [...Object.values(inputSentences), ...Object.values(wholeSentences).map(([, text]) => text)];
}
