import {
  type DocumentNode,
  execute,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { answerThrough, type Executor, type GatewayInterface } from './bounded-gateway.ts';
import { fragmentsOf, isAboutSchema, rootKeys } from './introspection-keys.ts';

type Result = Awaited<ReturnType<Executor>>;
type Request = Parameters<Executor>[0];

/**
 * The same gateway, of which graphql-js itself answers what is asked of the schema: the planner reads that by rules of its own, and fails
 * where GraphQL has grown since. What else an operation asks goes on to the gateway; one that asks for nothing else is never planned.
 */
export function tellOfSchema(gateway: GatewayInterface, schema: GraphQLSchema): GatewayInterface {
  return answerThrough(gateway, (executor, request) => answer({ schema, executor, request }));
}

async function answer({ schema, executor, request }: { schema: GraphQLSchema; executor: Executor; request: Request }): Promise<Result> {
  const { document, operation, operationName, queryHash } = request;
  const asked = rootKeys(document, operation);
  if (asked.schema.size === 0 && asked.data.size > 0) return executor(request);
  const told = await execute({
    schema,
    document: withoutData(document, operation),
    operationName,
    variableValues: request.request.variables,
  });
  if (!told.data || told.errors) return { data: null, ...(told.errors && { errors: told.errors }) };
  if (asked.data.size === 0) return { data: told.data };
  const left = withoutSchema(document, operation);
  // Plans are kept by this hash.
  const answered = await executor({ ...request, ...left, queryHash: `${queryHash} left` });
  if (!answered.data) return answered;
  const { data } = answered;
  // What is answered by the gateway stands in `told` by name alone, so all is in the order that was asked for.
  const inOrder = Object.entries(told.data).map(([key, value]) => [key, asked.data.has(key) ? (data[key] ?? null) : value]);
  return { ...answered, data: Object.fromEntries(inOrder) };
}

/** The same operation, that at its root asks for the schema and for names of its type alone: other fields stand there as such names. */
function withoutData(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const asName = (field: FieldNode): FieldNode => {
    if (field.name.value.startsWith('__')) return field;
    const { selectionSet: _below, arguments: _given, ...bare } = field;
    return { ...bare, alias: field.alias ?? field.name, name: { kind: Kind.NAME, value: '__typename' } };
  };
  return atRoot(document, operation, asName).document;
}

/** The same operation without what it asks of the schema and of its root's type, and without the fragments that served that alone. */
function withoutSchema(document: DocumentNode, operation: OperationDefinitionNode) {
  const isData = ({ name }: FieldNode): boolean => !isAboutSchema(name.value) && name.value !== '__typename';
  const left = atRoot(document, operation, (field) => (isData(field) ? field : null));
  const fragments = fragmentsOf(left.document);
  const used = new Set<string>();
  const follow = (part: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(part, {
      FragmentSpread: ({ name }) => {
        const fragment = fragments.get(name.value);
        if (!fragment || used.has(name.value)) return;
        used.add(name.value);
        follow(fragment);
      },
    });
  };
  follow(left.operation);
  const definitions = [left.operation, ...[...fragments.values()].filter(({ name }) => used.has(name.value))];
  return { document: { ...document, definitions }, operation: left.operation };
}

/** The operation, alone in its document, with every field of its root as `change` gives it back; null leaves it out, and what is empty then. */
function atRoot(document: DocumentNode, operation: OperationDefinitionNode, change: (field: FieldNode) => FieldNode | null) {
  const fragments = fragmentsOf(document);
  const changed = new Map<string, SelectionSetNode | null>();
  const changeSet = (set: SelectionSetNode): SelectionSetNode | null => {
    const selections = set.selections.flatMap((selection): readonly SelectionNode[] => {
      if (selection.kind === Kind.FIELD) return [change(selection) ?? []].flat();
      if (selection.kind === Kind.FRAGMENT_SPREAD) return changeFragment(selection.name.value) ? [selection] : [];
      const selectionSet = changeSet(selection.selectionSet);
      return selectionSet ? [{ ...selection, selectionSet }] : [];
    });
    return selections.length > 0 ? { ...set, selections } : null;
  };
  const changeFragment = (name: string): SelectionSetNode | null => {
    const fragment = fragments.get(name);
    if (!fragment) return null;
    const known = changed.get(name);
    if (known !== undefined) return known;
    const set = changeSet(fragment.selectionSet);
    changed.set(name, set);
    return set;
  };
  const rest = { ...operation, selectionSet: changeSet(operation.selectionSet) ?? operation.selectionSet };
  const others = [...fragments.values()].flatMap((fragment) => {
    const selectionSet = changed.get(fragment.name.value);
    if (selectionSet === null) return [];
    return [selectionSet ? { ...fragment, selectionSet } : fragment];
  });
  return { document: { ...document, definitions: [rest, ...others] }, operation: rest };
}
