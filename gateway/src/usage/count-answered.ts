import type { GatewayContext } from '../library-source.ts';
import type { Door } from '../pipeline.ts';
import type { KeptUses } from './keep-uses.ts';

/** Counts what each operation asked for, and how it ended. `callerOf` says as whom: a kind or a department, never a person. */
export function countAnswered(uses: Pick<KeptUses, 'count'>, callerOf: (context: GatewayContext) => string): NonNullable<Door['count']> {
  return ({ context, operation, sent }, { data, errors }) => {
    // Without data nothing was executed.
    if (data !== undefined) uses.count({ operation, variables: sent, errors, caller: callerOf(context) });
  };
}
