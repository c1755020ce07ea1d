import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import helmet from '@fastify/helmet';
import { readAccessFacts } from '@longyuan/access/access-facts.ts';
import { type AccessOf, keepAccessSets } from '@longyuan/access/access-set.ts';
import { PUBLIC } from '@longyuan/access/caller.ts';
import { EVERYTHING_VISIBLE } from '@longyuan/access/everything-visible.ts';
import type { HubStores } from '@longyuan/inner/hub-stores.ts';
import type { AskLibrary, InnerSubgraph } from '@longyuan/inner/inner-subgraph.ts';
import { findEntities, makeAdmission } from '@longyuan/operation/admit-operation.ts';
import { type KeptOperations, keepOperations, makePruner, makePrunerOnce } from '@longyuan/operation/keep-operations.ts';
import { registerFaces } from '@longyuan/portal/register-faces.ts';
import { readArgumentFormats } from '@longyuan/schema/src/argument-formats.ts';
import { composeSupergraph } from '@longyuan/schema/src/compose-supergraph.ts';
import { keepDocuments } from '@longyuan/schema/src/kept/keep-documents.ts';
import { findPublicSchema } from '@longyuan/schema/src/public-schema.ts';
import { type Library, readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { logKeyTrouble } from '@longyuan/settings/log-key-trouble.ts';
import { isLoopback } from '@longyuan/settings/loopback.ts';
import { type Purposes, UNNAMED_PURPOSES } from '@longyuan/settings/purposes.ts';
import { NO_TRACING, type Tracing } from '@longyuan/telemetry/span.ts';
import type { CheckingKeys, SigningKeys } from '@longyuan/trust/follow-keys.ts';
import { openOwnerCheckingKeys } from '@longyuan/trust/owner-keys.ts';
import type { FastifyInstance } from 'fastify';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { explainOnce, makeExplain, purposeAskedAbout } from './access/explain-access.ts';
import { wordRefusals } from './access/word-refusals.ts';
import { openRequestDoor, type RequestDoor } from './fairness/admit-request.ts';
import { costOfReading, keepSpendings, limitCost } from './fairness/limit-cost.ts';
import { type Load, watchLoad } from './fairness/watch-load.ts';
import { openGrants } from './grants/open-grants.ts';
import { allowOrigins } from './http/allow-origins.ts';
import { makeApolloServer } from './http/make-apollo-server.ts';
import { makeHttpServer } from './http/make-http-server.ts';
import { keepPersisted } from './http/persisted-operations.ts';
import { makePublicAddress, type PublicAddress } from './http/public-address.ts';
import { registerTable } from './http/register-tables.ts';
import { type Identity, openIdentity } from './identify/identify.ts';
import { makeFetchReader } from './libraries/fetch-shape.ts';
import { keepOwnRows } from './libraries/keep-own-rows.ts';
import { libraryUrls, readLibraryTls } from './libraries/library-address.ts';
import { type LibraryHealth, watchHealth } from './libraries/library-health.ts';
import { type LibrarySource, type LibraryWay, openInnerSource, openLibrary } from './libraries/library-source.ts';
import { keepWarrants } from './libraries/warrant-cache.ts';
import { makeErrorWords } from './libraries/word-errors.ts';
import { openObserving } from './observe/open-observing.ts';
import { type Door, openPipeline } from './pipeline.ts';
import { openGateway } from './plan/open-gateway.ts';
import { keepPlainOperations } from './plan/plain-operations.ts';
import { registerPublic } from './public/register-public.ts';
import { countQuotas, keepQuotas } from './quotas/keep-quotas.ts';
import { memoryQuotas } from './quotas/memory-quotas.ts';
import { addVary, readLanguage } from './request/answer-language.ts';
import type { AskerOf, GatewayContext } from './request/gateway-context.ts';
import { sendRefusal } from './request/http-refusals.ts';
import { makeClientAddress } from './request/place-of-caller.ts';
import { noteCode, openNotes, type RequestBudget } from './request/request-budget.ts';
import { COUNTED_AS_PUBLIC, countedAs, keepUses } from './usage/keep-uses.ts';

/** A gateway that listens: where, and how to end it. */
export type RunningGateway = Readonly<{ url: string; close(): Promise<void> }>;

export type GatewayOptions = Readonly<{
  settings: Settings;
  log: Logger;
  warrantKeys: SigningKeys;
  libraries?: readonly Library[];
  /** Address of a library's subgraph, without a path. */
  libraryUrl?: (library: string) => string;
  /** Subgraphs that are answered in this process; they are closed with the gateway. */
  inner?: readonly InnerSubgraph[];
  /** The service items by name, as refusals tell them; left out: it knows none. */
  purposes?: Purposes;
  /** Where the limits of the day and the counts of use are kept; left out: in memory, and nowhere. */
  stores?: HubStores;
  /** How busy this gateway is, where that is not to be measured, and the clock by which what callers spent fades. */
  load?: Load;
  spendingClock?: () => number;
  /** Where traces of its requests go; it is closed by whoever opened it. */
  tracing?: Tracing;
  host?: string;
}>;

/** Who asks, what for, in which language, and where they know the hub. */
type Asking = Pick<GatewayContext, 'caller' | 'purpose' | 'language' | 'publicAddress' | 'authorization' | 'isOfHub'>;
/** `server`: of the door that they came by. */
type ContextOf = (budget: RequestBudget, asker: Asking, server: ApolloServer<GatewayContext>) => GatewayContext;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null before that is known. */
    asker: Asking | null;
  }
}

