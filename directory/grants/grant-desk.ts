import type { Caller } from '@longyuan/access/caller.ts';
import { libraryOf } from '@longyuan/access/grant.ts';
import { refusalAtRoot } from '@longyuan/access/offices.ts';
import { withinRegion } from '@longyuan/access/region.ts';
import type { Asker, Hub } from '@longyuan/inner/inner-subgraph.ts';
import type { Quotas } from '@longyuan/inner/quotas.ts';
import { decodeCursor, refuseCursor } from '@longyuan/schema/src/paging/cursor.ts';
import { type KeysetPage, keysetPage } from '@longyuan/schema/src/paging/keyset-page.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import { badUserInput, refuse } from '@longyuan/schema/src/refuse.ts';
import { applicationPlace, grantRoutes } from '@longyuan/trust/routes/grants.ts';
import type { QuestionOf } from '@longyuan/trust/routes/route.ts';
import DataLoader from 'dataloader';
import { GraphQLError } from 'graphql';
import { type Application, type KnownGrant, readApplication, type UnreadableApplication } from './read-application.ts';

/** Which applications, and where in the walk from the latest on. */
type ApplicationsAsked = Readonly<{
  provider: string | null;
  state: Application['state'] | null;
  first: number;
  after: string | null;
}>;
/** The application at which a page ended. */
type Place = QuestionOf<Routes['applications']>['after'];
type ApplicationsWalk = Pick<ApplicationsAsked, 'provider' | 'state'> & Readonly<{ place: Place; limit: number }>;
type Routes = typeof grantRoutes;

/** What one caller may ask about grants, and have written down of them. Owners decide; the hub forwards. */
export type CallersGrants = Readonly<{
  /** The grants of the caller's department that reach the division it works for, the latest term first. */
  mine(): readonly KnownGrant[];
  /** Of each owner that cannot be told of now, that its grants are missing there. */
  missing(): readonly GraphQLError[];
  /** `onMissing` is told of each owner that does not answer while others do: its applications are not on the page. */
  applications(asked: ApplicationsAsked, onMissing: (error: GraphQLError) => void): KeysetPage<Application>;
  apply(input: QuestionOf<Routes['apply']>): Promise<Application>;
  answer(told: QuestionOf<Routes['answer']>): Promise<Application>;
  revoke(told: QuestionOf<Routes['revoke']>): Promise<KnownGrant>;
  /** Credit code of the department that owns a library; null where the hub has none of this name. */
  ownerOf(library: string): string | null;
  /** What was spent today of a limit, by its name (`callsOf`, `rowsOf`). */
  usedToday(limit: string): Promise<number>;
}>;

type OfGrants = Pick<Asker, 'caller' | 'askOwner'>;
type Owner = Pick<Library, 'name' | 'title' | 'department' | 'uscc'>;

