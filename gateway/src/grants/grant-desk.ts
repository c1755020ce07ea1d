import type { Caller } from '@longyuan/access/caller.ts';
import { refusalAtRoot } from '@longyuan/access/offices.ts';
import { withinRegion } from '@longyuan/access/region.ts';
import { isCalendarDay } from '@longyuan/schema/src/check-digits.ts';
import { badUserInput, refuse } from '@longyuan/schema/src/error-codes.ts';
import { decodeCursor, refuseCursor } from '@longyuan/schema/src/paging/cursor.ts';
import { type KeysetPage, keysetPage } from '@longyuan/schema/src/paging/keyset-page.ts';
import DataLoader from 'dataloader';
import { GraphQLError } from 'graphql';
import type { Quotas } from '../quotas/keep-quotas.ts';
import { type RequestBudget, remainingMs } from '../request-budget.ts';
import { askOwner, type Owner, type OwnerQuestion } from './ask-owner.ts';
import { type GrantCache, libraryOf } from './keep-grants.ts';
import { type Application, type KnownGrant, readApplication, type UnreadableApplication } from './read-application.ts';

/** Which applications, and where in the walk from the latest on. */
type ApplicationsAsked = Readonly<{
  provider: string | null;
  state: Application['state'] | null;
  first: number;
  after: string | null;
}>;
/** The application at which a page ended. */
type Place = Readonly<{ at: string; no: string }>;
type ApplicationsWalk = Pick<ApplicationsAsked, 'provider' | 'state'> & Readonly<{ place: Place | null; limit: number }>;

/** What one caller may ask about grants, and have written down of them. Owners decide; the gateway forwards. */
export type CallersGrants = Readonly<{
  /** The grants of the caller's department that reach the division it works for, the latest term first. */
  mine(): readonly KnownGrant[];
  /** Of each owner that cannot be told of now, that its grants are missing there. */
  missing(): readonly GraphQLError[];
  /** `onMissing` is told of each owner that does not answer while others do: its applications are not on the page. */
  applications(asked: ApplicationsAsked, onMissing: (error: GraphQLError) => void): KeysetPage<Application>;
  apply(input: Readonly<{ resource: string; level: number }>): Promise<Application>;
  answer(told: Readonly<{ no: string }>): Promise<Application>;
  revoke(told: Readonly<{ id: string }>): Promise<KnownGrant>;
  /** Credit code of the department that owns a library; null where the hub has none of this name. */
  ownerOf(library: string): string | null;
  /** What was spent today of a limit, by its name (`grant-limits.ts`). */
  usedToday(limit: string): Promise<number>;
}>;

type Asker = Readonly<{ caller: Caller; authorization: string | null; budget: RequestBudget }>;
type Parts = Readonly<{
  owners: readonly Owner[];
  cache: GrantCache;
  quotas: Pick<Quotas, 'used'>;
  /** Library of a resource; undefined where the hub has none of this code. */
  libraryOfResource: (code: string) => string | undefined;
  timeoutMs: number;
}>;

/** The moment of an application, as a cursor says it; no other text is sent on to owners. */
const PLACE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Makes the place where callers ask about grants. */
export function openGrantDesk(parts: Parts): (asker: Asker) => CallersGrants {
  const { owners, cache, quotas, libraryOfResource, timeoutMs } = parts;
  const byName = new Map(owners.map((owner) => [owner.name, owner]));

  const ask = ({ budget, caller }: Asker, owner: Owner, question: Pick<OwnerQuestion, 'path' | 'field' | 'body' | 'authorization'>) => {
    const span = budget.span.call(`ask ${owner.name}`, { 'longyuan.library': owner.name });
    return askOwner(owner, {
      ...{ ...question, caller, span },
      requestId: budget.requestId,
      timeoutMs: Math.min(timeoutMs, remainingMs(budget)),
      cancellations: budget.cancellations,
    }).finally(() => span.end());
  };

  /** Has something written down by one owner, to which alone the caller's token goes. */
  async function write(
    asker: Asker,
    owner: Owner | undefined,
    wrong: Error,
    question: Omit<OwnerQuestion, keyof Asker | 'requestId' | 'timeoutMs' | 'cancellations'>,
  ) {
    requireOffice(question.field, asker.caller);
    if (!owner) throw wrong;
    const told = await ask(asker, owner, { ...question, authorization: asker.authorization });
    // The owner's answer is in force there; this gateway takes it up before its caller can ask again.
    await cache.refresh(owner.name);
    const application = readApplication(told['application'], owner.name);
    if (!application) throw refuse('LIBRARY_UNREADABLE', { library: owner.name, title: owner.title });
    return application;
  }

  const ownersOf = (provider: string | null) => owners.filter(({ uscc }) => provider === null || uscc === provider);

  async function walk(
    asker: Asker,
    { provider, state, place, limit }: ApplicationsWalk,
    onMissing: (error: GraphQLError) => void,
  ): Promise<readonly Application[]> {
    const found = await Promise.allSettled(
      ownersOf(provider).map(async (owner) => {
        const body = { state, after: place, limit };
        const told = await ask(asker, owner, { path: 'applications', field: 'Query.applications', body, authorization: null });
        const rows = Array.isArray(told['applications']) ? told['applications'] : [];
        return rows.map((row) => readApplication(row, owner.name) ?? unnamed(owner.name));
      }),
    );
    const failed = found.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    const fault = failed.find((error) => !isAway(error)) ?? (failed.length === found.length ? failed[0] : undefined);
    if (fault) throw fault;
    for (const error of failed) onMissing(error);
    return found.flatMap((each) => (each.status === 'fulfilled' ? each.value : [])).sort(byLatest);
  }

  async function count(asker: Asker, { provider, state }: Pick<ApplicationsAsked, 'provider' | 'state'>): Promise<number> {
    const counts = await Promise.all(
      ownersOf(provider).map(async (owner) => {
        const body = { state, limit: 0, count: true };
        const told = await ask(asker, owner, { path: 'applications', field: 'Query.applications', body, authorization: null });
        return typeof told['total'] === 'number' ? told['total'] : 0;
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
      return cache
        .grantsOf(uscc)
        .filter(({ division }) => withinRegion(division, region) !== null)
        .map((grant) => ({ ...grant, revokedAt: null, revokedFor: null }))
        .sort((one, other) => Date.parse(other.from) - Date.parse(one.from) || (one.id < other.id ? -1 : 1));
    },
    missing() {
      if (asker.caller.kind !== 'department') return [];
      const untold = cache.untoldBy();
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
    apply: (input) =>
      write(
        asker,
        byName.get(libraryOfResource(input.resource) ?? ''),
        badUserInput('Mutation.apply(input:).resource', 'RESOURCE_ON_HUB'),
        { path: 'apply', field: 'Mutation.apply', body: input },
      ),
    answer: (told) =>
      write(asker, byName.get(libraryOf(told.no)), badUserInput('Mutation.answer(no:)', 'SOME_APPLICATION'), {
        ...{ path: 'answer', field: 'Mutation.answer', body: told },
      }),
    async revoke(told) {
      const wrong = badUserInput('Mutation.revokeGrant(id:)', 'GRANT_OF_YOURS');
      const application = await write(asker, byName.get(libraryOf(told.id)), wrong, {
        ...{ path: 'revoke', field: 'Mutation.revokeGrant', body: told },
      });
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
  if (typeof at === 'string' && typeof no === 'string' && PLACE.test(at) && isCalendarDay(at.slice(0, 10)) && !Number.isNaN(Date.parse(at)))
    return { at, no };
  throw refuseCursor(APPLICATIONS);
}
