import type { Caller } from '@longyuan/access/caller.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import type { TokenReader } from '@longyuan/trust/read-token.ts';

/** A department's account, by its own token. */
export type DepartmentCaller = Extract<Caller, { kind: 'department' }>;

/**
 * The department that calls, by its own token, which the library checks itself: the gateway's word is not enough where something is signed.
 * @throws GraphQLError UNAUTHENTICATED, also where the token is not of the account that the gateway speaks for; ITEM_NOT_SHARED where the
 * account is no department's; LIBRARY_UNAVAILABLE while tokens cannot be checked.
 */
export async function verifyDepartment(
  authorization: string | undefined,
  warranted: Caller,
  readToken: TokenReader['read'],
): Promise<DepartmentCaller> {
  const token = /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw refuse('TOKEN_NEEDED');
  const read = await readToken(token);
  if (read.kind === 'unknown') throw refuse('NO_ISSUER');
  if (read.kind === 'invalid') throw refuse('TOKEN_INVALID');
  // Whatever is signed here is for departments alone to ask (`access/offices.ts`); which of them may, is asked of the row.
  if (read.caller.kind !== 'department') throw refuse('DEPARTMENTS_ONLY');
  // One gateway's warrant with another account's token is a mix-up, or an attempt.
  if (warranted.kind !== 'department' || warranted.sub !== read.caller.sub || warranted.uscc !== read.caller.uscc) {
    throw refuse('TOKEN_OF_ANOTHER');
  }
  return read.caller;
}