/** Makes the place where callers ask about grants. `libraryOfResource`: undefined where the hub has none of this code. */
export function openGrantDesk(
  { grants, quotas }: Pick<Hub, 'grants' | 'quotas'>,
  owners: readonly Owner[],
  libraryOfResource: (code: string) => string | undefined,
): (asker: OfGrants) => CallersGrants {
  const byName = new Map(owners.map((owner) => [owner.name, owner]));

  /** Has something written down by one owner, to which alone the caller's token goes. */
  async function write<Asked extends Routes['apply' | 'answer' | 'revoke']>(
    asker: OfGrants,
    owner: Owner | undefined,
    wrong: Error,
    route: Asked,
    question: QuestionOf<Asked>,
  ) {
    requireOffice(route.items[0], asker.caller);
    if (!owner) throw wrong;
    const told = await asker.askOwner<Routes['apply' | 'answer' | 'revoke']>(owner.name, route, question, true);
    // The owner's answer is in force there; this gateway takes it up before its caller can ask again.
    await grants.refresh(owner.name);
    const application = readApplication(told.application, owner.name);
    if (!application) throw unreadable(owner);
    return application;
  }

  const ownersOf = (provider: string | null) => owners.filter(({ uscc }) => provider === null || uscc === provider);

  async function walk(
    asker: OfGrants,
    { provider, state, place, limit }: ApplicationsWalk,
    onMissing: (error: GraphQLError) => void,
  ): Promise<readonly Application[]> {
    const found = await Promise.allSettled(
      ownersOf(provider).map(async (owner) => {
        const { applications } = await asker.askOwner(owner.name, grantRoutes.applications, { state, after: place, limit }, false);
        return applications.map((row) => readApplication(row, owner.name) ?? unnamed(owner.name));
      }),
    );
    const failed = found.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    const fault = failed.find((error) => !isAway(error)) ?? (failed.length === found.length ? failed[0] : undefined);
    if (fault) throw fault;
    for (const error of failed) onMissing(error);
    return found.flatMap((each) => (each.status === 'fulfilled' ? each.value : [])).sort(byLatest);
  }

  async function count(asker: OfGrants, { provider, state }: Pick<ApplicationsAsked, 'provider' | 'state'>): Promise<number> {
    const counts = await Promise.all(
      ownersOf(provider).map(async (owner) => {
        const { total } = await asker.askOwner(owner.name, grantRoutes.applications, { state, limit: 0, count: true }, false);
        if (total === null) throw unreadable(owner);
        return total;
      }),
    );
    return counts.reduce((sum, each) => sum + each, 0);
  }

  return (asker) => ({
    mine() {
      requireOffice('Query.myGrants', asker.caller);
      // An auditor holds none.
      if (asker.caller.kind !== 'department') return [];
      const { uscc, region } = asker.caller;
      return grants
        .grantsOf(uscc)
        .filter(({ division }) => withinRegion(division, region) !== null)
        .map((grant) => ({ ...grant, revokedAt: null, revokedFor: null }))
        .sort((one, other) => Date.parse(other.from) - Date.parse(one.from) || (one.id < other.id ? -1 : 1));
    },
    missing() {
      if (asker.caller.kind !== 'department') return [];
      const untold = grants.untoldBy();
      return owners
        .filter(({ name }) => untold.has(name))
        .map(({ name, title, department }) =>
          refuse('GRANTS_UNTOLD', { department, library: name, title }, { library: name, owner: department }),
        );
    },
    applications(asked, onMissing) {
      requireOffice('Query.applications', asker.caller);
      const { first, after } = asked;
      const place = after === null ? null : readPlace(after);
      return keysetPage({
        ...{ list: APPLICATIONS, first, after },
        fetch: (limit) => walk(asker, { ...asked, place, limit }, onMissing),
        placeOf: ({ appliedAt, no }) => [appliedAt, no],
        count: () => count(asker, asked),
      });
    },
    apply(input) {
      const wrong = badUserInput('Mutation.apply(input:).resource', 'RESOURCE_ON_HUB');
      return write(asker, byName.get(libraryOfResource(input.resource) ?? ''), wrong, grantRoutes.apply, input);
    },
    answer(told) {
      const wrong = badUserInput('Mutation.answer(no:)', 'SOME_APPLICATION');
      return write(asker, byName.get(libraryOf(told.no)), wrong, grantRoutes.answer, told);
    },
    async revoke(told) {
      const wrong = badUserInput('Mutation.revokeGrant(id:)', 'GRANT_OF_YOURS');
      const application = await write(asker, byName.get(libraryOf(told.id)), wrong, grantRoutes.revoke, told);
      const grant = application.fault === null ? application.grant : null;
      if (!grant) throw refuse('OWNER_UNREADABLE');
      return grant;
    },
    ownerOf: (library) => byName.get(library)?.uscc ?? null,
    usedToday: makeUseLoader(quotas),
  });
}

/** Limits that one request asks about in the same turn become one question. Made with the first: most requests ask about none. */
function makeUseLoader(quotas: Pick<Quotas, 'used'>): (limit: string) => Promise<number> {
  let loader: DataLoader<string, number> | undefined;
  return (limit) => {
    loader ??= new DataLoader((limits) => quotas.used(limits));
    return loader.load(limit);
  };
}

/** As the guard of the root does. Whose an application or a grant is its owner knows, and decides by the same table. */
function requireOffice(root: string, caller: Caller): void {
  const refusal = refusalAtRoot(root, caller);
  if (refusal) throw refusal;
}

/** Whether an owner's library cannot be asked now. */
function isAway(error: unknown): error is GraphQLError {
  const code = error instanceof GraphQLError ? error.extensions['code'] : null;
  return code === 'LIBRARY_UNAVAILABLE' || code === 'LIBRARY_TIMEOUT';
}

function unreadable({ name, title }: Owner): GraphQLError {
  return refuse('LIBRARY_UNREADABLE', { library: name, title });
}

function byLatest(one: Application, other: Application): number {
  if (one.appliedAt !== other.appliedAt) return one.appliedAt < other.appliedAt ? 1 : -1;
  return one.no < other.no ? -1 : 1;
}

/** Keeps its place on the page: what an owner counts is not dropped after the page was cut. */
function unnamed(library: string): UnreadableApplication {
  const nothing = { consumer: null, state: null, answeredAt: null, reason: null };
  return { ...nothing, no: library, library, appliedAt: '0001-01-01T00:00:00.000Z', fault: 'UNNUMBERED' };
}

const APPLICATIONS = { field: 'Query.applications' };

function readPlace(cursor: string): Place {
  const [at, no] = decodeCursor(cursor, APPLICATIONS, 2);
  const read = applicationPlace.safeParse({ at, no });
  if (!read.success) throw refuseCursor(APPLICATIONS);
  return read.data;
}
