import { callsOf, type GrantState, grantState, rowsOf } from '@longyuan/access/grant.ts';
import type { TellBeside } from '@longyuan/inner/answer-inner.ts';
import { nameOfDivision } from '@longyuan/schema/src/division-table.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import { faultsOfApplications } from '@longyuan/schema/src/words/reasons.ts';
import type { Language } from '@longyuan/schema/src/words/sentence.ts';
import type { Purposes } from '@longyuan/settings/purposes.ts';
import type { grantRoutes } from '@longyuan/trust/routes/grants.ts';
import type { QuestionOf } from '@longyuan/trust/routes/route.ts';
import type { GraphQLResolveInfo } from 'graphql';
import { nameOfDepartment, purposesNamed } from '../entries/known-names.ts';
import type { DirectoryLoaders } from '../entries/loaders.ts';
import type { CallersGrants } from './grant-desk.ts';
import type { Application, KnownGrant, ReadableApplication, Terms } from './read-application.ts';

type Context = Readonly<{ loaders: DirectoryLoaders; purposes: Purposes; grants: CallersGrants; language: Language; tell: TellBeside }>;
type ApplicationInput = Omit<QuestionOf<typeof grantRoutes.apply>, 'level'> & Readonly<{ level?: number | null }>;
type ApplicationsArguments = Readonly<{
  provider?: string | null;
  state?: Application['state'] | null;
  first?: number | null;
  after?: string | null;
}>;

/** As `schema/directory.graphql` says; a null that is written out means the same as nothing. */
const PAGE = 20;
const LEVEL = 3;

/** Names beside the codes of applications and grants alike. */
const named = {
  consumerName: ({ consumer }: Pick<Application, 'consumer'>, _: unknown, context: Context) => nameOfDepartment(consumer, context),
  owner: ({ library }: Pick<Application, 'library'>, _: unknown, { grants, loaders }: Context) => {
    const uscc = grants.ownerOf(library);
    return uscc && loaders.providerByUscc(uscc);
  },
};

/** Which function answers which field about grants in `schema/directory.graphql`. */
export const grantResolvers = {
  Query: {
    myGrants: (_root: unknown, _: unknown, { grants, tell }: Context, { path }: GraphQLResolveInfo) => {
      const known = grants.mine();
      for (const missing of grants.missing()) tell(missing, path);
      return known;
    },
    applications: (
      _root: unknown,
      { provider, state, first, after }: ApplicationsArguments,
      { grants, tell }: Context,
      { path }: GraphQLResolveInfo,
    ) =>
      grants.applications({ provider: provider ?? null, state: state ?? null, first: first ?? PAGE, after: after ?? null }, (missing) =>
        tell(missing, path),
      ),
  },
  Mutation: {
    apply: (_root: unknown, { input }: { input: ApplicationInput }, { grants }: Context) =>
      grants.apply({ ...input, level: input.level ?? LEVEL }),
    answer: (_root: unknown, told: QuestionOf<typeof grantRoutes.answer>, { grants }: Context) => grants.answer(told),
    revokeGrant: (_root: unknown, told: QuestionOf<typeof grantRoutes.revoke>, { grants }: Context) => grants.revoke(told),
  },
  ShareApplication: {
    fault: ({ fault }: Application, _: unknown, { language }: Context) => fault && faultsOfApplications[fault][language],
    resource: (application: Application, _: unknown, { loaders }: Context) => loaders.resourceByCode(termsOf(application).resource),
    items: (application: Application) => termsOf(application).items,
    purposes: (application: Application) => termsOf(application).purposes,
    basis: (application: Application) => termsOf(application).basis,
    ...named,
    serviceItems: (application: Application, _: unknown, context: Context) => purposesNamed(termsOf(application).purposes, context),
    area: (application: Application) => ({ code: termsOf(application).division }),
    divisionName: (application: Application) => nameOfDivision(termsOf(application).division),
    scenario: (application: Application) => readable(application).scenario,
    division: (application: Application) => termsOf(application).division,
    level: (application: Application) => termsOf(application).level,
    from: (application: Application) => termsOf(application).from,
    until: (application: Application) => termsOf(application).until,
    callsPerDay: (application: Application) => termsOf(application).callsPerDay,
    rowsPerDay: (application: Application) => termsOf(application).rowsPerDay,
    grant: (application: Application) => readable(application).grant,
  },
  Grant: {
    resource: ({ resource }: KnownGrant, _: unknown, { loaders }: Context) => loaders.resourceByCode(resource),
    ...named,
    serviceItems: ({ purposes }: KnownGrant, _: unknown, context: Context) => purposesNamed(purposes, context),
    area: ({ division }: KnownGrant) => ({ code: division }),
    divisionName: ({ division }: KnownGrant) => nameOfDivision(division),
    callsToday: ({ id }: KnownGrant, _: unknown, { grants }: Context) => grants.usedToday(callsOf(id)),
    rowsToday: ({ id }: KnownGrant, _: unknown, { grants }: Context) => grants.usedToday(rowsOf(id)),
    state: (grant: KnownGrant): GrantState | 'REVOKED' => (grant.revokedAt === null ? grantState(grant, new Date()) : 'REVOKED'),
  },
  GrantedItem: {
    item: ({ code }: Terms['items'][number], _: unknown, { loaders }: Context) => loaders.itemByCode(code),
  },
};

const termsOf = (application: Application): Terms => readable(application).terms;

/** @throws GraphQLError where what was asked for cannot be read: a field that says so, not one that says there is nothing. */
function readable(application: Application): ReadableApplication {
  if (application.fault === null) return application;
  const { no, library, fault } = application;
  throw refuse('APPLICATION_UNTOLD', { no, library, fault: faultsOfApplications[fault].en });
}
