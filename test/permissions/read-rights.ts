import type { ItemFacts } from '@longyuan/schema/src/sharing-facts.ts';
import type { RowFacts } from './rows.ts';

/** What a department was given, as it applied for it. */
export type Given = Readonly<{
  items: readonly Readonly<{ code: string; access: 'READ' | 'MASKED' | 'VERIFY' }>[];
  purposes: readonly string[];
  division: string;
  level: number;
}>;

/** Who asks: a column of the table. */
export type Asker = Readonly<{
  name: string;
  token: string | null;
  purpose: string | null;
  kind: 'public' | 'citizen' | 'agent' | 'department' | 'steward' | 'auditor';
  /** Key of the person or entity whose rows are the asker's own. */
  own: string | null;
  /** Credit code of the department. */
  uscc: string | null;
  region: string | null;
  grants: readonly Given[];
  /** Whether what is answered differs from row to row most. */
  isNarrow?: boolean;
}>;

/** What one asker may do with one item. `refusal`: the code with which it is refused whatever the row. */
export type Right = Readonly<{
  whole: (row: RowFacts) => boolean;
  masked: (row: RowFacts) => boolean;
  refusal: string | null;
  /** Filtering by it needs its whole value somewhere. */
  filterRefusal: string | null;
  verifyRefusal: string | null;
  /** Whether nothing but own rows is shown of it. */
  isOwnAlone: boolean;
  /** Whether own rows are shown of it beside what else is. */
  isOfOwn: boolean;
  /** Whether it is shown in every row. */
  isEverywhere: boolean;
}>;

const NOT_OWN = { isOwnAlone: false, isOfOwn: false, isEverywhere: false };

/** The code with which a list of rows that nobody named is refused, where it is for its owner (credit code) alone; null where it is not. */
export function refusalOfList(owner: string | null, asker: Asker): string | null {
  if (owner === null) return null;
  if (asker.kind === 'public') return 'UNAUTHENTICATED';
  return asker.kind === 'department' && asker.uscc === owner ? null : 'ITEM_NOT_SHARED';
}

export type ItemOfOwner = Readonly<{
  classes: readonly ItemFacts[];
  owner: string;
  hasSubject: boolean;
  isLedTo: boolean;
  hasDivision: boolean;
}>;

/**
 * The table "Who may see what" of the README, read once more by itself: `decide` of access/ is not asked, so that it is checked.
 */
