import type { AccessFacts } from '@longyuan/schema/src/access/access-facts.ts';
import type { AccessSet } from '@longyuan/schema/src/access/access-set.ts';
import { type Grant, isInTerm } from '@longyuan/schema/src/access/grant.ts';
import { coordinatesOf } from '@longyuan/schema/src/access/operation-coordinates.ts';
import { refuse } from '@longyuan/schema/src/error-codes.ts';
import type { DocumentNode, GraphQLError, GraphQLSchema } from 'graphql';
import type { GatewayGrants } from '../grants/open-grants.ts';

/** Counts a request against the grants that answer it; the error of the first whose calls of the day are used up, null where none is. */
export type SpendGrants = (
  asked: Readonly<{ document: DocumentNode; operationName: string | null | undefined; access: AccessSet }>,
) => GraphQLError | null;

/** Makes the counting. Which grants an operation uses is worked out once for an operation and an access set. */
export function makeSpendGrants(schema: GraphQLSchema, facts: AccessFacts, useGrant: GatewayGrants['useGrant']): SpendGrants {
  const known = new WeakMap<DocumentNode, WeakMap<AccessSet, Map<string, readonly Grant[]>>>();
  return ({ document, operationName, access }) => {
    if (access.standing.grants.length === 0) return null;
    const ofDocument = known.getOrInsertComputed(document, () => new WeakMap());
    const ofAccess = ofDocument.getOrInsertComputed(access, () => new Map());
    const used = ofAccess.getOrInsertComputed(operationName ?? '', () =>
      grantsUsed(facts, access, coordinatesOf(schema, document, operationName ?? undefined)),
    );
    const spent = used.find((grant) => !useGrant(grant));
    if (!spent) return null;
    return refuse(
      'QUOTA_EXCEEDED',
      `The ${spent.callsPerDay} calls a day of the grant ${spent.id} are used up until midnight in the province.`,
      {
        limit: spent.id,
        value: spent.callsPerDay,
        resource: spent.resource,
      },
    );
  };
}

/** The grants in force for the purpose that open an item which is read. What is open or unconditional, or the caller's own, needs none. */
function grantsUsed(facts: AccessFacts, { standing }: AccessSet, coordinates: readonly string[]): readonly Grant[] {
  const { caller, purpose, now } = standing;
  const needed = new Set(
    coordinates.flatMap((coordinate) => {
      const [type = '', field = ''] = coordinate.split('.');
      const item = facts.ofField(type, field)?.item;
      const isConditional = item?.classes.some((each) => each.when === null && each.share !== 'UNCONDITIONAL');
      return item && isConditional && !(caller.kind === 'department' && caller.uscc === item.owner) ? [item.code] : [];
    }),
  );
  return standing.grants.filter(
    (grant) =>
      purpose !== null && grant.purposes.includes(purpose) && isInTerm(grant, now) && grant.items.some(({ code }) => needed.has(code)),
  );
}
