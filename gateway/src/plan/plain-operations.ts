import type { GatewayConfig } from '@apollo/gateway';
import type { Operation } from '@longyuan/operation/read-operation.ts';
import type { AskedField, Selection } from '@longyuan/operation/selection.ts';
import { writeOperation } from '@longyuan/operation/write-operation.ts';
import { costOfDocument } from '@longyuan/schema/src/kept/cost-of-document.ts';
import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import { type ConstDirectiveNode, type DocumentNode, GraphQLError, Kind, parse, print } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Executor } from '../request/gateway-context.ts';

type Result = Awaited<ReturnType<Executor>>;

/** An operation as it is given to Apollo's gateway. */
export type PlainOperation = Readonly<{
  document: DocumentNode;
  /** By which its plans are kept. */
  name: string;
  /** Fetches that every plan of it has at least. */
  leastFetches: number;
  /** Whether names of the hub's own stand in its answer. */
  hasOwnNames: boolean;
}>;

/** Begins names that no caller may give: the admission refuses them. */
const RESERVED = '__hub_';
/** Stands in a selection of which nothing may apply, and is taken out of the answer. */
const FILLER = `${RESERVED}nothing`;

/** How much is kept: written out, a document may be many times what it was. */
const KEPT = { most: 500, mostBytes: 16_000_000 };

/** Writes what is asked of an operation; the same name for the same. */
export type PlainOf = (operation: Pick<Operation, 'node' | 'schema'>, asked: Selection, name: string) => PlainOperation;

/**
 * Keeps what Apollo's gateway (2.14) is given, by the name of what is asked. Its fragments are written out: the gateway takes one on
 * an interface for the type of the object that it is applied to, so that fragments below it on that very type vanish from its answer without an
 * error, and puts fragments of one condition together, in another order than was asked; below a field of which all is left out (`@include`) it
 * fetches nothing, and answers null for an object that is there. And callers may give fields any name: the planner selects keys and what fields
 * require beside what was asked, and takes a field that a caller calls by such a name for it, so that `id: name` would be answered with the
 * key. A field that is called like another one of the supergraph, or like what GraphQL itself adds (`__typename`), gets a name of the hub's own.
 */
export function keepPlainOperations(supergraphSdl: string): PlainOf {
  const names = fieldNames(supergraphSdl);
  const leastFetches = makeFetchBound(supergraphSdl);
  const kept = countKept(
    'plain operations',
    new LRUCache<string, PlainOperation>({
      max: KEPT.most,
      maxSize: KEPT.mostBytes,
      sizeCalculation: ({ document }, hash) => 2 * hash.length + costOfDocument(document),
    }),
  );
  const nameOf = ({ key, name }: AskedField): string =>
    key !== name && (names.has(key) || key.startsWith('__')) ? `${RESERVED}${key}` : key;
  return (operation, asked, name) => {
    const known = kept.get(name);
    if (known) return known;
    const document = writeOperation(operation, asked, { nameOf, filler: FILLER });
    const plain = { document, name, leastFetches: leastFetches({ root: asked }), hasOwnNames: print(document).includes(RESERVED) };
    kept.set(name, plain);
    return plain;
  };
}

function fieldNames(sdl: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const each of parse(sdl, { noLocation: true }).definitions) {
    const isAnswered = each.kind === Kind.OBJECT_TYPE_DEFINITION || each.kind === Kind.INTERFACE_TYPE_DEFINITION;
    for (const { name } of (isAnswered && each.fields) || []) names.add(name.value);
  }
  return names;
}

/** The answer to a plain operation under the names that its caller gave. */
export function underCallersNames({ data, errors, ...rest }: Result): Result {
  return { ...rest, ...(data !== undefined && { data: giveBack(data) }), ...(errors && { errors: errors.map(giveBackPath) }) };
}

const callersName = (name: string): string => (name.startsWith(RESERVED) ? name.slice(RESERVED.length) : name);

function giveBack<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(giveBack) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => name !== FILLER);
  // Its members are the same ones, but for the one that nobody asked for, under the names that their caller gave them.
  return Object.fromEntries(members.map(([name, member]) => [callersName(name), giveBack(member)])) as Value;
}

function giveBackPath(error: GraphQLError): GraphQLError {
  const { message, path, extensions } = error;
  if (!path?.some((step) => typeof step === 'string' && step.startsWith(RESERVED))) return error;
  const shown = path.map((step) => (typeof step === 'string' ? callersName(step) : step));
  return new GraphQLError(message, { path: shown, extensions, originalError: error });
}

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
