import { refuse } from '@longyuan/schema/src/error-codes.ts';
import { type DocumentNode, type GraphQLError, Kind, type SelectionSetNode } from 'graphql';

/** How large one operation may be: nested fields, and selections once every fragment is written out. */
export type OperationLimits = Readonly<{ maxDepth: number; maxSelections: number }>;

/** Size of a selection set with its fragments written out. */
type Extent = Readonly<{ depth: number; selections: number }>;

const NOTHING: Extent = { depth: 0, selections: 0 };

/**
 * The limit that the document passes, as OPERATION_TOO_COSTLY naming limit and value; null where it passes none.
 * Takes time in proportion to the document as written: a fragment is measured once, however often it is spread. Runs before
 * validation, so unknown fragments and cycles (which validation refuses) count as nothing.
 */
export function checkOperationLimits(document: DocumentNode, limits: OperationLimits): GraphQLError | null {
  const fragments = new Map<string, SelectionSetNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition.selectionSet);
  }
  const measured = new Map<string, Extent>();
  // Fragments that no operation spreads count too: they are validated like the others.
  for (const name of fragments.keys()) measureFragment(name, fragments, measured);
  let [depth, selections] = [0, 0];
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const extent = measureSelections(definition.selectionSet, fragments, measured);
    depth = Math.max(depth, extent.depth);
    selections = Math.max(selections, extent.selections);
  }
  if (depth > limits.maxDepth) return tooCostly('HUB_MAX_DEPTH', `nests ${depth} fields deep; at most ${limits.maxDepth}`, limits.maxDepth);
  if (selections > limits.maxSelections) {
    const written = Number.isSafeInteger(selections) ? String(selections) : 'countless';
    return tooCostly(
      'HUB_MAX_SELECTIONS',
      `selects ${written} fields with its fragments written out; at most ${limits.maxSelections}`,
      limits.maxSelections,
    );
  }
  return null;
}

/** OPERATION_TOO_COSTLY that names the limit (a setting) and its value. */
function tooCostly(limit: string, finding: string, value: number): GraphQLError {
  return refuse('OPERATION_TOO_COSTLY', `The operation ${finding} are allowed (${limit}).`, { limit, value });
}

function measureSelections(set: SelectionSetNode, fragments: ReadonlyMap<string, SelectionSetNode>, measured: Map<string, Extent>): Extent {
  let [depth, selections] = [0, 0];
  for (const selection of set.selections) {
    selections += 1;
    switch (selection.kind) {
      case Kind.FIELD: {
        const below = selection.selectionSet ? measureSelections(selection.selectionSet, fragments, measured) : NOTHING;
        depth = Math.max(depth, below.depth + 1);
        selections += below.selections;
        break;
      }
      case Kind.INLINE_FRAGMENT: {
        const inside = measureSelections(selection.selectionSet, fragments, measured);
        depth = Math.max(depth, inside.depth);
        selections += inside.selections;
        break;
      }
      case Kind.FRAGMENT_SPREAD: {
        const inside = measureFragment(selection.name.value, fragments, measured);
        depth = Math.max(depth, inside.depth);
        selections += inside.selections;
        break;
      }
    }
  }
  return { depth, selections };
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
