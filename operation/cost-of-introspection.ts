import { type GraphQLResolveInfo, type GraphQLSchema, getArgumentValues, getVariableValues } from 'graphql';
import type { Operation } from './read-operation.ts';
import { type AskedField, isAboutSchema, type Variables } from './selection.ts';

/** What a value told of the schema counts as: it is worked out here, for this caller alone, and is mostly text. */
const COST_OF_VALUE = 4;

/**
 * What telling an operation of a schema costs: every value that graphql-js would answer with, counted by its own rules, and no further than
 * `most`. What only some variables ask for counts as asked for. Valid variables only.
 */
export function costOfIntrospection(
  operation: Pick<Operation, 'node' | 'root'>,
  variables: Variables,
  of: { schema: GraphQLSchema; most: number },
): number {
  const { schema, most } = of;
  const { coerced = {} } = getVariableValues(schema, operation.node.variableDefinitions ?? [], { ...variables });
  // What these resolvers read of it: no more than the schema.
  const info = { schema } as GraphQLResolveInfo;
  let cost = 0;

  function count(field: AskedField, source: unknown): void {
    if (cost > most) return;
    const { declared, node, below } = field;
    const given = declared.args.length > 0 ? getArgumentValues(declared, node, coerced) : {};
    const value: unknown = declared.resolve?.(source, given, undefined, info);
    cost += COST_OF_VALUE;
    if (value === null || value === undefined || !below) return;
    for (const each of Array.isArray(value) ? value : [value]) {
      if (cost > most) return;
      cost += COST_OF_VALUE;
      for (const inner of below.fields) count(inner, each);
    }
  }

  for (const field of operation.root.fields) if (isAboutSchema(field)) count(field, undefined);
  return cost;
}
