import { type FieldNode, type GraphQLResolveInfo, Kind, type OperationDefinitionNode, visit } from 'graphql';

type Info = Pick<GraphQLResolveInfo, 'operation' | 'fragments' | 'fieldNodes'>;

/** Whether what a selection holds is written in the operation alone: neither variables nor fragments, of which another document may have others, add to it. */
const written = new WeakMap<OperationDefinitionNode, boolean>();
/** The ways in which fields that stand first somewhere are joined with others of their name there. */
const places = new WeakMap<FieldNode, (readonly FieldNode[])[]>();

/**
 * Field nodes that stand for the place of the field being resolved in its operation: the very same array whenever the operation is executed
 * again, as long as its document is kept. What the selection below asks for is the same there each time. Where that depends on variables,
 * the nodes of this execution alone.
 */
export function samePlace({ operation, fragments, fieldNodes }: Info): readonly FieldNode[] {
  const [first] = fieldNodes;
  if (!first || Object.keys(fragments).length > 0 || !written.getOrInsertComputed(operation, isWritten)) return fieldNodes;
  const ways = places.getOrInsertComputed(first, () => []);
  const known = ways.find((way) => way.length === fieldNodes.length && way.every((node, place) => node === fieldNodes[place]));
  if (known) return known;
  // A copy: what others keep by the nodes of one execution goes with that execution.
  const way = [...fieldNodes];
  ways.push(way);
  return way;
}

/** `@skip` and `@include` of a variable make a selection another one each time. */
function isWritten(operation: OperationDefinitionNode): boolean {
  let isConditional = false;
  visit(operation, {
    Directive: ({ name, arguments: given }) => {
      if (name.value !== 'skip' && name.value !== 'include') return;
      isConditional ||= given?.some(({ value }) => value.kind === Kind.VARIABLE) ?? false;
    },
  });
  return !isConditional;
}
