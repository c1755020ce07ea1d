import type { GatewayConfig } from '@apollo/gateway';
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type OperationTypeNode,
  parse,
  type SelectionSetNode,
} from 'graphql';

type QueryPlan = Parameters<NonNullable<GatewayConfig['experimental_didResolveQueryPlan']>>[0]['queryPlan'];
type PlanNode = NonNullable<QueryPlan['node']>;

const counted = new WeakMap<QueryPlan, number>();

/** How many calls to libraries a plan makes: a list counts once, and of what runs only on a condition the side with more of them. */
export function fetchesOf(plan: QueryPlan): number {
  return counted.getOrInsertComputed(plan, () => (plan.node ? fetchesIn(plan.node) : 0));
}

function fetchesIn(node: PlanNode): number {
  switch (node.kind) {
    case 'Fetch':
      return 1;
    case 'Flatten':
      return fetchesIn(node.node);
    case 'Sequence':
    case 'Parallel':
      return node.nodes.reduce((sum, each) => sum + fetchesIn(each), 0);
    case 'Condition':
      return Math.max(node.ifClause ? fetchesIn(node.ifClause) : 0, node.elseClause ? fetchesIn(node.elseClause) : 0);
    default:
      // @defer and subscriptions, which the hub does not have: never planned.
      return Number.POSITIVE_INFINITY;
  }
}

/** A type of the supergraph: what each of its fields leads to, and in which libraries it can be asked for. */
type TypeWay = Readonly<{ isObject: boolean; fields: ReadonlyMap<string, Readonly<{ type: string; graphs: ReadonlySet<string> }>> }>;

/**
 * Makes the count of fetches that every plan of an operation has at least: one for each library at each place of the answer where it is
 * asked for what no library before it there could say. Worked out before the operation is planned, because planning hundreds of fetches is
 * itself what takes long. What stands under a condition is left out. Worked out once per document.
 */
export function makeFetchBound(
  supergraphSdl: string,
): (asked: Readonly<{ document: DocumentNode; operationName?: string | null | undefined }>) => number {
  const { types, roots } = readWays(supergraphSdl);
  const known = new WeakMap<OperationDefinitionNode, number>();
  return ({ document, operationName }) => {
    const operation = getOperationAST(document, operationName);
    if (!operation) return 0;
    return known.getOrInsertComputed(operation, () =>
      leastFetches(document, operation, { types, root: roots.get(operation.operation) ?? '' }),
    );
  };
}

function leastFetches(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  { types, root }: { types: ReadonlyMap<string, TypeWay>; root: string },
): number {
  const fragments = new Map(
    document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [])),
  );
  const fetches = new Set<string>();

  /** `here`: libraries of which one has told what stands at this place; null: any may have. */
  function walk(set: SelectionSetNode, type: string, place: string, here: ReadonlySet<string> | null): void {
    for (const selection of set.selections) {
      if (selection.directives?.length) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.selectionSet, selection.typeCondition?.name.value ?? type, place, here);
        continue;
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (fragment) walk(fragment.selectionSet, fragment.typeCondition.name.value, place, here);
        continue;
      }
      const way = types.get(type);
      const field = way?.fields.get(selection.name.value);
      if (!way || !field) continue;
      const { graphs } = field;
      const [only] = graphs;
      // Which of several, and by which type of an interface, the planner decides.
      const isTold = way.isObject && graphs.size === 1;
      if (isTold && (place === '' || (here && !here.isSupersetOf(graphs)))) fetches.add(`${only} ${place}`);
      if (!selection.selectionSet) continue;
      const name = selection.alias?.value ?? selection.name.value;
      walk(selection.selectionSet, field.type, `${place}.${name}`, way.isObject ? graphs : null);
    }
  }
  walk(operation.selectionSet, root, '', null);
  return fetches.size;
}

/** Reads who tells what from the joins of a supergraph. A field that no join speaks of can be had wherever its type is. */
function readWays(supergraphSdl: string) {
  const types = new Map<string, TypeWay>();
  const roots = new Map<OperationTypeNode, string>();
  for (const definition of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (definition.kind === Kind.SCHEMA_DEFINITION)
      for (const { operation, type } of definition.operationTypes) roots.set(operation, type.name.value);
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const ofType = graphsIn(definition.directives, 'join__type');
    const fields = (definition.fields ?? []).map((field) => {
      const own = graphsIn(field.directives, 'join__field');
      return [field.name.value, { type: namedType(field), graphs: own.size > 0 ? own : ofType }] as const;
    });
    types.set(definition.name.value, { isObject: definition.kind === Kind.OBJECT_TYPE_DEFINITION, fields: new Map(fields) });
  }
  return { types, roots };
}

function graphsIn(directives: readonly ConstDirectiveNode[] = [], name: string): ReadonlySet<string> {
  return new Set(
    directives.flatMap((directive) => {
      if (directive.name.value !== name) return [];
      const graph = directive.arguments?.find((argument) => argument.name.value === 'graph')?.value;
      return graph?.kind === Kind.ENUM ? [graph.value] : [];
    }),
  );
}

function namedType({ type }: FieldDefinitionNode): string {
  let inner = type;
  while (inner.kind !== Kind.NAMED_TYPE) inner = inner.type;
  return inner.name.value;
}
