import { NOT_YOURS } from '@longyuan/access/others-rows.ts';
import type { RefusalWriter } from '@longyuan/access/refusal-error.ts';
import { type FieldNode, type GraphQLError, type GraphQLResolveInfo, responsePathAsArray } from 'graphql';

/** An item of a row that is not its caller's. `path`: the first place where it was asked for, or where the answer ends on the way there. */
type Withheld = Readonly<{ item: string; path: readonly (string | number)[] }>;

/**
 * By the context of a request, and the nodes of a field, which are one array for all rows of a list: what of them was withheld. It goes with the
 * request.
 */
const withheldIn = new WeakMap<object, Map<readonly FieldNode[], Map<string, Withheld>>>();

/**
 * Notes that an item was withheld because the row is not the caller's, once for the place of the operation, however many rows there are.
 * `below`: the way on from the field that is being resolved.
 */
export function withhold(context: object, info: GraphQLResolveInfo, item: string, below: Withheld['path'] = []): void {
  const byNodes = withheldIn.getOrInsertComputed(context, () => new Map<readonly FieldNode[], Map<string, Withheld>>());
  const ofField = byNodes.getOrInsertComputed(info.fieldNodes, () => new Map<string, Withheld>());
  const name = `${item} ${below.filter((step) => typeof step === 'string').join('.')}`;
  if (!ofField.has(name)) ofField.set(name, { item, path: [...responsePathAsArray(info.path), ...below] });
}

/** The refusals of a request that was executed, one for each place and item. */
export function withheldErrors(context: object, write: RefusalWriter): readonly GraphQLError[] {
  const all = [...(withheldIn.get(context)?.values() ?? [])].flatMap((ofField) => [...ofField.values()]);
  return all.map((each) => write({ ...each, refusal: NOT_YOURS }));
}
