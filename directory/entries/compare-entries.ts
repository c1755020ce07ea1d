import type { Entry, EntryItem } from './entry.ts';

type ChangeKind = 'LISTED' | 'WITHDRAWN' | 'LISTED_AGAIN' | 'RESOURCE_CHANGED' | 'ITEM_ADDED' | 'ITEM_REMOVED' | 'ITEM_CHANGED';

/** One thing that differs between two states of an entry. `compatible`: whoever used it before can go on as before. */
export type Change = Readonly<{
  kind: ChangeKind;
  itemCode: string | null;
  fact: string | null;
  before: string | null;
  after: string | null;
  compatible: boolean;
}>;

export type VersionNumber = Readonly<{ major: number; minor: number }>;

export const FIRST_VERSION: VersionNumber = { major: 1, minor: 0 };

/** A change of the entry as a whole. */
export function wholeChange(kind: 'LISTED' | 'WITHDRAWN' | 'LISTED_AGAIN'): Change {
  return { kind, itemCode: null, fact: null, before: null, after: null, compatible: kind !== 'WITHDRAWN' };
}

/** The number of a state that these changes led to: anything incompatible raises the major number, everything else the minor one. */
export function nextVersion({ major, minor }: VersionNumber, changes: readonly Change[]): VersionNumber {
  return changes.every((change) => change.compatible) ? { major, minor: minor + 1 } : { major: major + 1, minor: 0 };
}

/** What changed from one state of an entry to the next, the resource's own facts first; empty where both say the same. */
export function compareEntries(before: Entry, after: Entry): readonly Change[] {
  const own = compareFacts({ kind: 'RESOURCE_CHANGED', itemCode: null }, factsOfEntry, before, after);
  const itemsBefore = new Map(before.items.map((item) => [item.code, item]));
  const itemsAfter = new Map(after.items.map((item) => [item.code, item]));
  const gone = before.items.filter((item) => !itemsAfter.has(item.code)).map((item) => itemChange('ITEM_REMOVED', item));
  const others = after.items.flatMap((item) => {
    const old = itemsBefore.get(item.code);
    if (!old) return [itemChange('ITEM_ADDED', item)];
    return compareFacts({ kind: 'ITEM_CHANGED', itemCode: item.code }, factsOfItem, old, item);
  });
  return [...own, ...gone, ...others];
}

/** A fact that is compared: how it reads as text, and whether going from one value to the other leaves its users where they were. */
type Fact<Of> = Readonly<{ read: (of: Of) => string | null; isCompatible: (before: Of, after: Of) => boolean }>;

const harmless = () => true;
const breaking = () => false;
const noLess = (list: (of: Entry) => readonly string[]) => (before: Entry, after: Entry) =>
  list(before).every((each) => list(after).includes(each));

