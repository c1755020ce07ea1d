import {
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getVariableValues,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';
import { fragmentsOf } from './introspection-keys.ts';

/** What a value told of the schema counts as: it is worked out here, for this caller alone, and is mostly text. */
const COST_OF_VALUE = 4;

/**
 * What telling an operation of the schema costs: every value that graphql-js would answer with, counted by its own rules, and no further than
 * `most`. Valid operations with valid variables only.
 */
export function costOfIntrospection(
  asked: {
    schema: GraphQLSchema;
    document: DocumentNode;
    operation: OperationDefinitionNode;
    variables: Readonly<Record<string, unknown>>;
  },
  most: number,
): number {
  const { schema, document, operation } = asked;
  const { coerced = {} } = getVariableValues(schema, operation.variableDefinitions ?? [], { ...asked.variables });
  const fragments = fragmentsOf(document);
  // What these resolvers read of it: no more than the schema.
  const info = { schema } as GraphQLResolveInfo;
  let cost = 0;

  function count(set: SelectionSetNode, fieldOf: (name: string) => GraphQLField<unknown, unknown> | undefined, source: unknown): void {
    for (const selection of set.selections) {
      if (cost > most) return;
      if (selection.kind === Kind.FIELD) {
        const field = fieldOf(selection.name.value);
        if (!field) continue;
        const given = field.args.length > 0 ? getArgumentValues(field, selection, coerced) : {};
        countValue(selection, field, field.resolve?.(source, given, undefined, info));
        continue;
      }
      const inside = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (inside) count(inside.selectionSet, fieldOf, source);
    }
  }

  function countValue(node: FieldNode, field: GraphQLField<unknown, unknown>, value: unknown): void {
    cost += COST_OF_VALUE;
    if (value === null || value === undefined || !node.selectionSet) return;
    const type = getNamedType(field.type);
    if (!isObjectType(type)) return;
    const fields = type.getFields();
    for (const each of Array.isArray(value) ? value : [value]) {
      if (cost > most) return;
      cost += COST_OF_VALUE;
      count(node.selectionSet, (name) => fields[name], each);
    }
  }

  const ofRoot = new Map<string, GraphQLField<unknown, unknown>>(
    [SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]),
  );
  count(operation.selectionSet, (name) => ofRoot.get(name), undefined);
  return cost;
}
