import { isKnownDivision } from '@longyuan/schema/src/division-table.ts';
import type { ErrorCode } from '@longyuan/schema/src/error-codes.ts';
import type { ItemFacts } from '@longyuan/schema/src/sharing-facts.ts';
import { type Caller, ownSubjects } from './caller.ts';
import { type Grant, type GrantedAccess, isInTerm } from './grant.ts';
import { withinRegion } from './region.ts';
import { ALL_ROWS, anyOf, NO_ROWS, type RowCondition } from './row-condition.ts';

/**
 * An item at one field: its classes there, its library and that one's owner (USCC of the department), and whether its rows name a subject and
 * a division. `toldOf`: the type of its rows, where rows elsewhere tell which of them are a person's own; else null.
 */
export type ItemToDecide = Readonly<{
  code: string;
  library: string;
  owner: string;
  hasSubject: boolean;
  hasDivision: boolean;
  toldOf: string | null;
  /** The plain class and the laxer ones of some rows (`when:`). */
  classes: readonly ItemFacts[];
}>;

/** The rows that were told to be the caller's own: their keys, by type. Null where it cannot be told now. */
export type ToldKeys = Readonly<{ of: (type: string) => readonly string[] | null }>;

/** What a caller brings: who they are, the purpose they named, and the grants of their department, whatever their term. */
export type Standing = Readonly<{
  caller: Caller;
  purpose: string | null;
  grants: readonly Grant[];
  now: Date;
  /** Libraries of whose grants it is not known now which are in force: of those that are known some may, and nobody is told that they hold none. */
  untoldBy?: ReadonlySet<string>;
  /** Left out where nobody needs to know the rows: at the first door, and of calls that ask for none of them. None is then the caller's own. */
  told?: ToldKeys;
}>;

/** Why an item is refused, and what would open it. */
export type Refusal = Readonly<{
  code: Extract<
    ErrorCode,
    'UNAUTHENTICATED' | 'ITEM_NOT_SHARED' | 'ITEM_NOT_GRANTED' | 'PURPOSE_REQUIRED' | 'PURPOSE_NOT_GRANTED' | 'LIBRARY_UNAVAILABLE'
  >;
  /**
   * FRESH_GRANTS: who decides does not know now which grants are in force, so no right is denied; what is asked for is not answered either.
   * OWN_ROWS is said by an owner alone: the gateway decides over no rows. OTHERS: it is shown in own rows alone, and this one is another's.
   */
  missing:
    | 'LOGIN'
    | 'GRANT'
    | 'TERM'
    | 'LEVEL'
    | 'REGION'
    | 'PURPOSE'
    | 'ACCESS'
    | 'NOTHING_HELPS'
    | 'FRESH_GRANTS'
    | 'OWN_ROWS'
    | 'OTHERS';
}>;

/**
 * What a caller may do with an item: rows whose value is shown, rows whose value is shown in part, rows that answer match or mismatch.
 * Where a row is in both of the first two its value is shown. `refusal` is null where some row is shown at least in part,
 * `verifyRefusal` where some row can be verified.
 */
export type Decision = Readonly<{
  visible: RowCondition;
  masked: RowCondition;
  verifiable: RowCondition;
  refusal: Refusal | null;
  verifyRefusal: Refusal | null;
  /** As `refusal`, where a part of the value is not enough. */
  wholeRefusal: Refusal | null;
  /** The grants that the rows rest on; empty where the classes alone open them, or who asks needs none. */
  by: readonly Reaching[];
}>;

/** A grant that reaches an item, how far, and the rows that it adds. */
type Reaching = Readonly<{ grant: Grant; access: GrantedAccess; rows: RowCondition }>;

/**
 * The decision of the hub, and the only one: both doors ask it (README.md, "Who may see what"). Pure. `level` of the plain class says how
 * far a grant must reach; a laxer class (`when:`) adds rows and never takes any.
 */
export function decide(item: ItemToDecide, standing: Standing): Decision {
  const { caller } = standing;
  switch (caller.kind) {
    case 'public':
      return decideByClass(item, LOGIN, (each) => (each.open ? ALL_ROWS : NO_ROWS));
    case 'citizen':
    case 'agent': {
      const { rows, refusal } = ownRows(item, standing);
      return decideByClass(item, refusal, (each) => (each.open ? ALL_ROWS : each.share === 'NOT_SHARED' ? NO_ROWS : rows));
    }
    case 'auditor':
      return refused(NEVER);
    case 'department':
      if (caller.role === 'steward') return refused(NEVER);
      if (caller.uscc === item.owner) return caller.region === null ? EVERYTHING : decideForRegion(item, caller.region);
      return decideForDepartment(item, standing, caller);
  }
}

