import { openListener } from '@longyuan/prisma/connect/open-listener.ts';
import { adapterFor, openPool } from '@longyuan/prisma/connect/open-pool.ts';
import { ensureGrantTables } from '@longyuan/prisma/grants/ensure-grant-tables.ts';
import { applyMigrations } from '@longyuan/prisma/migrate/apply-migrations.ts';
import { openLibraryFolder } from '@longyuan/prisma/migrate/find-libraries.ts';
import { readModelsOf } from '@longyuan/prisma/models/read-models.ts';
import { asOf } from '@longyuan/prisma/seed/as-of.ts';
import { isFilled, readSeedState } from '@longyuan/prisma/seed/seed-state.ts';
import { readAccessFacts } from '@longyuan/schema/src/access/access-facts.ts';
import { EVERYTHING_VISIBLE } from '@longyuan/schema/src/access/everything-visible.ts';
import { keepAccessSets } from '@longyuan/schema/src/access/keep-access-sets.ts';
import { readArgumentFormats } from '@longyuan/schema/src/argument-formats.ts';
import { libraryNamed, readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { logKeyTrouble } from '@longyuan/settings/log-key-trouble.ts';
import type { CheckingKeys } from '@longyuan/trust/follow-keys.ts';
import { openHeadMarks } from '@longyuan/trust/head-marks.ts';
import { checkLibraryKeys, openCursorKey, openReceiptKey, type SigningKey } from '@longyuan/trust/keys.ts';
import { openOwnerKeys } from '@longyuan/trust/owner-keys.ts';
import { readOnce } from '@longyuan/trust/read-once.ts';
import { openTokenReader } from '@longyuan/trust/read-token.ts';
import { openSealedCursors } from '@longyuan/trust/sealed-cursor.ts';
import { answerAnyone } from './answer-anyone.ts';
import { answerHttp } from './answer-http.ts';
import { buildLibrarySchema } from './build-schema.ts';
import type { LibraryDefinition, OpenLibrary } from './define-library.ts';
import { openGrants } from './grants/open-grants.ts';
import { UntrustedList } from './grants/verified-list.ts';
import { keepHoldings } from './holdings/keep-holdings.ts';
import { planHoldings } from './holdings/plan-holdings.ts';
import { openGraphQL } from './open-graphql.ts';
import { openVerifications } from './open-verifications.ts';
import { openQualityDesk } from './quality/answer-quality.ts';
import { ownHosts, readTls } from './read-tls.ts';
import { watchReadiness } from './readiness.ts';
import { openSecondDoor } from './second-door.ts';

export type RunningLibrary = Readonly<{
  /** Where it listens, `http://127.0.0.1:4001`. */
  url: string;
  /** Resolves when it first answers queries; rejects with the reason why it never will. */
  ready: Promise<void>;
  close: () => Promise<void>;
}>;

/**
 * Starts a library: listens at once (`GET /health` says STARTING), then connects to its database, applies its migrations and
 * waits for its rows; until then, and whenever the database is gone, `/graphql` answers LIBRARY_UNAVAILABLE.
 * @throws Error when the SDL and the resolvers do not fit, or the port is taken.
 */
export async function startLibrary(
  definition: LibraryDefinition,
  options: {
    settings: Settings;
    port: number;
    host?: string;
    /** What the gateway signs with, as others check it. */
    warrantKeys: CheckingKeys;
    /** What the library's owner signs with. */
    ownerKey: SigningKey;
    log: Logger;
    /** Told of every SQL statement, without its values. */
    onStatement?: (sql: string) => void;
  },
): Promise<RunningLibrary> {
  const { settings, port, host = settings.subgraphs.host, warrantKeys, ownerKey, log, onStatement } = options;
  const library = libraryNamed(definition.name, readLibraries(settings.schemaFolder));
  // Keys are made when they are first needed; one that is there and cannot be used is known at start.
  await checkLibraryKeys(settings.dataDir, library.name);
  const tls = await readTls(settings.subgraphs.tls);
  const facts = readSharingFacts([library]);
  const guarded = openSecondDoor({ library: library.name, gateway: warrantKeys, owner: ownerKey });
  const door = settings.warrantCheck ? guarded : answerAnyone(guarded, library.name, host, log);
  const closing = new AbortController();
  const database = connectOnce(definition, { settings, log, ...(onStatement && { onStatement }) });

  // What the owner signs, it signs for whom it knows by their own token.
  const tokens = openTokenReader(settings.identity, (error) => log.warn({ err: error }, 'the keys of the identity provider cannot be had'));
  const ownerKeys = openOwnerKeys(settings.dataDir, library.name, (error) => logKeyTrouble(log, error));
  const prepared = Promise.withResolvers<void>();
  const grants = openGrants({
    library,
    ask: async (sql, values) => (await (await database.open()).pool.query(sql, [...values])).rows,
    connect: () => openListener(settings, library.name),
    prepared: prepared.promise,
    keys: ownerKeys,
    marks: openHeadMarks(settings.dataDir, library.name),
    log,
    maxAgeMs: settings.revocationsMaxAgeMs,
    onDatabaseGone: () => readiness.doubt(),
  });
  const readiness = watchReadiness({
    prepare: async () => {
      const { pool } = await database.open();
      const outcome = await applyMigrations(openLibraryFolder(library.name), pool);
      if (outcome.kind === 'refused') throw new Error(outcome.reason);
      for (const migration of outcome.applied) log.info({ migration }, 'migration applied');
      await ensureGrantTables(pool);
      prepared.resolve();
      await grants.refresh().catch((error: unknown) => {
        // What is not granted is answered all the same.
        if (!(error instanceof UntrustedList)) throw error;
      });
    },
    isSeeded: async () => isFilled((await database.open()).pool, library.name, settings.persons === 0),
    onTrouble: (error) => log.warn({ err: error }, 'the database does not answer; trying again'),
    intervalMs: settings.healthIntervalMs,
    signal: closing.signal,
  });
  const ask = async (sql: string, values: readonly unknown[]) => (await (await database.open()).pool.query(sql, [...values])).rows;
  // A filling of the hub's own stands still at a day; a department's own rows are as fresh as the clock says.
  const asOfMs = async () => ((await readSeedState((await database.open()).pool, library.name)) ? Date.parse(asOf) : Date.now());
  const plan = planHoldings(facts, readModelsOf(openLibraryFolder(library.name)), definition.stored);
  const apollo = await openGraphQL({
    library: library.name,
    schema: buildLibrarySchema(library, definition, settings.maxValues),
    rules: readArgumentFormats([library]),
    facts,
    log,
    onDatabaseGone: readiness.doubt,
  });
  const app = answerHttp({
    library: library.name,
    apollo,
    state: readiness.state,
    door,
    accessOf: settings.warrantCheck ? keepAccessSets({ facts: readAccessFacts(facts), grants }) : () => EVERYTHING_VISIBLE,
    makeLoaders: () => database.opened().makeLoaders(),
    verificationsFor: openVerifications({
      name: library.name,
      mostMismatches: settings.mismatches,
      keys: { current: ownerKeys.current, receiptSecret: readOnce(() => openReceiptKey(settings.dataDir, library.name)) },
    }),
    cursors: openSealedCursors(() => openCursorKey(settings.dataDir, library.name)),
    personKey: library.personKeys ? (idNumber) => askPersonKey(database.opened(), idNumber) : null,
    quality: openQualityDesk(library.name, facts, { ask, asOfMs }),
    holdings: keepHoldings({ library: library.name, plan, ask, asOfMs, log, signal: closing.signal }),
    routes: (server, warrantOf) =>
      grants.serve(server, {
        warrantOf,
        readToken: tokens.read,
        isReady: () => readiness.state() === 'READY',
        onDatabaseGone: readiness.doubt,
      }),
    onTimeout: readiness.doubt,
    timeoutMs: settings.requestTimeoutMs,
    maxBodyBytes: settings.maxBodyBytes,
    tls,
    isOwnHost: ownHosts(tls),
  });

  const close = async (): Promise<void> => {
    closing.abort();
    // Ends the gateways' questions that are held open; they would hold up the server's end.
    grants.close();
    await app.close();
    await apollo.stop();
    await tokens.close();
    await database.close();
  };
  try {
    return { url: await app.listen({ port, host }), ready: readiness.firstReady, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function askPersonKey({ personKey }: OpenLibrary, idNumber: string): Promise<string | null> {
  if (!personKey) throw new Error('The SDL says personKeys, and the library defines no personKey.');
  return personKey(idNumber);
}

/** Bound of one statement on a PostgreSQL server; the embedded one is bounded by the time of the request. */
const STATEMENT_TIMEOUT_MS = 10_000;

type Connected = Readonly<{ pool: Awaited<ReturnType<typeof openPool>>; library: OpenLibrary }>;

/** The library's pool and store, opened on first use and then kept; a failed opening is tried anew. */
function connectOnce(definition: LibraryDefinition, options: Pick<Parameters<typeof openPool>[0], 'settings' | 'log' | 'onStatement'>) {
  let connected: Connected | null = null;
  let connecting: Promise<Connected> | null = null;

  const connect = async (): Promise<Connected> => {
    const pool = await openPool({ ...options, library: definition.name, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
    connected = { pool, library: definition.open(adapterFor(pool, definition.name)) };
    return connected;
  };
  // Rows and grants are asked for side by side, and share one pool.
  const open = (): Promise<Connected> => {
    connecting ??= connect().catch((error: unknown) => {
      connecting = null;
      throw error;
    });
    return connecting;
  };
  const opened = (): OpenLibrary => {
    if (!connected) throw new Error('The library is asked before its store is open.');
    return connected.library;
  };
  const close = async (): Promise<void> => {
    await connected?.library.close();
    await connected?.pool.end();
  };
  return { open, opened, close };
}
