import { createHash } from 'node:crypto';

/** Where an entry comes from: the SDL of a library, or what a department said it has. */
export type Origin = 'HUB' | 'INVENTORY';

/** A field of the graph that an item is bound to. */
export type EntryField = Readonly<{ coordinate: string; description: string | null; graphqlPath: string | null; mask: string | null }>;

/** A laxer class of an item, for the rows that the predicate holds for. */
export type EntryLaxerClass = Readonly<{
  predicate: string;
  shareType: string;
  basis: string | null;
  openToPublic: boolean;
  level: number;
}>;

/** One item (信息项) as the directory keeps it. `code` is unique in the directory. */
export type EntryItem = Readonly<{
  code: string;
  name: string;
  dataType: string;
  length: number | null;
  standard: string | null;
  shareType: string;
  basis: string | null;
  noShareReason: string | null;
  openToPublic: boolean;
  level: number;
  mask: string | null;
  verifyOnly: boolean;
  aggregate: boolean;
  source: string | null;
  graphqlPath: string | null;
  fields: readonly EntryField[];
  laxer: readonly EntryLaxerClass[];
}>;

type EntryProvider = Readonly<{ uscc: string; name: string; division: string }>;

/** One resource (信息资源) as the directory keeps it, wherever it comes from. Days are YYYY-MM-DD. */
export type Entry = Readonly<{
  code: string;
  name: string;
  /** Names from the class (类) down, joined by slashes. */
  category: string;
  provider: EntryProvider;
  providerOffice: string | null;
  abstract: string;
  formats: readonly string[];
  shareType: string;
  shareCondition: string | null;
  shareModes: readonly string[];
  openness: string;
  openCondition: string | null;
  updateCycle: string;
  publishedOn: string;
  related: readonly string[];
  keywords: readonly string[];
  /** Greatest sensitivity of its items. */
  level: number;
  library: string | null;
  typeName: string | null;
  items: readonly EntryItem[];
}>;

/** Raised when entries are to be written anew although nothing is said differently: other search tokens, another column. */
const EDITION = 4;

/** SHA-256 of everything an entry says, in hex. Members keep the order in which the maker of the entry names them. */
export function digestOf(entry: Entry): string {
  return createHash('sha256')
    .update(JSON.stringify([EDITION, entry]))
    .digest('hex');
}
