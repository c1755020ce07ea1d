import type { Read } from '@longyuan/schema/src/access/access-facts.ts';
import type { AccessSet } from '@longyuan/schema/src/access/access-set.ts';
import type { Grant } from '@longyuan/schema/src/access/grant.ts';
import { refuse } from '@longyuan/schema/src/error-codes.ts';
import type { GraphQLError } from 'graphql';
import type { CallCounter } from '../grants/count-calls.ts';

/**
 * Counts a request against each grant that opens an item it is answered by, whichever of them would do: each adds rows of its own. Where
 * the calls of one are used up nothing is counted, and its error comes back; else null.
 */
export function spendGrants(told: readonly Read[], access: AccessSet, calls: CallCounter): GraphQLError | null {
  if (access.standing.grants.length === 0) return null;
  const used = grantsOver(told, access);
  const spent = used.find(calls.isUsedUp);
  if (!spent) {
    for (const grant of used) calls.useGrant(grant);
    return null;
  }
  return refuse(
    'QUOTA_EXCEEDED',
    `The ${spent.callsPerDay} calls a day of the grant ${spent.id} are used up until midnight in the province.`,
    { limit: spent.id, value: spent.callsPerDay, resource: spent.resource },
  );
}

/** The same items of one operation are told again and again: by whom they are opened is found once. */
const found = new WeakMap<AccessSet, WeakMap<readonly Read[], readonly Grant[]>>();

/** The grants that open at least one of the items, each once. */
function grantsOver(told: readonly Read[], access: AccessSet): readonly Grant[] {
  const ofAccess = found.getOrInsertComputed(access, () => new WeakMap<readonly Read[], readonly Grant[]>());
  return ofAccess.getOrInsertComputed(told, () => {
    const opening = told.flatMap(({ code, toVerify }) =>
      access.ofItem(code).by.flatMap(({ grant, access: given }) => (given === (toVerify ? 'MASKED' : 'VERIFY') ? [] : [grant])),
    );
    return [...new Set(opening)];
  });
}
