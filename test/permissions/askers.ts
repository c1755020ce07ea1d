import type { Account } from '@longyuan/identity/account.ts';
import { readDirectory } from '@longyuan/schema/src/read-directory.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import { ask } from '../ask.ts';
import type { Asker, Given } from './read-rights.ts';

/** How the suite gets at a hub: where it is, and how tokens of it are had. */
export type HubToTry = Readonly<{ url: string; tokenFor: (account: Account) => Promise<string> }>;

/** Who there is to ask: an adult with rows of their own, a firm they act for, departments that own nothing. */
export type Cast = Readonly<{
  person: Readonly<{ idNumber: string; key: string }>;
  uscc: string;
  /** One for each kind of grant, none of which holds another. */
  departments: readonly string[];
  county: string;
  purpose: string;
  otherPurpose: string;
}>;

type Access = Given['items'][number]['access'];

/** The kinds of grant that are tried, each as a department of its own: what is given of every item, and how far it reaches. */
const GRANTS = [
  { name: 'granted, one county', access: 'READ', level: 4, isCounty: true },
  { name: 'granted, up to level 3', access: 'READ', level: 3, isCounty: false },
  { name: 'granted, masked', access: 'MASKED', level: 4, isCounty: true },
  { name: 'granted, to verify', access: 'VERIFY', level: 4, isCounty: false },
] as const;

/** Somebody whose answers those of others are held against. */
export type Reference = Readonly<{ token: string; purpose: string }>;

/**
 * Makes every column of the table: applies for the grants and has them answered through the hub's own door. @returns also, of each library with
 * a list that is its owner's alone (`ownersOfLists`), that owner with everything granted to it, by credit code; and how to end the grants.
 */