/** From the most to the least that a consumer may do with it. */
const SHARE_TYPES = ['UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED'];
const OPENNESSES = ['OPEN', 'PARTLY_OPEN', 'NOT_OPEN'];
/** From the most to the least often. */
const UPDATE_CYCLES = ['REALTIME', 'DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'YEARLY', 'ON_DEMAND'];

const factsOfEntry: Readonly<Record<string, Fact<Entry>>> = {
  name: { read: (entry) => entry.name, isCompatible: harmless },
  category: { read: (entry) => entry.category, isCompatible: harmless },
  // Whoever was granted it was granted it by its provider.
  provider: { read: (entry) => entry.provider.uscc, isCompatible: breaking },
  providerOffice: { read: (entry) => entry.providerOffice, isCompatible: harmless },
  abstract: { read: (entry) => entry.abstract, isCompatible: harmless },
  formats: { read: (entry) => entry.formats.join(' '), isCompatible: noLess((entry) => entry.formats) },
  shareType: { read: (entry) => entry.shareType, isCompatible: noStricter(SHARE_TYPES, (entry) => entry.shareType) },
  shareCondition: { read: (entry) => entry.shareCondition, isCompatible: harmless },
  shareModes: { read: (entry) => entry.shareModes.join(' '), isCompatible: noLess((entry) => entry.shareModes) },
  openness: { read: (entry) => entry.openness, isCompatible: noStricter(OPENNESSES, (entry) => entry.openness) },
  openCondition: { read: (entry) => entry.openCondition, isCompatible: harmless },
  updateCycle: { read: (entry) => entry.updateCycle, isCompatible: noStricter(UPDATE_CYCLES, (entry) => entry.updateCycle) },
  publishedOn: { read: (entry) => entry.publishedOn, isCompatible: harmless },
  relatedCodes: { read: (entry) => entry.related.join(' '), isCompatible: harmless },
  keywords: { read: (entry) => entry.keywords.join(' '), isCompatible: harmless },
  graphqlType: { read: (entry) => entry.typeName, isCompatible: (before) => before.typeName === null },
};

const factsOfItem: Readonly<Record<string, Fact<EntryItem>>> = {
  name: { read: (item) => item.name, isCompatible: harmless },
  dataType: { read: (item) => item.dataType, isCompatible: breaking },
  // A value that fitted where it is kept must go on to fit.
  length: {
    read: (item) => (item.length === null ? null : String(item.length)),
    isCompatible: (before, after) => before.length === null || (after.length !== null && after.length <= before.length),
  },
  standard: { read: (item) => item.standard, isCompatible: (before) => before.standard === null },
  shareType: { read: (item) => item.shareType, isCompatible: noStricter(SHARE_TYPES, (item) => item.shareType) },
  basis: { read: (item) => item.basis, isCompatible: harmless },
  noShareReason: { read: (item) => item.noShareReason, isCompatible: harmless },
  openToPublic: { read: (item) => String(item.openToPublic), isCompatible: (before) => !before.openToPublic },
  // A grant reaches a sensitivity that it names.
  level: { read: (item) => String(item.level), isCompatible: (before, after) => after.level <= before.level },
  mask: { read: (item) => item.mask, isCompatible: (_before, after) => after.mask === null },
  verifyOnly: { read: (item) => String(item.verifyOnly), isCompatible: (before) => before.verifyOnly },
  aggregate: { read: (item) => String(item.aggregate), isCompatible: (before) => !before.aggregate },
  source: { read: (item) => item.source, isCompatible: harmless },
  // A way that is another one is no harm as long as the field is there still, which the next fact sees.
  graphqlPath: { read: (item) => item.graphqlPath, isCompatible: (_before, after) => after.graphqlPath !== null },
  fields: {
    read: (item) => coordinatesOf(item).join(' '),
    isCompatible: (before, after) => coordinatesOf(before).every((each) => coordinatesOf(after).includes(each)),
  },
  laxerClasses: {
    read: (item) => (item.laxer.length === 0 ? null : item.laxer.map(printLaxer).join('; ')),
    isCompatible: (before, after) => before.laxer.every((laxer) => after.laxer.map(printLaxer).includes(printLaxer(laxer))),
  },
};

function noStricter<Of>(scale: readonly string[], read: (of: Of) => string) {
  return (before: Of, after: Of) => scale.indexOf(read(after)) <= scale.indexOf(read(before));
}

function compareFacts<Of>(
  at: Pick<Change, 'kind' | 'itemCode'>,
  facts: Readonly<Record<string, Fact<Of>>>,
  before: Of,
  after: Of,
): readonly Change[] {
  return Object.entries(facts).flatMap(([name, fact]) => {
    const [was, is] = [fact.read(before), fact.read(after)];
    return was === is ? [] : [{ ...at, fact: name, before: was, after: is, compatible: fact.isCompatible(before, after) }];
  });
}

function itemChange(kind: 'ITEM_ADDED' | 'ITEM_REMOVED', item: EntryItem): Change {
  const name = kind === 'ITEM_ADDED' ? { before: null, after: item.name } : { before: item.name, after: null };
  return { kind, itemCode: item.code, fact: null, ...name, compatible: kind === 'ITEM_ADDED' };
}

function coordinatesOf(item: EntryItem): readonly string[] {
  return item.fields.map((field) => field.coordinate).sort();
}

function printLaxer({ predicate, shareType, openToPublic, level }: EntryItem['laxer'][number]): string {
  return `${predicate} ${shareType} ${openToPublic ? 'open' : 'not open'} level ${level}`;
}
