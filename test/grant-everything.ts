import type { Account } from '@longyuan/identity/account.ts';
import { serviceItems } from '@longyuan/prisma/country/purposes.ts';
import { readDirectory } from '@longyuan/schema/src/read-directory.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { ask, until } from './ask.ts';

/** A token for an account, of the identity provider that the hub believes. */
export type TokenFor = (account: Account) => Promise<string>;

const APPLY = 'mutation($input: ApplicationInput!) { apply(input: $input) { no } }';
const ANSWER = 'mutation($no: ID!) { answer(no: $no, decision: GRANT) { grant { id } } }';
const HELD = '{ myGrants { level resource { code } } }';
const YEAR_MS = 365 * 86_400_000;

/**
 * Gives a department everything that can be given, through the hub's own door: its developer applies for every conditional item of every
 * library (to read it, or to verify it where it is for that alone), province-wide, for every errand, at level 4, and each owner's steward
 * answers. What it was given before is not asked for again. @returns the ids of the grants that were given now.
 */
export async function grantEverything(hub: { url: string }, consumer: string, tokenFor: TokenFor): Promise<readonly string[]> {
  const developer = await tokenFor({ kind: 'department', uscc: consumer, role: 'developer', region: null });
  await until('every owner has told of its grants', 20_000, async () => !(await ask(hub, HELD, {}, '/graphql', developer)).errors);
  const { myGrants } = await askWith(hub, developer, HELD);
  const held = new Set(
    myGrants.filter((grant: { level: number }) => grant.level === 4).map((grant: { resource: { code: string } }) => grant.resource.code),
  );
  const given: string[] = [];
  for (const resource of readDirectory(readLibraries()).resources) {
    const items = resource.items
      .filter(({ share, verifyOnly }) => share === 'CONDITIONAL' || (share === 'NOT_SHARED' && verifyOnly))
      .map(({ code, verifyOnly }) => ({ code, access: verifyOnly ? 'VERIFY' : 'READ' }));
    if (items.length === 0 || held.has(resource.code) || resource.provider.uscc === consumer) continue;
    const input = {
      ...{ resource: resource.code, items, purposes: serviceItems.map(({ implCode }) => implCode) },
      ...{ basis: 'test', scenario: 'test', division: '620000', level: 4, callsPerDay: 10_000_000, rowsPerDay: 1_000_000_000 },
      until: new Date(Date.now() + YEAR_MS).toISOString(),
    };
    const { apply } = await askWith(hub, developer, APPLY, { input });
    const steward = await tokenFor({ kind: 'department', uscc: resource.provider.uscc, role: 'steward', region: null });
    const { answer } = await askWith(hub, steward, ANSWER, { no: apply.no });
    given.push(String(answer.grant.id));
  }
  return given;
}

// biome-ignore lint/suspicious/noExplicitAny: tests compare whole answers with literals, so their shape needs no type
async function askWith(hub: { url: string }, token: string, query: string, variables: Record<string, unknown> = {}): Promise<any> {
  const { data, errors } = await ask(hub, query, variables, '/graphql', token);
  if (errors) throw new Error(`${query}\nwas answered with ${JSON.stringify(errors, null, 2)}`);
  return data;
}