/** The rows that are the caller's own, and what is said where nothing of them is shown. */
function ownRows({ hasSubject, toldOf }: ItemToDecide, { caller, told }: Standing): { rows: RowCondition; refusal: Refusal } {
  const named: RowCondition = hasSubject ? { rows: 'SUBJECT', keys: ownSubjects(caller) } : NO_ROWS;
  // What rows elsewhere tell is told of persons: an agent sees the entity it acts for.
  if (toldOf === null || caller.kind !== 'citizen') return { rows: named, refusal: NEVER };
  const keys = told ? told.of(toldOf) : [];
  return keys === null ? { rows: named, refusal: ROWS_UNTOLD } : { rows: anyOf([named, { rows: 'OWN', keys }]), refusal: NEVER };
}

/**
 * Why a list of rows that its caller does not name may not be asked for; null where it may. `owners`: those whose developers alone may ask
 * (`@lists(for: OWNER)`), within their region; none where the list is for anyone.
 */
export function refuseList(owners: readonly string[], { caller }: Pick<Standing, 'caller'>): Refusal | null {
  if (owners.length === 0) return null;
  if (caller.kind === 'public') return LOGIN;
  if (caller.kind !== 'department' || caller.role === 'steward') return NEVER;
  if (!owners.every((owner) => owner === caller.uscc)) return NEVER;
  return caller.region === null || isKnownDivision(caller.region) ? null : OUT_OF_REGION;
}

const LOGIN: Refusal = { code: 'UNAUTHENTICATED', missing: 'LOGIN' };
const OUT_OF_REGION: Refusal = { code: 'ITEM_NOT_GRANTED', missing: 'REGION' };
const ROWS_UNTOLD: Refusal = { code: 'LIBRARY_UNAVAILABLE', missing: 'OWN_ROWS' };
const GRANTS_UNTOLD: Refusal = { code: 'LIBRARY_UNAVAILABLE', missing: 'FRESH_GRANTS' };
const NEVER: Refusal = { code: 'ITEM_NOT_SHARED', missing: 'NOTHING_HELPS' };

/** All rows, for whoever needs no grant. */
export const EVERYTHING: Decision = {
  ...{ visible: ALL_ROWS, masked: NO_ROWS, verifiable: ALL_ROWS, by: [] },
  ...{ refusal: null, verifyRefusal: null, wholeRefusal: null },
};

/** No row. */
export function refused(refusal: Refusal): Decision {
  return { visible: NO_ROWS, masked: NO_ROWS, verifiable: NO_ROWS, refusal, verifyRefusal: refusal, wholeRefusal: refusal, by: [] };
}

type RowsOfClass = (each: ItemFacts) => RowCondition;

/** The rows that the classes alone open: what may be seen may be verified, too. */
function decideByClass(item: ItemToDecide, refusal: Refusal, rowsOf: RowsOfClass): Decision {
  const verifiable = rowsOpened(item.classes, rowsOf);
  const visible = rowsOpened(
    item.classes.filter((each) => !each.verifyOnly),
    rowsOf,
  );
  return { visible, masked: NO_ROWS, verifiable, by: [], ...unlessOpen(visible, verifiable, refusal) };
}

/** What is refused of an item that is never shown in part. */
function unlessOpen(visible: RowCondition, verifiable: RowCondition, refusal: Refusal) {
  return { refusal: unless(visible, refusal), verifyRefusal: unless(verifiable, refusal), wholeRefusal: unless(visible, refusal) };
}

function rowsOpened(classes: readonly ItemFacts[], rowsOf: RowsOfClass): RowCondition {
  return anyOf(classes.map((each) => within(rowsOf(each), each.when)));
}

/**
 * Of a laxer class, the rows of its predicate. Own rows need no predicate: the plain class, which is the stricter one, opens the
 * same ones wherever the laxer class opens any.
 */
function within(rows: RowCondition, when: string | null): RowCondition {
  if (when === null || rows.rows === 'NONE') return rows;
  return rows.rows === 'ALL' ? { rows: 'WHEN', predicate: when } : NO_ROWS;
}

const forDepartments: RowsOfClass = (each) => (each.open || each.share === 'UNCONDITIONAL' ? ALL_ROWS : NO_ROWS);

/**
 * What the owner's own account has that works for one region: beside what every department has, the region's rows, those of minors too. An
 * item whose rows lie nowhere (no `@resource(rows: { division })`) is then nobody's of a region.
 */
function decideForRegion(item: ItemToDecide, region: string): Decision {
  const byClass = decideByClass(item, NEVER, forDepartments);
  const own: RowCondition = item.hasDivision && isKnownDivision(region) ? { rows: 'DIVISION', within: region, minors: true } : NO_ROWS;
  const [visible, verifiable] = [anyOf([byClass.visible, own]), anyOf([byClass.verifiable, own])];
  return { visible, masked: NO_ROWS, verifiable, by: [], ...unlessOpen(visible, verifiable, OUT_OF_REGION) };
}

