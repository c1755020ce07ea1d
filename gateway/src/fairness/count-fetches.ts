import type { GatewayConfig } from '@apollo/gateway';
import type { Operation } from '@longyuan/operation/read-operation.ts';
import type { Selection } from '@longyuan/operation/selection.ts';
import { type ConstDirectiveNode, Kind, parse } from 'graphql';

type QueryPlan = Parameters<NonNullable<GatewayConfig['experimental_didResolveQueryPlan']>>[0]['queryPlan'];
type PlanNode = NonNullable<QueryPlan['node']>;

/** How many calls to libraries a plan makes: a list counts once, and of what runs only on a condition the side with more of them. */
export function fetchesOf(plan: QueryPlan): number {
  return plan.node ? fetchesIn(plan.node) : 0;
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

/** A type of the supergraph: in which libraries each of its fields can be asked for. */
type TypeWay = Readonly<{ isObject: boolean; fields: ReadonlyMap<string, ReadonlySet<string>> }>;

/**
 * Makes the count of fetches that every plan of an operation has at least: one for each library at each place of the answer where it is
 * asked for what no library before it there could say. Worked out before the operation is planned, because planning hundreds of fetches is
 * itself what takes long. What only some variables ask for is left out.
 */
export function makeFetchBound(supergraphSdl: string): (operation: Pick<Operation, 'root'>) => number {
  const types = readWays(supergraphSdl);
  return ({ root }) => {
    const fetches = new Set<string>();
    /** `here`: libraries of which one has told what stands at this place; null: any may have. */
    const walk = (selection: Selection, place: string, here: ReadonlySet<string> | null): void => {
      for (const { key, name, parent, conditions, below } of selection.fields) {
        const way = conditions.length === 0 ? types.get(parent.name) : undefined;
        const graphs = way?.fields.get(name);
        if (!way || !graphs) continue;
        const [only] = graphs;
        // Which of several, and by which type of an interface, the planner decides.
        const isTold = way.isObject && graphs.size === 1;
        if (isTold && (place === '' || (here && !here.isSupersetOf(graphs)))) fetches.add(`${only} ${place}`);
        if (below) walk(below, `${place}.${key}`, way.isObject ? graphs : null);
      }
    };
    walk(root, '', null);
    return fetches.size;
  };
}

/** Reads who tells what from the joins of a supergraph. A field that no join speaks of can be had wherever its type is. */
function readWays(supergraphSdl: string): ReadonlyMap<string, TypeWay> {
  const types = new Map<string, TypeWay>();
  for (const definition of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const ofType = graphsIn(definition.directives, 'join__type');
    const fields = (definition.fields ?? []).map(({ name, directives }) => {
      const own = graphsIn(directives, 'join__field');
      return [name.value, own.size > 0 ? own : ofType] as const;
    });
    types.set(definition.name.value, { isObject: definition.kind === Kind.OBJECT_TYPE_DEFINITION, fields: new Map(fields) });
  }
  return types;
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
