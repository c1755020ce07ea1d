import { type AccessFacts, readsIn } from '@longyuan/access/access-facts.ts';
import type { AccessSet } from '@longyuan/access/access-set.ts';
import { isInputType, type NamedTypeNode, typeFromAST } from 'graphql';
import { keepByOperation } from './keep-operations.ts';
import { type PrunedOperation, pruneOperation } from './prune-operation.ts';
import type { Operation } from './read-operation.ts';
import type { Variables } from './selection.ts';

/** Prunes an operation for whoever has the access set; `given`: its variables with their defaults. */
export type Prune = (operation: Operation, given: Variables, access: AccessSet) => PrunedOperation;

/** Prunings kept over all documents. One holds what is left of its document, and what is refused of it. */
const KEPT = { what: 'prunings', most: 1_000, mostBytes: 24_000_000 };

/**
 * Makes the pruner. Each pruning is worked out once per operation and fingerprint of the access set (and, of variables, what they skip, include
 * and read), never per row, and kept with others.
 */
export function makePruner(facts: AccessFacts): Prune {
  const prunings = keepByOperation<PrunedOperation>(KEPT);
  return (operation, given, access) =>
    prunings(operation, variantOf(operation, given, { facts, access }), () => pruneOperation({ operation, facts, access, given }));
}

/** The same pruner, of operations that do not come again: it keeps nothing. */
export function makePrunerOnce(facts: AccessFacts): Prune {
  return (operation, given, access) => pruneOperation({ operation, facts, access, given });
}

function variantOf(
  { schema, node, conditions }: Operation,
  given: Variables,
  { facts, access }: Readonly<{ facts: AccessFacts; access: AccessSet }>,
): string {
  let name = access.fingerprint;
  for (const { variable, type } of node.variableDefinitions ?? []) {
    const key = variable.name.value;
    const value = Object.hasOwn(given, key) ? given[key] : undefined;
    if (conditions.has(key)) name += ` ${value === true}`;
    // Whether a value is given at all decides whether its argument reads anything.
    name += value === null || value === undefined ? ' -' : ' +';
    // Its overloads take one kind of type node each, and a variable's may be any.
    const declared = typeFromAST(schema, type as NamedTypeNode);
    if (isInputType(declared)) name += readCodes(facts, declared, value);
  }
  return name;
}

function readCodes(facts: AccessFacts, type: Parameters<typeof readsIn>[1], value: unknown): string {
  const codes = new Set(readsIn(facts, type, value).map(({ code, toVerify }) => `${code}${toVerify ? '?' : ''}`));
  return codes.size === 0 ? '' : `:${[...codes].sort()}`;
}