export async function callAskers(
  hub: HubToTry,
  libraries: readonly Library[],
  cast: Cast,
  ownersOfLists: ReadonlySet<string>,
): Promise<{ askers: readonly Asker[]; owners: ReadonlyMap<string, Reference>; end: () => Promise<void> }> {
  const base = { token: null, purpose: null, own: null, uscc: null, region: null, grants: [] };
  const developer = (uscc: string, region: string | null = null): Account => ({ kind: 'department', uscc, role: 'developer', region });
  const askers: Asker[] = [
    { ...base, name: 'public', kind: 'public' },
    {
      ...{ ...base, name: 'citizen', kind: 'citizen', own: cast.person.key, isNarrow: true },
      token: await hub.tokenFor({ kind: 'person', idNumber: cast.person.idNumber }),
    },
    {
      ...{ ...base, name: "legal entity's agent", kind: 'agent', own: cast.uscc },
      token: await hub.tokenFor({ kind: 'legal-entity', uscc: cast.uscc, idNumber: cast.person.idNumber }),
    },
    { ...base, name: 'auditor', kind: 'auditor', token: await hub.tokenFor({ kind: 'auditor' }) },
  ];
  const [none = '', ...granted] = cast.departments;
  askers.push({
    ...{ ...base, name: 'department without a grant', kind: 'department', uscc: none, purpose: cast.purpose },
    token: await hub.tokenFor(developer(none)),
  });
  const ids: { id: string; token: string }[] = [];
  const owners = new Map<string, Reference>();
  for (const { name, uscc } of libraries) {
    const steward: Account = { kind: 'department', uscc, role: 'steward', region: null };
    const token = await hub.tokenFor(developer(uscc));
    // What an owner's list leads to in other libraries is told by nobody but an owner who may have it.
    const hasList = ownersOfLists.has(uscc);
    const given = hasList
      ? await grant(hub, { token, uscc, access: 'READ', level: 4, division: '620000', purpose: cast.purpose })
      : { grants: [], ids: [] };
    if (hasList) owners.set(uscc, { token, purpose: cast.purpose });
    ids.push(...given.ids.map((id) => ({ id, token })));
    const as = { ...base, kind: 'department', uscc, grants: given.grants } as const;
    askers.push({ ...as, name: `owner of ${name}`, token });
    const ofCounty = await hub.tokenFor(developer(uscc, cast.county));
    askers.push({ ...as, name: `owner of ${name}, works for one county`, region: cast.county, token: ofCounty, isNarrow: hasList });
    askers.push({ ...base, name: `steward of ${name}`, kind: 'steward', uscc, token: await hub.tokenFor(steward) });
  }
  for (const [place, { name, access, level, isCounty }] of GRANTS.entries()) {
    const uscc = granted[place];
    if (uscc === undefined) continue;
    const token = await hub.tokenFor(developer(uscc));
    const given = await grant(hub, { token, uscc, access, level, division: isCounty ? cast.county : '620000', purpose: cast.purpose });
    ids.push(...given.ids.map((id) => ({ id, token })));
    const as = { ...base, kind: 'department', uscc, token, grants: given.grants } as const;
    askers.push({ ...as, name, purpose: cast.purpose, isNarrow: isCounty });
    if (place === 0) {
      askers.push({ ...as, name: `${name}, no purpose` }, { ...as, name: `${name}, another purpose`, purpose: cast.otherPurpose });
    }
    if (place === 1) {
      const region = cast.county;
      const narrow = { ...as, name: `${name}, works for one county`, region, token: await hub.tokenFor(developer(uscc, region)) };
      askers.push({ ...narrow, purpose: cast.purpose });
    }
  }
  const end = async () => {
    for (const { id, token } of ids) {
      await ask(hub, 'mutation($id: ID!) { revokeGrant(id: $id, reason: "the suite is over") { id } }', { id }, '/graphql', token);
    }
  };
  return { askers, owners, end };

  async function grant(
    { url, tokenFor }: HubToTry,
    terms: { token: string; uscc: string; access: Access; level: number; division: string; purpose: string },
  ): Promise<{ grants: readonly Given[]; ids: readonly string[] }> {
    const { token, uscc, access, level, division, purpose } = terms;
    const applied = await Promise.all(
      readDirectory(libraries).resources.map(async (resource) => {
        const items = resource.items.flatMap(({ code, share, verifyOnly, fields, level: of }) => {
          if (of > level) return [];
          const isMasked = access === 'MASKED' && fields.some(({ mask }) => mask !== null);
          if (share === 'NOT_SHARED') return verifyOnly ? [{ code, access: 'VERIFY' as const }] : [];
          return share === 'CONDITIONAL' ? [{ code, access: access === 'MASKED' && !isMasked ? ('READ' as const) : access }] : [];
        });
        // An owner needs no grant of its own.
        if (items.length === 0 || resource.provider.uscc === uscc) return null;
        const input = {
          ...{ resource: resource.code, items, purposes: [purpose], basis: 'permission suite', scenario: 'permission suite' },
          ...{ division, level, callsPerDay: 1_000_000, rowsPerDay: 100_000_000, until: new Date(Date.now() + 86_400_000).toISOString() },
        };
        const { no } = await well(url, 'mutation($input: ApplicationInput!) { apply(input: $input) { no } }', { input }, token, 'apply');
        const steward = await tokenFor({ kind: 'department', uscc: resource.provider.uscc, role: 'steward', region: null });
        const answering = 'mutation($no: ID!) { answer(no: $no, decision: GRANT) { grant { id } } }';
        const answered = await well(url, answering, { no }, steward, 'answer');
        return { id: String(answered.grant.id), given: { items, purposes: [purpose], division, level } };
      }),
    );
    const there = applied.filter((each) => each !== null);
    return { grants: there.map(({ given }) => given), ids: there.map(({ id }) => id) };
  }
}

// biome-ignore lint/suspicious/noExplicitAny: what the hub's own mutations answer, read once above
async function well(url: string, query: string, variables: Record<string, unknown>, token: string, field: string): Promise<any> {
  const { data, errors } = await ask({ url }, query, variables, '/graphql', token);
  if (errors || !data?.[field]) throw new Error(`${field} was answered with ${JSON.stringify(errors ?? data)}`);
  return data[field];
}
