import type { Operation } from '@longyuan/operation/read-operation.ts';
import { type AskedField, areMet, isAboutSchema, type Variables } from '@longyuan/operation/selection.ts';
import { partOf, writeOperation } from '@longyuan/operation/write-operation.ts';
import { execute, type GraphQLSchema } from 'graphql';
import type { Result } from './request/gateway-context.ts';

/** What graphql-js told of a schema. `left`: the same operation without that; null where it asks for nothing else. */
export type ToldOfSchema = Readonly<{
  left: Operation | null;
  /** The answer to what is left, with what was told, all in the order that was asked for. */
  beside(answer: Result): Result;
}>;

/**
 * Tells of the schema what an operation asks of it: graphql-js itself answers, because the planner reads that by rules of its own, and fails
 * where GraphQL has grown since. Null where nothing is asked of it.
 */
export async function tellOfSchema(schema: GraphQLSchema, operation: Operation, variables: Variables): Promise<ToldOfSchema | null> {
  const { root } = operation;
  const data = root.fields.filter((field) => !isMeta(field));
  if (data.length > 0 && !root.fields.some(isAboutSchema)) return null;
  const document = writeOperation(operation, { ...root, fields: root.fields.filter(isMeta) });
  const told = await execute({ schema, document, variableValues: { ...variables } });
  if (!told.data || told.errors) return { left: null, beside: () => ({ data: null, ...(told.errors && { errors: told.errors }) }) };
  if (data.length === 0) return { left: null, beside: () => ({ data: told.data ?? null }) };
  const left = { ...root, fields: data };
  const given = operation.given(variables);
  const keys = root.fields.flatMap(({ key, conditions }) => (areMet(conditions, given) ? [key] : []));
  return {
    left: partOf(operation, left),
    beside: (answer) => {
      if (!answer.data) return answer;
      const both: Readonly<Record<string, unknown>> = { ...answer.data, ...told.data };
      return { ...answer, data: Object.fromEntries(keys.map((key) => [key, both[key] ?? null])) };
    },
  };
}

/** Whether a field of the root tells of the schema, or the root's own type. */
function isMeta(field: AskedField): boolean {
  return field.name === '__typename' || isAboutSchema(field);
}
