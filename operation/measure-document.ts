import { refuse } from '@longyuan/schema/src/refuse.ts';
import type { RefusalId } from '@longyuan/schema/src/words/catalogue.ts';
import { type DocumentNode, type GraphQLError, Kind, OperationTypeNode, type SelectionSetNode, TokenKind } from 'graphql';

/** How large one operation may be, with every fragment written out. */
export type DocumentLimits = Readonly<{
  maxDepth: number;
  maxSelections: number;
  maxAliases: number;
  maxRootFields: number;
  maxChanges: number;
  maxDirectives: number;
}>;

/** Size of a selection set with its fragments written out; `fields` are those of its own level, `nesting` counts fragments as `depth` does fields. */
type Extent = { depth: number; nesting: number; selections: number; aliases: number; directives: number; fields: number };

const NOTHING: Extent = { depth: 0, nesting: 0, selections: 0, aliases: 0, directives: 0, fields: 0 };
/** Of the largest there is in a document; `changes` are the fields of a mutation's own level. */
type Largest = Extent & { changes: number };

/**
 * How deep a document may nest whatever it is: brackets of lists, types and objects, and fragments too. What reads it goes down by them, and
 * no stack is endless. A field needs four at most, those of a fragment and of its arguments' values included.
 */
const LEAST_NESTING = 250;
const NESTING_OF_FIELD = 4;

/** What is measured, in the words and with the setting of its limit. The first that is passed is told. */
const bounds = [
  { of: 'depth', limit: 'maxDepth', setting: 'HUB_MAX_DEPTH', finding: 'TOO_DEEP' },
  { of: 'selections', limit: 'maxSelections', setting: 'HUB_MAX_SELECTIONS', finding: 'TOO_MANY_SELECTIONS' },
  { of: 'aliases', limit: 'maxAliases', setting: 'HUB_MAX_ALIASES', finding: 'TOO_MANY_ALIASES' },
  { of: 'fields', limit: 'maxRootFields', setting: 'HUB_MAX_ROOT_FIELDS', finding: 'TOO_MANY_ROOT_FIELDS' },
  { of: 'changes', limit: 'maxChanges', setting: 'HUB_MAX_CHANGES', finding: 'TOO_MANY_CHANGES' },
  { of: 'directives', limit: 'maxDirectives', setting: 'HUB_MAX_DIRECTIVES', finding: 'TOO_MANY_DIRECTIVES' },
] as const satisfies readonly { of: keyof Largest; limit: keyof DocumentLimits; setting: string; finding: RefusalId }[];

/**
 * The limit that the document passes, as OPERATION_TOO_COSTLY naming limit and value; null where it passes none.
 * Takes time in proportion to the document as written: a fragment is measured once, however often it is spread. Runs before
 * validation, so unknown fragments and cycles (which validation refuses) count as nothing.
 */
export function checkLimits(document: DocumentNode, limits: DocumentLimits): GraphQLError | null {
  const fragments = new Map<string, SelectionSetNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition.selectionSet);
  }
  const measured = new Map<string, Extent>();
  // Fragments that no operation spreads count too: they are validated like the others.
  for (const name of fragments.keys()) measureFragment(name, fragments, measured);
  const largest: Largest = { ...NOTHING, changes: 0 };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const extent = measureSelections(definition.selectionSet, fragments, measured);
    const own = definition.directives?.length ?? 0;
    largest.depth = Math.max(largest.depth, extent.depth);
    largest.nesting = Math.max(largest.nesting, extent.nesting);
    largest.selections = Math.max(largest.selections, extent.selections);
    largest.aliases = Math.max(largest.aliases, extent.aliases);
    largest.directives = Math.max(largest.directives, extent.directives + own);
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    largest.fields = Math.max(largest.fields, extent.fields);
    if (definition.operation === OperationTypeNode.MUTATION) largest.changes = Math.max(largest.changes, extent.fields);
  }
  for (const { of, limit, setting, finding } of bounds) {
    const size = largest[of];
    if (size <= limits[limit]) continue;
    const most = limits[limit];
    return refuse(finding, { size: Number.isSafeInteger(size) ? size : 'countless', number: most }, { limit: setting, value: most });
  }
  const mostNesting = Math.max(LEAST_NESTING, NESTING_OF_FIELD * limits.maxDepth);
  if (Math.max(largest.nesting, bracketsWithin(document)) <= mostNesting) return null;
  return refuse('NESTED_BRACKETS', { number: mostNesting }, { limit: 'HUB_MAX_DEPTH', value: limits.maxDepth });
}

/** How deep brackets of any kind stand within each other. Goes by the tokens, not down the document. */
function bracketsWithin({ loc }: DocumentNode): number {
  let [deepest, depth] = [0, 0];
  for (let token = loc?.startToken ?? null; token; token = token.next) {
    if (OPENING.has(token.kind)) depth += 1;
    else if (CLOSING.has(token.kind)) depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

const OPENING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

function measureSelections(set: SelectionSetNode, fragments: ReadonlyMap<string, SelectionSetNode>, measured: Map<string, Extent>): Extent {
  const extent = { ...NOTHING };
  const add = (inside: Extent): void => {
    extent.selections += inside.selections;
    extent.aliases += inside.aliases;
    extent.directives += inside.directives;
  };
  for (const selection of set.selections) {
    extent.selections += 1;
    extent.directives += selection.directives?.length ?? 0;
    if (selection.kind === Kind.FIELD) {
      const below = selection.selectionSet ? measureSelections(selection.selectionSet, fragments, measured) : NOTHING;
      add(below);
      extent.depth = Math.max(extent.depth, below.depth + 1);
      extent.nesting = Math.max(extent.nesting, below.nesting + 1);
      extent.fields += 1;
      if (selection.alias) extent.aliases += 1;
      continue;
    }
    const inside =
      selection.kind === Kind.INLINE_FRAGMENT
        ? measureSelections(selection.selectionSet, fragments, measured)
        : measureFragment(selection.name.value, fragments, measured);
    add(inside);
    extent.depth = Math.max(extent.depth, inside.depth);
    extent.nesting = Math.max(extent.nesting, inside.nesting + 1);
    extent.fields += inside.fields;
  }
  return extent;
}

function measureFragment(name: string, fragments: ReadonlyMap<string, SelectionSetNode>, measured: Map<string, Extent>): Extent {
  const known = measured.get(name);
  if (known) return known;
  const set = fragments.get(name);
  if (!set) return NOTHING;
  // Stands while the fragment is being measured, so a cycle ends here.
  measured.set(name, NOTHING);
  const extent = measureSelections(set, fragments, measured);
  measured.set(name, extent);
  return extent;
}
