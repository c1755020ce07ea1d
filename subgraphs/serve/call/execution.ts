import { NOT_YOURS } from '@longyuan/access/others-rows.ts';
import type { RefusalWriter } from '@longyuan/access/refusal-error.ts';
import { type GraphQLError, type GraphQLResolveInfo, responsePathAsArray } from 'graphql';

/** One execution of an operation, and what was worked out and noted while its fields were answered. It goes with the request. */
export type Execution = Readonly<{
  /** Names what is executed, with all that variables skip and include: the same for as long as the operation is kept. */
  name: string;
  /** By what it is of, and by whoever worked it out. */
  worked: Map<object, Map<unknown, unknown>>;
  withheld: Withheld[];
}>;

/** An item of a row that is not its caller's. `path`: the first place where it was asked for, or where the answer ends on the way there. */
type Withheld = Readonly<{ item: string; path: readonly (string | number)[] }>;

export function openExecution(name: string): Execution {
  return { name, worked: new Map(), withheld: [] };
}

/**
 * What `workOut` says, once in an execution for each `of` and `by`. Of a field its nodes: graphql-js hands every row of a list the same array of
 * them, made anew for each execution, so one answer serves all rows, and no other arguments.
 */
export function once<Value>({ worked }: Execution, of: object, by: unknown, workOut: () => Value): Value {
  const known = worked.getOrInsertComputed(of, () => new Map<unknown, unknown>());
  // Nobody but who worked it out asks by this.
  return known.getOrInsertComputed(by, workOut) as Value;
}

/**
 * Notes that an item was withheld because the row is not the caller's, once for the place of the operation, however many rows there are.
 * `below`: the way on from the field that is being resolved.
 */
export function withhold(execution: Execution, info: GraphQLResolveInfo, item: string, below: Withheld['path'] = []): void {
  const name = `${item} ${below.filter((step) => typeof step === 'string').join('.')}`;
  once(execution, info.fieldNodes, name, () => execution.withheld.push({ item, path: [...responsePathAsArray(info.path), ...below] }));
}

/** The refusals of an operation that was executed, one for each place and item. */
export function withheldErrors({ withheld }: Execution, write: RefusalWriter): readonly GraphQLError[] {
  return withheld.map((each) => write({ ...each, refusal: NOT_YOURS }));
}
