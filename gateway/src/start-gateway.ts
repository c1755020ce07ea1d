import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import helmet from '@fastify/helmet';
import { readAccessFacts } from '@longyuan/access/access-facts.ts';
import { type AccessOf, keepAccessSets } from '@longyuan/access/access-set.ts';
import { PUBLIC } from '@longyuan/access/caller.ts';
import { EVERYTHING_VISIBLE } from '@longyuan/access/everything-visible.ts';
import { type KeptOperations, keepOperations, makePruner, makePrunerOnce } from '@longyuan/operation/keep-operations.ts';
import { registerFaces } from '@longyuan/portal/register-faces.ts';
import { readArgumentFormats } from '@longyuan/schema/src/argument-formats.ts';
import { composeSupergraph } from '@longyuan/schema/src/compose-supergraph.ts';
import { keepDocuments } from '@longyuan/schema/src/kept/keep-documents.ts';
import { findPublicSchema } from '@longyuan/schema/src/public-schema.ts';
import { readDirectory } from '@longyuan/schema/src/read-directory.ts';
import { type Library, readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { logKeyTrouble } from '@longyuan/settings/log-key-trouble.ts';
import { isLoopback } from '@longyuan/settings/loopback.ts';
import { NO_TRACING, type Tracing } from '@longyuan/telemetry/span.ts';
import type { CheckingKeys, SigningKeys } from '@longyuan/trust/follow-keys.ts';
import { openOwnerCheckingKeys } from '@longyuan/trust/owner-keys.ts';
import type { FastifyInstance } from 'fastify';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { explainOnce, makeExplain, purposeAskedAbout } from './access/explain-access.ts';
import { wordRefusals } from './access/word-refusals.ts';
import { findEntities, makeAdmission } from './admit-operation.ts';
import { allowOrigins } from './allow-origins.ts';
import { readLanguage } from './answer-language.ts';
import { registerCoverageExport } from './coverage/export-coverage.ts';
import { keepCoverage } from './coverage/keep-coverage.ts';
import { readConfirmed } from './coverage/library-holdings.ts';
import { readCoverage } from './coverage/read-coverage.ts';
import { nameOfServiceItem } from './directory/known-names.ts';
import type { DirectoryService } from './directory/open-directory.ts';
import { makeReadyOperations } from './directory/ready-operations.ts';
import { openRequestDoor, type RequestDoor } from './fairness/admit-request.ts';
import { makeClientAddress } from './fairness/client-address.ts';
import { keepSpendings } from './fairness/keep-spendings.ts';
import { costOfReading, limitCost } from './fairness/limit-cost.ts';
import { type Load, watchLoad } from './fairness/watch-load.ts';
import { makeFetchReader } from './fetch-shape.ts';
import { openGrants } from './grants/open-grants.ts';
import { sendRefusal } from './http-refusals.ts';
import { type Identity, openIdentity } from './identify/open-identity.ts';
import { keepOwnRows } from './keep-own-rows.ts';
import { libraryUrls, readLibraryTls } from './library-address.ts';
import { type LibraryHealth, watchHealth } from './library-health.ts';
import { type AskLibrary, type GatewayContext, type LibrarySource, type LibraryWay, openLibrary } from './library-source.ts';
import { makeApolloServer, openGateway } from './make-apollo-server.ts';
import { makeHttpServer } from './make-http-server.ts';
import { openObserving } from './observe/open-observing.ts';
import { noteCode } from './observe/watch-requests.ts';
import { keepPersisted } from './persisted-operations.ts';
import type { Door } from './pipeline.ts';
import { keepPlainOperations } from './plain-operations.ts';
import { registerPublic } from './public/register-public.ts';
import { makePublicAddress, type PublicAddress } from './public-address.ts';
import { openQuality } from './quality/open-quality.ts';
import { countQuotas } from './quotas/count-quotas.ts';
import { keepQuotas } from './quotas/keep-quotas.ts';
import { memoryQuotas } from './quotas/memory-quotas.ts';
import { storedQuotas } from './quotas/stored-quotas.ts';
import type { RequestBudget } from './request-budget.ts';
import { countAnswered } from './usage/count-answered.ts';
import { COUNTED_AS_PUBLIC, countedAs } from './usage/counted-as.ts';
import { keepUses } from './usage/keep-uses.ts';
import { storeUses } from './usage/store-uses.ts';
import { addVary } from './vary.ts';
import { keepWarrants } from './warrant-cache.ts';
import { makeErrorWords } from './word-errors.ts';

/** A gateway that listens: where, and how to end it. */
export type RunningGateway = Readonly<{ url: string; close(): Promise<void> }>;

export type GatewayOptions = Readonly<{
  settings: Settings;
  log: Logger;
  warrantKeys: SigningKeys;
  libraries?: readonly Library[];
  /** Address of a library's subgraph, without a path. */
  libraryUrl?: (library: string) => string;
  /** The directory, where the gateway is to answer it; it is closed with the gateway. */
  directory?: DirectoryService;
  /** How busy this gateway is, where that is not to be measured, and the clock by which what callers spent fades. */
  load?: Load;
  spendingClock?: () => number;
  /** Where traces of its requests go; it is closed by whoever opened it. */
  tracing?: Tracing;
  host?: string;
}>;

/** Who asks, what for, in which language, and where they know the hub; `authorization` is the header with their own token. */
type Asker = Pick<GatewayContext, 'caller' | 'purpose' | 'language' | 'publicAddress'> & Readonly<{ authorization: string | null }>;
type ContextOf = (budget: RequestBudget, asker: Asker) => GatewayContext;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null before that is known. */
    asker: Asker | null;
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
  const { settings, log, warrantKeys, libraries = readLibraries(settings.schemaFolder), directory, host = '127.0.0.1' } = options;
  if (!isLoopback(host)) throw new Error(`The gateway listens on loopback only, behind whatever ends TLS, and not on ${host}.`);
  const beside = directory ? [directory.subgraph] : [];
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
  // The directory is no department's: nothing in it is an item, so nobody owns one.
  const ownerless = beside.map((each) => ({ ...each, department: each.title, uscc: '', order: 0, personKeys: false, sdl: '' }));
  const facts = readSharingFacts([...libraries, ...ownerless]);
  const accessFacts = readAccessFacts(facts);
  const refusalsOf = wordRefusals({ facts, accessFacts, nameOfPurpose: nameOfServiceItem });
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
  const sources = new Map<string, LibrarySource>(ways);
  if (directory) sources.set(directory.subgraph.name, directory.source);
  const schema = buildSchema(apiSdl, { noLocation: true });
  const operations = keepOperations(schema, { what: 'operations', ...KEPT_OPERATIONS });
  const prune = makePruner(accessFacts);
  const kept = keepQuotas({ store: directory ? storedQuotas(directory.askFirst) : memoryQuotas(), log });
  const quotas = countQuotas(kept, observing.figures.spentQuota);
  const grants = openGrants({
    ...{ libraries, ways, facts, refusalsOf, quotas, log, onSilence: health.askNow },
    ...{ timeoutMs: settings.libraryTimeoutMs, maxAgeMs: settings.revocationsMaxAgeMs },
    isUp: (library) => health.stateOf(library) !== 'DOWN',
  });
  const gateway = await openGateway({ log, supergraphSdl, sources, maxFetches: settings.maxFetches });
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
  const quality = directory
    ? openQuality({
        ...{ libraries, facts, log, ask: directory.store.ask, quotas, intervalHours: settings.qualityIntervalHours },
        askLibrary,
      })
    : null;
  const coverage = directory
    ? keepCoverage({
        libraries,
        directory,
        askLibrary,
        grants: grants.cache,
        log,
      })
    : null;
  const accessOf: AccessOf = settings.warrantCheck
    ? keepAccessSets({ facts: accessFacts, grants: grants.cache })
    : () => EVERYTHING_VISIBLE;
  const publicSdl = findPublicSchema(libraries, apiSdl, beside);
  const publicSchema = publicSdl === null ? null : buildSchema(publicSdl, { noLocation: true });
  const readyOperations = makeReadyOperations({
    ...{ resources: readDirectory(libraries).resources, facts: accessFacts, formats: readArgumentFormats(libraries) },
  });
  const contextOf: ContextOf = (budget, { caller, purpose, authorization, language, publicAddress }) => ({
    caller,
    publicAddress,
    purpose,
    access: accessOf(caller, purpose),
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
    operationsOf: readOnceEach((resource) => {
      // The public is told nothing of what stands in the departments' schema alone.
      const asked = caller.kind === 'public' ? publicSchema : schema;
      return asked ? readyOperations(asked, accessOf(caller, purpose), resource) : [];
    }),
    quality,
    grants: grants.deskOf({ caller, authorization, budget }),
    language,
    budget,
  });
  const uses = directory
    ? keepUses({
        ...{ facts: accessFacts, log },
        store: async (counted) => {
          await storeUses(directory.store.ask, counted);
          coverage?.nudge();
        },
      })
    : null;
  const formats = readArgumentFormats([...libraries, ...beside]);
  const entities = findEntities([...libraries, ...beside]);
  /** What callers of a door may ask, read against the whole schema; and what is its own. */
  const doorTo = (asked: GraphQLSchema, kept: KeptOperations, own: Pick<Door, 'mayIntrospect' | 'hidesKeys' | 'count'>): Door => ({
    ...{ schema: asked, operations: kept, documents, persisted, prune, refusalsOf, quotas, plainOf, ask: gateway.ask, ...own },
    admission: makeAdmission({ schema: asked, operations: kept, limits: settings, formats, entities }),
  });
  const documents = keepDocuments(KEPT_DOCUMENTS);
  const persisted = keepPersisted();
  const plainOf = keepPlainOperations(supergraphSdl);
  const mainDoor = doorTo(schema, operations, { mayIntrospect, hidesKeys: false, count: uses && countAnswered(uses, countedAs) });
  const apollo = makeApolloServer({ settings, log, door: mainDoor });
  const openToAll = (asked: GraphQLSchema): Door =>
    doorTo(asked, keepOperations(schema, { what: 'public operations', ...KEPT_OPERATIONS }), {
      ...{ mayIntrospect: () => true, hidesKeys: true, count: uses && countAnswered(uses, () => COUNTED_AS_PUBLIC) },
    });
  const publicDoor =
    publicSdl === null || publicSchema === null
      ? null
      : { publicSdl, apollo: makeApolloServer({ settings, log, door: openToAll(publicSchema) }) };
  const load = options.load ?? watchLoad({ waitingRequests: () => Math.max(0, ...ways.values().map((way) => way.waitingRequests())) });
  const limiter = limitCost({ settings, spendings: keepSpendings(options.spendingClock), load });
  const door = openRequestDoor({ limiter, load, addressOf: makeClientAddress(settings.trustedProxies, settings.forwardedHeader) });
  observing.figures.watch({ ways, health, isBusy: load.isBusy });
  const app = makeHttpServer(settings, log, observing.watch);
  const publicAddress = makePublicAddress(settings, () => portOf(app));
  await allowOrigins(app, settings.allowedOrigins);
  app.addHook('onRequest', async (request, reply) =>
    request.routeOptions.url?.startsWith('/public/') ? door.admit(request, reply, PUBLIC) : undefined,
  );
  const closeParts = async (): Promise<void> => {
    // While the directory still reaches its database.
    await Promise.all([uses?.close(), coverage?.close(), quotas.close()]);
    await quality?.close();
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
    if (directory)
      registerCoverageExport(app, {
        reader: () => readCoverage(directory.store.ask),
        libraries,
        identify: identity.identify,
      });
    if (publicDoor)
      await registerPublic(app, {
        ...publicDoor,
        libraries,
        settings,
        publicAddress,
        contextOf: (budget, asker) => contextOf(budget, { caller: PUBLIC, purpose: null, authorization: null, ...asker }),
        openPart: limiter.openPart,
        ...(uses && { countDownload: uses.countItems }),
        ...(directory && { readConfirmed: () => readConfirmed(directory.store.ask) }),
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

/** Works out what is asked for again in the same request once. */
function readOnceEach<Told>(read: (name: string) => Told): (name: string) => Told {
  const known = new Map<string, Told>();
  return (name) => known.getOrInsertComputed(name, read);
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
      return contextOf(request.budget, asker);
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
          ...told,
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