/** Whether a caller may be told of the whole schema at the main door. */
const mayIntrospect = ({ caller }: Pick<GatewayContext, 'caller'>): boolean => caller.kind !== 'public';

/** Documents that are kept parsed, of both doors together. */
const KEPT_DOCUMENTS = { most: 1_000, mostBytes: 32_000_000 };
/** Operations that are kept read, of each door. */
const KEPT_OPERATIONS = { most: 1_000, mostBytes: 24_000_000 };

/** How long requests that run may take to end once the gateway is told to close. */
const CLOSING_MS = 3_000;

/**
 * Composes the libraries' SDL, opens the one door and listens. Waits for no library.
 * @throws Error where the libraries do not compose, the port is taken, or the host is not loopback.
 */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const {
    settings,
    log,
    warrantKeys,
    libraries = readLibraries(settings.schemaFolder),
    inner = [],
    stores,
    purposes = UNNAMED_PURPOSES,
    host = '127.0.0.1',
  } = options;
  if (!isLoopback(host)) throw new Error(`The gateway listens on loopback only, behind whatever ends TLS, and not on ${host}.`);
  const beside = inner.map(({ subgraph }) => subgraph);
  const { supergraphSdl, apiSdl } = composeSupergraph(libraries, beside);
  const libraryUrl = options.libraryUrl ?? libraryUrls(libraries, settings);
  const tls = await readLibraryTls(settings);
  const observing = await openObserving({ settings, log, tracing: options.tracing ?? NO_TRACING });
  const health = watchHealth({
    libraries,
    libraryUrl,
    tls,
    intervalMs: settings.healthIntervalMs,
    timeoutMs: settings.libraryTimeoutMs,
    log,
  });
  // What is the hub's own is no department's: nothing in it is an item, so nobody owns one.
  const ownerless = beside.map((each) => ({ ...each, department: each.title, uscc: '', order: 0, personKeys: false, sdl: '' }));
  const facts = readSharingFacts([...libraries, ...ownerless]);
  const accessFacts = readAccessFacts(facts);
  const refusalsOf = wordRefusals({ facts, accessFacts, nameOfPurpose: purposes.nameOf });
  const warrantFor = keepWarrants(warrantKeys);
  const ownerKeys = await openKeysOfOwners(libraries, settings, log);
  const ownRowsFor = keepOwnRows({
    sharing: facts,
    facts: accessFacts,
    wayTo: (library) => (health.stateOf(library) === 'READY' ? ways.get(library) : undefined),
  });
  const ways = new Map<string, LibraryWay>(
    libraries.map((library) => [
      library.name,
      openLibrary(library, {
        url: libraryUrl(library.name),
        tls,
        timeoutMs: settings.libraryTimeoutMs,
        limits: settings,
        health,
        readFetch: makeFetchReader(library),
        words: makeErrorWords(library, facts, refusalsOf),
        warrantFor,
        ownRowsFor,
        isSealed: settings.warrantCheck,
        onFetch: (outcome, seconds) => observing.figures.fetched(library.name, outcome, seconds),
        warrantKeys,
        findOwnerKey: async (name, kid) => (await ownerKeys.get(name)?.find(kid)) ?? null,
        log,
      }),
    ]),
  );
  const identity = openIdentity({ settings, log, libraries, ways });
  const schema = buildSchema(apiSdl, { noLocation: true });
  const operations = keepOperations(schema, { what: 'operations', ...KEPT_OPERATIONS });
  const prune = makePruner(accessFacts);
  const kept = keepQuotas({ store: stores?.quotas ?? memoryQuotas(), log });
  const quotas = countQuotas(kept, observing.figures.spentQuota);
  const grants = openGrants({
    ...{ libraries, ways, facts, refusalsOf, log, onSilence: health.askNow },
    ...{ timeoutMs: settings.libraryTimeoutMs, maxAgeMs: settings.revocationsMaxAgeMs },
    isUp: (library) => health.stateOf(library) !== 'DOWN',
  });
  const explain = makeExplain({
    schema,
    prune: makePrunerOnce(accessFacts),
    sharing: facts,
    facts: accessFacts,
    settings,
    subgraphs: [...libraries, ...beside],
    quotas,
  });
  const askLibrary: AskLibrary = async (library, route, question) => (await ways.get(library)?.ask(route, question)) ?? { kind: 'silent' };
  const askerOf: AskerOf = (context, span) => {
    const { caller, access, language, schema: told, explain: explainTo, ask, budget } = context;
    const { requestId, cancellations } = budget;
    return {
      ...{ caller, access, language, schema: told, explain: explainTo, ask, requestId, cancellations, span },
      askOwner: grants.askerOf(context),
    };
  };
  const mounted = inner.map((each) => ({ each, ...each.mount({ askLibrary, grants: grants.cache, quotas }) }));
  const sources = new Map<string, LibrarySource>([
    ...ways,
    ...mounted.map(({ each, answer }) => [each.subgraph.name, openInnerSource(each, { answer }, askerOf, settings)] as const),
  ]);
  const gateway = await openGateway({ log, supergraphSdl, sources, maxFetches: settings.maxFetches });
  const accessOf: AccessOf = settings.warrantCheck
    ? keepAccessSets({ facts: accessFacts, grants: grants.cache })
    : () => EVERYTHING_VISIBLE;
  const publicSdl = findPublicSchema(libraries, apiSdl, beside);
  const publicSchema = publicSdl === null ? null : buildSchema(publicSdl, { noLocation: true });
  const contextOf: ContextOf = (budget, asker, server) => {
    const { caller, purpose, language, publicAddress } = asker;
    const context: GatewayContext = {
      ...asker,
      access: accessOf(caller, purpose),
      // The public is told nothing of what stands in the departments' schema alone.
      schema: caller.kind === 'public' ? publicSchema : schema,
      explain: explainOnce((asked) => {
        budget.account?.spend(costOfReading(asked.query));
        return explain({
          query: asked.query,
          variables: asked.variables ?? null,
          access: accessOf(caller, purposeAskedAbout(asked.purpose, purpose)),
          mayIntrospect: mayIntrospect({ caller }),
          language,
          publicAddress,
        });
      }),
      ask: async ({ query, variables }) => {
        const { body } = await server.executeOperation(
          { query, variables: { ...variables } },
          { contextValue: { ...context, notes: openNotes(), planning: null } },
        );
        if (body.kind !== 'single') throw new Error('An operation of an inner subgraph is answered in parts.');
        return { data: body.singleResult.data ?? null, errors: body.singleResult.errors ?? [] };
      },
      ...{ budget, notes: budget.notes, planning: null },
    };
    return context;
  };
  const uses = stores ? keepUses({ facts: accessFacts, log, store: stores.storeUses }) : null;
  const formats = readArgumentFormats([...libraries, ...beside]);
  const entities = findEntities([...libraries, ...beside]);
  /** What callers of a door may ask, read against the whole schema; and what is its own. */
  const doorTo = (asked: GraphQLSchema, kept: KeptOperations, own: Pick<Door, 'mayIntrospect' | 'hidesKeys' | 'uses'>): Door => ({
    ...{ schema: asked, operations: kept, documents, persisted, prune, refusalsOf, quotas, plainOf, ask: gateway.ask, ...own },
    admission: makeAdmission({ schema: asked, operations: kept, limits: settings, formats, entities }),
  });
  const documents = keepDocuments(KEPT_DOCUMENTS);
  const persisted = keepPersisted();
  const plainOf = keepPlainOperations(supergraphSdl);
  const mainDoor = doorTo(schema, operations, {
    mayIntrospect,
    hidesKeys: false,
    uses: uses && { count: uses.count, callerOf: countedAs },
  });
  const serve = (door: Door) =>
    makeApolloServer({ ...{ settings, log, documents, persisted }, schema: door.schema, executor: openPipeline(door) });
  const apollo = serve(mainDoor);
  const openToAll = (asked: GraphQLSchema): Door =>
    doorTo(asked, keepOperations(schema, { what: 'public operations', ...KEPT_OPERATIONS }), {
      ...{ mayIntrospect: () => true, hidesKeys: true, uses: uses && { count: uses.count, callerOf: () => COUNTED_AS_PUBLIC } },
    });
  const publicDoor = publicSdl === null || publicSchema === null ? null : { publicSdl, apollo: serve(openToAll(publicSchema)) };
  const load = options.load ?? watchLoad({ waitingRequests: () => Math.max(0, ...ways.values().map((way) => way.waitingRequests())) });
  const limiter = limitCost({ settings, spendings: keepSpendings(options.spendingClock), load });
  const door = openRequestDoor({ limiter, load, addressOf: makeClientAddress(settings.trustedProxies, settings.forwardedHeader) });
  observing.figures.watch({ ways, health, isBusy: load.isBusy });
  const app = makeHttpServer(settings, log, observing.watch);
  const publicAddress = makePublicAddress(settings, () => portOf(app));
  await allowOrigins(
    app,
    settings.allowedOrigins,
    mounted.flatMap(({ tables }) => tables.map(({ path }) => path)),
  );
  app.addHook('onRequest', async (request, reply) =>
    request.routeOptions.url?.startsWith('/public/') ? door.admit(request, reply, PUBLIC) : undefined,
  );
  const closeParts = async (): Promise<void> => {
    // While their store can still be reached, and the libraries can be asked.
    await Promise.all([uses?.close(), quotas.close()]);
    await Promise.all(mounted.map((each) => each.close()));
    await Promise.all([health.close(), identity.close(), grants.close(), ...[...sources.values()].map((source) => source.close())]);
  };
  const close = async (): Promise<void> => {
    // Keeps the process neither alive nor waiting for requests that hang.
    const timer = setTimeout(() => app.server.closeAllConnections(), CLOSING_MS).unref();
    await app.close();
    clearTimeout(timer);
    await publicDoor?.apollo.stop();
    await apollo.stop();
    await gateway.stop();
    await closeParts();
  };
  try {
    await apollo.start();
    await publicDoor?.apollo.start();
    await serveRoutes(app, { apollo, door, health, libraries, contextOf, publicAddress, identify: identity.identify });
    observing.serve(app);
    for (const table of mounted.flatMap(({ tables }) => tables)) registerTable(app, table, door, identity.identify);
    if (publicDoor)
      await registerPublic(app, {
        ...publicDoor,
        libraries,
        settings,
        publicAddress,
        contextOf: (budget, asker) =>
          contextOf(budget, { caller: PUBLIC, purpose: null, authorization: null, ...asker }, publicDoor.apollo),
        openPart: limiter.openPart,
        ...(uses && { countDownload: uses.countItems }),
        ...(stores && { readConfirmed: stores.readConfirmed }),
      });
    await app.listen({ host, port: settings.port });
  } catch (error) {
    await app.close();
    await closeParts();
    throw error;
  }
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${portOf(app)}`;
  log.info({ url, isDeciding: settings.warrantCheck }, 'the gateway listens');
  return { url, close };
}

/** The public halves of the owners' keys that lie here, by library. @throws KeyFault for one that cannot be used. */
async function openKeysOfOwners(
  libraries: readonly Library[],
  { dataDir }: Settings,
  log: Logger,
): Promise<ReadonlyMap<string, CheckingKeys>> {
  const opened = libraries.map(
    async ({ name }) => [name, await openOwnerCheckingKeys(dataDir, name, (error) => logKeyTrouble(log, error))] as const,
  );
  return new Map(await Promise.all(opened));
}

async function serveRoutes(
  app: FastifyInstance,
  parts: {
    apollo: ApolloServer<GatewayContext>;
    door: RequestDoor;
    health: LibraryHealth;
    libraries: readonly Library[];
    contextOf: ContextOf;
    publicAddress: PublicAddress;
    identify: Identity['identify'];
  },
): Promise<void> {
  const { apollo, door, health, libraries, contextOf, publicAddress, identify } = parts;
  await app.register(helmet, {
    // Plain HTTP on loopback: nothing to upgrade to, and no promise for later.
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        // GraphiQL's style sheet carries its fonts.
        fontSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
  });
  app.decorateRequest('asker', null);
  const answer = fastifyApolloHandler(apollo, {
    context: async (request) => {
      const { asker } = request;
      if (!asker) throw new Error('A request that nobody identified came as far as its operation.');
      return contextOf(request.budget, asker, apollo);
    },
  });
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    // Before the body is read.
    onRequest: async (request, reply) => {
      void reply.header('cache-control', 'no-store');
      addVary(reply, 'Accept', 'Authorization', 'X-Purpose');
      const told = await identify(request.headers, request.budget.requestId);
      if (told.kind === 'identified') {
        request.asker = {
          ...{ caller: told.caller, purpose: told.purpose, isOfHub: false },
          authorization: request.headers.authorization ?? null,
          publicAddress: publicAddress.of(request),
          language: readLanguage(request.headers['accept-language']),
        };
        return door.admit(request, reply, told.caller);
      }
      door.count(request);
      if (told.challenge !== null) void reply.header('www-authenticate', told.challenge);
      return sendRefusal(reply, told.refusal);
    },
    handler: answer,
  });
  app.get('/health', async () => ({ status: 'ok' }));
  app.get('/health/ready', async ({ budget }, reply) => {
    const states = health.all();
    const ready = states.every(({ state }) => state === 'READY');
    // Else the figures would take the status for a fault of the hub.
    if (!ready) noteCode(budget.notes, 'LIBRARY_UNAVAILABLE');
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ready, libraries: states });
  });
  await app.register(async (scope) => registerFaces(scope, libraries));
}

function portOf(app: FastifyInstance): number {
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('The gateway does not listen on a port.');
  return address.port;
}
