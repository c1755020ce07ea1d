import type { AccessFacts } from './access-facts.ts';
import type { AccessSet } from './access-set.ts';
import type { Caller } from './caller.ts';
import type { Refusal } from './decide.ts';
import { isOwnAlone } from './row-condition.ts';

/** What a citizen sees of household, spouse, parents and children besides the relation (README.md, "Who may see what"). */
export const SHOWN_OF_KIN: ReadonlySet<string> = new Set(['name']);

/**
 * Whose row an object of an answer is, as far as the way to it tells somebody who sees own rows alone: KINS, another person's that their own row
 * leads to; OTHERS, somebody else's; ANYBODYS, perhaps theirs.
 */
export type Whose = 'ANYBODYS' | 'KINS' | 'OTHERS';

/** What is said where somebody who sees own rows alone asks for another's. */
export const NOT_YOURS: Refusal = Object.freeze({ code: 'ITEM_NOT_SHARED', missing: 'OTHERS' });

type Field = Readonly<{ type: string; field: string }>;

/** Whether the caller sees some rows because they are their own. */
export function seesOwnRows({ kind }: Caller): boolean {
  return kind === 'citizen' || kind === 'agent';
}

/** Whose the rows are that a field leads to; `whose`: the row it stands at. Rows within a row are whose that is. */
export function whoseBelow(facts: AccessFacts, { standing: { caller } }: AccessSet, { type, field }: Field, whose: Whose): Whose {
  if (!seesOwnRows(caller)) return 'ANYBODYS';
  const { kin, subjectOf, leadsWithin } = facts.wayOf(type, field);
  // Kinship is shown at the own row alone, and nobody is their own wife or child.
  if (kin) return 'KINS';
  if (leadsWithin) return whose;
  return subjectOf !== null && subjectOf !== kindOf(caller) ? 'OTHERS' : 'ANYBODYS';
}

/**
 * Why an item can be told to be refused before anything is asked: it is shown in own rows alone, and the row is another's. Null where it is not
 * refused, or where only the row can tell.
 */
export function refusalOfOthers(facts: AccessFacts, access: AccessSet, { type, field }: Field, whose: Whose): Refusal | null {
  const { caller } = access.standing;
  if (!seesOwnRows(caller) || !isOwnAlone(access.ofField(type, field).visible)) return null;
  if (whose === 'KINS' && SHOWN_OF_KIN.has(field) && facts.kindOfSubject(type) === 'PERSON') return null;
  return whose !== 'ANYBODYS' || isOfOtherKind(facts, caller, { type, field }) ? NOT_YOURS : null;
}

/** Why an argument that reads an item, to find rows by, finds none: the rows it speaks of are never a caller's of this kind. */
export function refusalOfOthersRead(facts: AccessFacts, access: AccessSet, code: string): Refusal | null {
  const { caller } = access.standing;
  if (!seesOwnRows(caller) || !isOwnAlone(access.ofItem(code).visible)) return null;
  const [type = '', field = ''] = facts.fieldOfItem(code)?.split('.') ?? [];
  return isOfOtherKind(facts, caller, { type, field }) ? NOT_YOURS : null;
}

/** Persons are never an agent's own, and what is known of an entity as its own is no citizen's. */
function isOfOtherKind(facts: AccessFacts, caller: Caller, { type, field }: Field): boolean {
  const kind = facts.kindOfSubject(type);
  return kind !== null && kind !== kindOf(caller) && facts.wayOf(type, field).isBySubject;
}

function kindOf({ kind }: Caller): 'PERSON' | 'ENTITY' {
  return kind === 'citizen' ? 'PERSON' : 'ENTITY';
}
