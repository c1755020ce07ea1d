import { GraphQLError } from 'graphql';
import { withoutStack } from '../error-codes.ts';
import { plainClass, type SharingFacts } from '../sharing-facts.ts';
import type { Refusal } from './decide.ts';
import type { RefusedField } from './prune-operation.ts';

/** Who is told: the reader of a refusal learns which item, why, of whom it is and where to apply. */
export type RefusalWriter = (
  refused: Pick<RefusedField, 'item' | 'refusal'> & Readonly<{ path: readonly (string | number)[] }>,
) => GraphQLError;

export const because: Readonly<Record<Refusal['missing'], string>> = {
  LOGIN: 'it is not open to the public, and the call carries no token',
  GRANT: 'it is shared on conditions, and your department holds no grant for it',
  TERM: "it is shared on conditions, and the term of your department's grant is over or has not begun",
  LEVEL: "its sensitivity is higher than your department's grants reach",
  REGION: 'nothing of it that your department may have lies in the division that you work for',
  PURPOSE: 'the grant is bound to purposes: name one of them in X-Purpose',
  ACCESS: "your department's grant gives less than this: a part of the value, or match and mismatch alone",
  NOTHING_HELPS: 'it is never shared with this kind of caller',
  FRESH_GRANTS: 'it is shared on conditions, and its owner cannot tell now which grants are in force',
};

/** Makes the writer of refusals over the facts of the libraries that a door answers for. */
export function writeRefusals(facts: SharingFacts): RefusalWriter {
  const fields = new Map(
    facts.fields.flatMap((field) => (field.items.length > 0 || field.lists !== null ? [[field.coordinate, field] as const] : [])),
  );
  return ({ item, refusal, path }) => {
    const field = fields.get(item);
    const plain = field && plainClass(field);
    const resource = field && facts.resourcesOver(field)[0];
    const owner = field?.owner.library.department;
    const about = [plain?.title, owner].filter((each) => each !== undefined);
    const named = about.length > 0 ? `${item} (${about.join(', ')})` : item;
    const message = `${named} is not answered: ${because[refusal.missing]}.`;
    const extensions = {
      code: refusal.code,
      item,
      ...(plain && { itemCode: plain.code }),
      ...(resource !== undefined && { resource }),
      ...(owner !== undefined && { owner }),
      ...(resource !== undefined &&
        refusal.missing !== 'FRESH_GRANTS' && { apply: `POST /graphql, mutation apply(input: { resource: "${resource}", … })` }),
    };
    return withoutStack(() => new GraphQLError(message, { path, extensions }));
  };
}
