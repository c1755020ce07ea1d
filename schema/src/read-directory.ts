import type { DocumentNode } from 'graphql';
import type { Library } from './read-libraries.ts';
import { readQueryPaths } from './read-query-paths.ts';
import { readSharingFacts } from './read-sharing-facts.ts';
import { type FieldFacts, type ItemFacts, plainClass, type ResourceFacts, type ShareType, type SharingFacts } from './sharing-facts.ts';
import { readVocabulary } from './subgraph-document.ts';

/** How much of a resource the public may have. An item open only for some rows (`when`) makes it partly open. */
type ResourceOpenness = 'OPEN' | 'PARTLY_OPEN' | 'NOT_OPEN';

/** A laxer class of an item, for the rows that a predicate of the library holds for. */
type LaxerClass = Readonly<{ predicate: string; share: ShareType; basis: string | null; open: boolean; level: number }>;

/** A field that an item is bound to. `graphqlPath` reads it from a root field; null where no root field leads there. */
type ItemField = Readonly<{ coordinate: string; description: string | null; graphqlPath: string | null; mask: string | null }>;

/** One item (信息项) of a resource, in its plain class. `length` in characters or digits. */
export type DirectoryItem = Readonly<
  Omit<ItemFacts, 'when' | 'resource'> & {
    /** The path of its first field: `person(idNumber:).phone`. */
    graphqlPath: string | null;
    fields: readonly ItemField[];
    when: readonly LaxerClass[];
  }
>;

/** One resource (信息资源) with the core metadata of the compilation guide (发改高技〔2017〕1272号). */
export type DirectoryResource = Readonly<
  Omit<ResourceFacts, 'category'> & {
    library: string;
    typeName: string;
    /** Names from the class (类) down. */
    category: readonly string[];
    provider: Readonly<{ name: string; uscc: string }>;
    /** Departments that collect items of it where that is not the provider. */
    sources: readonly string[];
    abstract: string;
    shareType: ShareType;
    openness: ResourceOpenness;
    /** Greatest sensitivity of its items, 1 to 4. */
    level: number;
    items: readonly DirectoryItem[];
  }
>;

export type Directory = Readonly<{ resources: readonly DirectoryResource[] }>;

/**
 * The shared resource directory (政务信息资源目录) of what is on the hub, computed from the libraries' SDL: resources in the order of
 * the libraries, items in the order of their fields. Expects libraries that `checkSchema` has nothing against.
 */
export function readDirectory(libraries: readonly Library[], vocabulary: DocumentNode = readVocabulary()): Directory {
  const facts = readSharingFacts(libraries, vocabulary);
  const paths = readQueryPaths(facts);
  const codes = Map.groupBy(facts.itemCodes(), (code) => homeOf(code, facts));
  const resources = facts.types.flatMap((type) => {
    if (!type.resource) return [];
    const { category, ...resource } = type.resource;
    const items = (codes.get(resource.code) ?? []).flatMap((code) => readItem(code, facts, paths));
    return {
      ...resource,
      library: type.library.name,
      typeName: type.name,
      category: category.split('/'),
      provider: { name: type.library.department, uscc: type.library.uscc },
      sources: [...new Set(items.flatMap((item) => item.source ?? []))],
      abstract: type.node.kind === 'ObjectTypeDefinition' ? (type.node.description?.value ?? '') : '',
      shareType: shareTypeOf(items),
      openness: opennessOf(items),
      level: Math.max(1, ...items.map((item) => item.level)),
      items,
    };
  });
  return { resources };
}

/** Code of the resource an item belongs to. */
function homeOf(code: string, facts: SharingFacts): string | undefined {
  for (const field of facts.fieldsOfItem(code)) {
    const home = facts.resourcesOver(field)[0];
    if (home) return home;
  }
  return undefined;
}

function readItem(code: string, facts: SharingFacts, paths: ReadonlyMap<string, string>): DirectoryItem[] {
  // Fields of the resource itself come before those outside it that lead there.
  const bound = facts.fieldsOfItem(code);
  const inside = bound.filter((field) => facts.resourcesOver(field).length > 0);
  const ordered = [...inside, ...bound.filter((field) => !inside.includes(field))];
  const [first] = ordered;
  const plain = first && plainClass(first);
  if (!plain) return [];
  const { when: _when, resource: _resource, ...said } = plain;
  const fields = ordered.map((field) => readField(field, paths));
  return [{ ...said, graphqlPath: fields.find((field) => field.graphqlPath)?.graphqlPath ?? null, fields, when: laxerClasses(first) }];
}

function readField(field: FieldFacts, paths: ReadonlyMap<string, string>): ItemField {
  return {
    coordinate: field.coordinate,
    description: field.node.description?.value ?? null,
    graphqlPath: paths.get(field.coordinate) ?? null,
    mask: plainClass(field)?.mask ?? null,
  };
}

function laxerClasses(field: FieldFacts): LaxerClass[] {
  return field.items.flatMap(({ when, share, basis, open, level }) =>
    when === null ? [] : [{ predicate: when, share, basis, open, level }],
  );
}

/**
 * 有条件共享 is what is shared with some departments, or in part: so a resource is that unless all of its items are of one of the
 * other two classes.
 */
function shareTypeOf(items: readonly DirectoryItem[]): ShareType {
  for (const share of ['UNCONDITIONAL', 'NOT_SHARED'] as const) {
    if (items.length > 0 && items.every((item) => item.share === share)) return share;
  }
  return 'CONDITIONAL';
}

function opennessOf(items: readonly DirectoryItem[]): ResourceOpenness {
  if (items.length > 0 && items.every((item) => item.open)) return 'OPEN';
  return items.some(isOpenSomewhere) ? 'PARTLY_OPEN' : 'NOT_OPEN';
}

/** Whether the public may have the item in some row: in all, or where a predicate holds. */
export function isOpenSomewhere({ open, when }: Pick<DirectoryItem, 'open' | 'when'>): boolean {
  return open || when.some((laxer) => laxer.open);
}
