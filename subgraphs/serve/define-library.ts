import type { Turns } from '@longyuan/prisma/store/connect/turns.ts';
import type { OwnKeysByType } from '@longyuan/trust/own-rows.ts';
import type { PrismaPg } from '@prisma/adapter-pg';
import type { StoredShape } from './desks/holdings/plan-holdings.ts';
import type { Predicates } from './rows/row-guard.ts';

/**
 * Resolvers by type and field, with `__resolveReference` and `__resolveType`; scalars are added by serve.
 * Each resolver types its own row, arguments and context, and no one type fits them all: hence `any`.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above.
export type ResolverMap = Readonly<Record<string, Readonly<Record<string, (...asked: any[]) => unknown>>>>;

/** A library as serve starts it: what it is made of, with the types of its store and loaders kept to itself. */
export type LibraryDefinition = Readonly<{
  name: string;
  /** Every question to the store waits for its turn. */
  open: (adapter: PrismaPg, turns: Turns) => OpenLibrary;
  resolvers: ResolverMap;
  predicates: Predicates;
  stored: StoredShape;
}>;

/** Whether the field that leads from one's own row (`Person.registeredAddress`) is shown to oneself. */
export type IsShown = (type: string, field: string) => boolean;

/** A library over its open store. */
export type OpenLibrary = Readonly<{
  makeLoaders: () => unknown;
  /** The key of the person with this citizen number, null where there is none. In the library alone whose `@library` says personKeys. */
  personKey?: (idNumber: string) => Promise<string | null>;
  /** Keys of the rows that are a person's own because rows of this library lead there. In those that an SDL names as telling it. */
  ownRows?: (person: string, isShown: IsShown) => Promise<OwnKeysByType>;
  close: () => Promise<void>;
}>;

/** Describes a library; opens nothing. `makeLoaders` is called once for each request. */
export function defineLibrary<Store extends { close(): Promise<void> }, Loaders, Kept extends Store = Store>(library: {
  name: string;
  openStore: (adapter: PrismaPg) => Store;
  /** What is kept in the process beside the store, where anything is. */
  keep?: (store: Store) => Kept;
  makeLoaders: (store: Kept) => Loaders;
  personKey?: (store: Kept, idNumber: string) => Promise<string | null>;
  ownRows?: (store: Kept, person: string, isShown: IsShown) => Promise<OwnKeysByType>;
  resolvers: ResolverMap;
  /** What its predicates (`@item(when:)`) mean, where its SDL uses any. */
  predicates?: Predicates;
  /** How its types lie in its tables, for counting what it holds. */
  stored?: StoredShape;
}): LibraryDefinition {
  // Without `keep` the two are the same type.
  const { personKey, ownRows, keep = (store: Store) => store as Kept } = library;
  return {
    name: library.name,
    resolvers: library.resolvers,
    predicates: library.predicates ?? {},
    stored: library.stored ?? {},
    open: (adapter, turns) => {
      const store = keep(turns.ofStore(library.openStore(adapter)));
      return {
        makeLoaders: () => library.makeLoaders(store),
        ...(personKey && { personKey: (idNumber) => personKey(store, idNumber) }),
        ...(ownRows && { ownRows: (person, isShown) => ownRows(store, person, isShown) }),
        close: () => store.close(),
      };
    },
  };
}