export function readRight({ classes, owner, hasSubject, isLedTo, hasDivision }: ItemOfOwner, asker: Asker): Right {
  const never = rightOf({ somewhere: false, code: 'ITEM_NOT_SHARED' });
  if (asker.kind === 'steward' || asker.kind === 'auditor') return never;
  const plain = classes.find(({ when }) => when === null);
  if (!plain) return never;

  const isFree = (each: ItemFacts) => each.open || (asker.kind === 'department' && each.share === 'UNCONDITIONAL');
  const free = classes.filter((each) => isFree(each) && !each.verifyOnly);
  const isOpened = (row: RowFacts) => free.some(({ when }) => when === null || row.holds(when));
  if (asker.kind === 'department' && asker.uscc === owner) {
    const { region } = asker;
    const isThere = (row: RowFacts) => region === null || (row.division !== null && liesIn(row.division, region));
    const somewhere = region === null || hasDivision || free.length > 0;
    return rightOf({ somewhere, whole: (row) => isThere(row) || isOpened(row), code: 'ITEM_NOT_GRANTED' });
  }
  if (asker.kind === 'public') return rightOf({ somewhere: free.length > 0, whole: isOpened, code: 'UNAUTHENTICATED' });
  if (asker.kind === 'citizen' || asker.kind === 'agent') {
    const hasOwn = (hasSubject || (isLedTo && asker.kind === 'citizen')) && plain.share !== 'NOT_SHARED';
    const isOwn = (row: RowFacts) => hasOwn && asker.own !== null && row.owners.includes(asker.own);
    const right = rightOf({ somewhere: hasOwn || free.length > 0, whole: (row) => isOpened(row) || isOwn(row), code: 'ITEM_NOT_SHARED' });
    const isEverywhere = free.some(({ when }) => when === null);
    return { ...right, isOwnAlone: hasOwn && free.length === 0, isOfOwn: hasOwn && !isEverywhere, isEverywhere };
  }

  if (plain.share === 'NOT_SHARED' && !plain.verifyOnly) {
    return rightOf({ somewhere: free.length > 0, whole: isOpened, code: 'ITEM_NOT_SHARED' });
  }
  const { reaching, code } = grantsFor(plain, asker);
  const accessTo = (...accesses: readonly string[]) => reaching.filter((each) => accesses.includes(each.access));
  const read = plain.verifyOnly ? [] : accessTo('READ');
  const inPart = plain.mask === null || plain.verifyOnly ? [] : accessTo('MASKED');
  const verified = accessTo('READ', 'VERIFY').length > 0;
  const isWhole = free.length > 0 || read.length > 0;
  return {
    whole: (row) => isOpened(row) || read.some(({ reaches }) => reaches(row)),
    masked: (row) => inPart.some(({ reaches }) => reaches(row)),
    refusal: isWhole || inPart.length > 0 ? null : plain.share === 'NOT_SHARED' ? 'ITEM_NOT_SHARED' : code,
    filterRefusal: isWhole ? null : inPart.length > 0 ? 'ITEM_NOT_GRANTED' : plain.share === 'NOT_SHARED' ? 'ITEM_NOT_SHARED' : code,
    verifyRefusal: verified || classes.some(isFree) ? null : code,
    ...NOT_OWN,
  };
}

function rightOf(said: { somewhere: boolean; whole?: (row: RowFacts) => boolean; code: string }): Right {
  const refusal = said.somewhere ? null : said.code;
  return {
    whole: said.whole ?? (() => false),
    masked: () => false,
    refusal,
    filterRefusal: refusal,
    verifyRefusal: refusal,
    ...NOT_OWN,
  };
}

type Reaching = Readonly<{ access: string; reaches: (row: RowFacts) => boolean }>;

/** The grants that count for an item; where none does, the code that says what the last of them lacks. */
function grantsFor(plain: ItemFacts, asker: Asker): { reaching: readonly Reaching[]; code: string } {
  const naming = asker.grants.filter((grant) => grant.level >= plain.level && grant.items.some(({ code }) => code === plain.code));
  const there = naming.filter(({ division }) => asker.region === null || overlap(division, asker.region));
  if (there.length === 0) return { reaching: [], code: 'ITEM_NOT_GRANTED' };
  if (asker.purpose === null) return { reaching: [], code: 'PURPOSE_REQUIRED' };
  const meant = there.filter(({ purposes }) => purposes.includes(asker.purpose ?? ''));
  if (meant.length === 0) return { reaching: [], code: 'PURPOSE_NOT_GRANTED' };
  const reaching = meant.flatMap(({ items, division, level }) =>
    items
      .filter(({ code }) => code === plain.code)
      .map(({ access }) => ({
        access,
        reaches: (row: RowFacts) =>
          row.division !== null &&
          liesIn(row.division, division) &&
          (asker.region === null || liesIn(row.division, asker.region)) &&
          (level >= 4 || !row.isMinor),
      })),
  );
  return { reaching, code: 'ITEM_NOT_GRANTED' };
}

function overlap(one: string, other: string): boolean {
  return liesIn(one, other) || liesIn(other, one);
}

/** GB/T 2260: a code of six digits ends in the zeros of the levels it does not name. */
export function liesIn(code: string, division: string): boolean {
  const digits = division.length === 6 ? division.replace(/(?:00){1,2}$/, '') : division;
  return code.startsWith(digits);
}
