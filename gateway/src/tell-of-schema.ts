import { areMet } from '@longyuan/operation/conditions.ts';
import type { KeptOperations } from '@longyuan/operation/keep-operations.ts';
import { type AskedField, isAboutSchema } from '@longyuan/operation/selection.ts';
import { writeOperation } from '@longyuan/operation/write-operation.ts';
import { execute, type GraphQLSchema } from 'graphql';
import { answerThrough, type Executor, type GatewayInterface } from './bounded-gateway.ts';
import { operationOf } from './operation-of.ts';

type Result = Awaited<ReturnType<Executor>>;

/**
 * The same gateway, of which graphql-js itself answers what is asked of the schema: the planner reads that by rules of its own, and fails
 * where GraphQL has grown since. What else an operation asks goes on to the gateway; one that asks for nothing else is never planned.
 */
export function tellOfSchema(gateway: GatewayInterface, of: { schema: GraphQLSchema; operations: KeptOperations }): GatewayInterface {
  const { schema, operations } = of;
  return answerThrough(gateway, async (executor, request): Promise<Result> => {
    const operation = operationOf(request, operations);
    const { root } = operation;
    const data = root.fields.filter((field) => !isMeta(field));
    if (data.length > 0 && !root.fields.some(isAboutSchema)) return executor(request);
    const { variables } = request.request;
    const told = await execute({
      schema,
      document: writeOperation(operation, { ...root, fields: root.fields.filter(isMeta) }),
      variableValues: variables,
    });
    if (!told.data || told.errors) return { data: null, ...(told.errors && { errors: told.errors }) };
    if (data.length === 0) return { data: told.data };
    const document = writeOperation(operation, { ...root, fields: data });
    // Plans are kept by this hash.
    const answered = await executor({ ...request, document, queryHash: `${request.queryHash} data` });
    if (!answered.data) return answered;
    const both: Record<string, unknown> = { ...answered.data, ...told.data };
    const given = operation.given(variables);
    const asked = root.fields.filter(({ conditions }) => areMet(conditions, given));
    return { ...answered, data: Object.fromEntries(asked.map(({ key }) => [key, both[key] ?? null])) };
  });
}

/** Whether a field of the root tells of the schema, or the root's own type. */
function isMeta(field: AskedField): boolean {
  return field.name === '__typename' || isAboutSchema(field);
}
