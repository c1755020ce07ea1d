import type { RefusalWriter } from '@longyuan/access/refusal-error.ts';
import type { DocumentNode, ExecutionResult, GraphQLError } from 'graphql';
import type { PrunedOperation } from './prune-operation.ts';
import { putBackNulls } from './put-back-nulls.ts';

type Result = Pick<ExecutionResult, 'data' | 'errors'>;

/**
 * The answer to an operation of which something is refused: what is left is executed, refused items come back as null with one error each.
 * Where nothing is left nothing is executed. Data of an execution that failed as a whole stay null.
 */
export async function answerPruned(
  pruned: PrunedOperation,
  execute: (document: DocumentNode) => Promise<Result>,
  write: RefusalWriter,
): Promise<{ data: Record<string, unknown> | null; errors: readonly GraphQLError[] }> {
  const { document, nulls, refused } = pruned;
  const executed: Result = document ? await execute(document) : { data: {} };
  const whole = executed.data && nulls ? putBackNulls(executed.data, nulls) : (executed.data ?? null);
  // Data of an operation are an object, and nulls are put back into it.
  const data = whole as Record<string, unknown> | null;
  const refusals = refused.map((each) => write({ ...each, path: placeInAnswer(data, each.path) }));
  return { data, errors: [...(executed.errors ?? []), ...refusals] };
}

/** The first place of the answer where the path leads, lists counted through; where it leads nowhere, the names as far as they go. */
function placeInAnswer(data: unknown, path: readonly string[]): readonly (string | number)[] {
  const place: (string | number)[] = [];
  let at = data;
  for (const name of path) {
    while (Array.isArray(at)) {
      const index = at.findIndex((each) => each !== null);
      if (index < 0) return place;
      place.push(index);
      at = at[index];
    }
    place.push(name);
    at = typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? (at as Record<string, unknown>)[name] : null;
  }
  return place;
}