function decideForDepartment(item: ItemToDecide, standing: Standing, caller: Extract<Caller, { kind: 'department' }>): Decision {
  const byClass = decideByClass(item, NEVER, forDepartments);
  if (byClass.visible.rows === 'ALL') return byClass;
  const plain = item.classes.find((each) => each.when === null);
  // Not shared gives nothing but match and mismatch, and that only where the item is for that.
  if (!plain || (plain.share === 'NOT_SHARED' && !plain.verifyOnly)) return byClass;
  const found = findGrants(item, plain, standing, caller);
  const rowsWith = (...accesses: readonly GrantedAccess[]) =>
    anyOf(found.reaching.filter(({ access }) => accesses.includes(access)).map(({ rows }) => rows));
  const visible = plain.verifyOnly ? byClass.visible : anyOf([byClass.visible, rowsWith('READ')]);
  const masked = plain.mask === null || plain.verifyOnly ? NO_ROWS : rowsWith('MASKED');
  const verifiable = anyOf([byClass.verifiable, rowsWith('READ', 'VERIFY')]);
  const shownRefusal = plain.share === 'NOT_SHARED' ? NEVER : found.refusal;
  return {
    visible,
    masked,
    verifiable,
    refusal: visible.rows === 'NONE' ? unless(masked, shownRefusal) : null,
    verifyRefusal: unless(verifiable, found.refusal),
    wholeRefusal: unless(visible, shownRefusal),
    by: found.reaching,
  };
}

type FoundGrants = Readonly<{ reaching: readonly Reaching[]; refusal: Refusal }>;

/** The grants that reach the item now and for this purpose, and what is missing where one does not: unless it is not known what there is. */
function findGrants(
  item: ItemToDecide,
  plain: ItemFacts,
  standing: Standing,
  caller: Extract<Caller, { kind: 'department' }>,
): FoundGrants {
  const found = findKnownGrants(item.code, plain, standing, caller);
  return standing.untoldBy?.has(item.library) ? { ...found, refusal: GRANTS_UNTOLD } : found;
}

function findKnownGrants(code: string, plain: ItemFacts, standing: Standing, caller: Extract<Caller, { kind: 'department' }>): FoundGrants {
  const { purpose } = standing;
  const inRegion = findInForce(code, plain, standing, caller);
  if (typeof inRegion === 'string') return { reaching: [], refusal: { code: 'ITEM_NOT_GRANTED', missing: inRegion } };
  if (purpose === null) return { reaching: [], refusal: { code: 'PURPOSE_REQUIRED', missing: 'PURPOSE' } };
  const forPurpose = inRegion.filter(({ grant }) => grant.purposes.includes(purpose));
  if (forPurpose.length === 0) return { reaching: [], refusal: { code: 'PURPOSE_NOT_GRANTED', missing: 'PURPOSE' } };
  const reaching = forPurpose.flatMap(({ grant, division }) => {
    const rows: RowCondition = { rows: 'DIVISION', within: division, minors: grant.level >= 4 };
    return grant.items.filter((each) => each.code === code).map(({ access }) => ({ grant, access, rows }));
  });
  // Where a grant reaches the item but not so far (verified, or masked where the field has no mask), another access is what is missing.
  return { reaching, refusal: { code: 'ITEM_NOT_GRANTED', missing: 'ACCESS' } };
}

/** The caller's grants of an item that are in force, whatever their purposes, each with the rows it reaches; or what all of them lack. */
function findInForce(
  code: string,
  plain: ItemFacts,
  { grants, now }: Standing,
  caller: Extract<Caller, { kind: 'department' }>,
): readonly Readonly<{ grant: Grant; division: string }>[] | 'GRANT' | 'TERM' | 'LEVEL' | 'REGION' {
  const naming = grants.filter((grant) => grant.consumer === caller.uscc && grant.items.some((each) => each.code === code));
  if (naming.length === 0) return 'GRANT';
  const inTerm = naming.filter((grant) => isInTerm(grant, now));
  if (inTerm.length === 0) return 'TERM';
  const highEnough = inTerm.filter((grant) => grant.level >= plain.level);
  if (highEnough.length === 0) return 'LEVEL';
  const inRegion = highEnough.flatMap((grant) => {
    const division = withinRegion(grant.division, caller.region);
    return division === null ? [] : [{ grant, division }];
  });
  return inRegion.length === 0 ? 'REGION' : inRegion;
}

/** Purposes for which the caller's own grants in force reach an item, sorted; none for whoever holds no grants. */
export function purposesHeld(item: ItemToDecide, standing: Standing): readonly string[] {
  const { caller } = standing;
  const plain = item.classes.find((each) => each.when === null);
  if (caller.kind !== 'department' || !plain) return [];
  const inForce = findInForce(item.code, plain, standing, caller);
  return typeof inForce === 'string' ? [] : [...new Set(inForce.flatMap(({ grant }) => grant.purposes))].sort();
}

function unless(rows: RowCondition, refusal: Refusal): Refusal | null {
  return rows.rows === 'NONE' ? refusal : null;
}
