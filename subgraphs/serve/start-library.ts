import { readAccessFacts } from '@longyuan/access/access-facts.ts';
import { type AccessSet, keepAccessSets } from '@longyuan/access/access-set.ts';
import { EVERYTHING_VISIBLE } from '@longyuan/access/everything-visible.ts';
import { ensureDatabase } from '@longyuan/prisma/store/connect/ensure-database.ts';
import { lookAtStore } from '@longyuan/prisma/store/connect/look-at-store.ts';
import { openListener } from '@longyuan/prisma/store/connect/open-listener.ts';
import { adapterFor, makePool } from '@longyuan/prisma/store/connect/open-pool.ts';
import { openTurns, type Turns } from '@longyuan/prisma/store/connect/turns.ts';
import { StoreRefused, watchStore } from '@longyuan/prisma/store/connect/watch-store.ts';
import { ensureGrantTables } from '@longyuan/prisma/store/grants/ensure-grant-tables.ts';
import { applyMigrations } from '@longyuan/prisma/store/migrate/apply-migrations.ts';
import { openLibraryFolder } from '@longyuan/prisma/store/migrate/find-libraries.ts';
import { readModelsOf } from '@longyuan/prisma/store/read-models.ts';
import { ensureSeedTable, isFilled, readSeedState } from '@longyuan/prisma/store/seed-state.ts';
import { readArgumentFormats } from '@longyuan/schema/src/argument-formats.ts';
import { libraryNamed, readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import type { SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { logKeyTrouble } from '@longyuan/settings/log-key-trouble.ts';
import { type Purposes, UNNAMED_PURPOSES } from '@longyuan/settings/purposes.ts';
import { openLibraryMetricsDoor } from '@longyuan/telemetry/metrics-door.ts';
import { NO_TRACING, type Tracing } from '@longyuan/telemetry/span.ts';
import type { CheckingKeys } from '@longyuan/trust/follow-keys.ts';
import { openHeadMarks } from '@longyuan/trust/head-marks.ts';
import { checkLibraryKeys, openCursorKey, openReceiptKey, type SigningKey } from '@longyuan/trust/keys.ts';
import { type OwnKeysByType, signOwnRows } from '@longyuan/trust/own-rows.ts';
import { openOwnerCheckingKeys, openOwnerKeys } from '@longyuan/trust/owner-keys.ts';
import { readOnce } from '@longyuan/trust/read-once.ts';
import { openTokenReader } from '@longyuan/trust/read-token.ts';
import { openSealedCursors } from '@longyuan/trust/sealed-cursor.ts';
import { answerHttp } from './answer-http.ts';
import { buildLibrarySchema } from './build-schema.ts';
import type { LibraryDefinition, OpenLibrary } from './define-library.ts';
import { openLibraryGrants } from './desks/grants/library-grants.ts';
import { UntrustedList } from './desks/grants/verified-list.ts';
import { keepHoldings } from './desks/holdings/keep-holdings.ts';
import { planHoldings } from './desks/holdings/plan-holdings.ts';
import { openQualityDesk } from './desks/quality/answer-quality.ts';
import { answerAnyone } from './door/answer-anyone.ts';
import { makeOwnRows, makeToldReader, tellersOf } from './door/find-own-rows.ts';
import { ownHosts, readTls } from './door/read-tls.ts';
import { openSecondDoor } from './door/second-door.ts';
import { openLibraryFigures } from './observe/library-figures.ts';
import { openGraphQL } from './open-graphql.ts';
import { openVerifications } from './verification/open-verifications.ts';

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
    /** The service items that grants may be for; left out: whatever has the form of one. */
    purposes?: Purposes;
    /** Somebody fills its store with rows that are made up, and until that is done it is SEEDING; left out: what is in the store is what there is. */
    waitsForRows?: boolean;
    /** Told of every SQL statement, without its values. */
    onStatement?: (sql: string) => void;
    /** Where traces of its calls go; it is closed by whoever opened it. */
    tracing?: Tracing;
    /** For a bench of what they are for: others than the library's own, and then no statement is ended with its call. */
    turns?: Turns;
  },
): Promise<RunningLibrary> {
  const { settings, port, host = settings.subgraphs.host, warrantKeys, ownerKey, log, onStatement } = options;
  const library = libraryNamed(definition.name, readLibraries(settings.schemaFolder));
  // Keys are made when they are first needed; one that is there and cannot be used is known at start.
  await checkLibraryKeys(settings.dataDir, library.name);
  const tls = await readTls(settings.subgraphs.tls);
  const facts = readSharingFacts([library]);
  const readTold = makeToldReader({ library: library.name, tellers: await openTellers(library.name, facts, settings, log), log });
  const guarded = openSecondDoor({ library: library.name, gateway: warrantKeys, owner: ownerKey, readTold });
  const door = settings.warrantCheck ? guarded : answerAnyone(guarded, library.name, host, log);
  const closing = new AbortController();
  const figures = openLibraryFigures(library.name);
  const mayMeasure = await openLibraryMetricsDoor(settings.metricsTokenFile);
  const pool = makePool({
    onAnswer: figures.stated,
    ...{ settings, library: library.name, log, statementTimeoutMs: STATEMENT_TIMEOUT_MS },
    ...(onStatement && { onStatement }),
    endsWithCalls: options.turns === undefined,
  });
  const turns = options.turns ?? openTurns(settings.databaseConnections);
  turns.close(new NotUp('The store is not brought up yet.'));
  const rows = definition.open(adapterFor(pool, library.name), turns);
  // The hub's own questions: they come first, and none is put to a database that cannot be used.
  const ask = (sql: string, values: readonly unknown[]) =>
    turns.take(async () => {
      const answer = pool.query(sql, [...values]);
      // Nobody may be asking the library anything; that its database is gone is noticed all the same.
      answer.catch(readiness.doubt);
      return (await answer).rows;
    });
  const look = lookAtStore(pool, library.name);

  // What the owner signs, it signs for whom it knows by their own token.
  const tokens = openTokenReader(settings.identity, (error) => log.warn({ err: error }, 'the keys of the identity provider cannot be had'));
  const ownerKeys = openOwnerKeys(settings.dataDir, library.name, (error) => logKeyTrouble(log, error));
  const prepared = Promise.withResolvers<void>();
  const grants = openLibraryGrants({
    library,
    ask,
    connect: () => openListener(settings, library.name),
    prepared: prepared.promise,
    keys: ownerKeys,
    marks: openHeadMarks(settings.dataDir, library.name),
    purposes: options.purposes ?? UNNAMED_PURPOSES,
    log,
    maxAgeMs: settings.revocationsMaxAgeMs,
    doubt: (error) => readiness.doubt(error),
  });
  const readiness = watchStore({
    prepare: async () => {
      await ensureDatabase(settings, library.name);
      const outcome = await applyMigrations(openLibraryFolder(library.name), pool);
      if (outcome.kind === 'refused') throw new StoreRefused(outcome.reason);
      for (const migration of outcome.applied) log.info({ migration }, 'migration applied');
      await ensureSeedTable(pool);
      await ensureGrantTables(pool);
      prepared.resolve();
    },
    look: async () => {
      await look();
      return (await isFilled(pool, library.name, options.waitsForRows ?? false)) ? 'READY' : 'SEEDING';
    },
    onDown: (cause) => turns.close(new NotUp('The database cannot be used.', { cause })),
    onUp: async () => {
      turns.open();
      await grants.refresh().catch((error: unknown) => {
        // What is not granted is answered all the same.
        if (!(error instanceof UntrustedList)) throw error;
      });
    },
    endsRefused: true,
    log,
    intervalMs: settings.healthIntervalMs,
    signal: closing.signal,
  });
  // A department's own rows are as fresh as the clock says, always; those of a filling of the hub's own unless its day is to stand still.
  const asOfMs = async () => {
    const seeded = settings.isDayStill ? await turns.take(() => readSeedState(pool, library.name)) : null;
    return seeded?.asOf ? Date.parse(seeded.asOf) : Date.now();
  };
  const plan = planHoldings(facts, readModelsOf(openLibraryFolder(library.name)), definition.stored);
  const accessFacts = readAccessFacts(facts);
  const accessOf = settings.warrantCheck ? keepAccessSets({ facts: accessFacts, grants }) : () => EVERYTHING_VISIBLE;
  const ownRows = (person: string, access: AccessSet) => askOwnRows(rows, person, access);
  const apollo = await openGraphQL({
    library: library.name,
    schema: buildLibrarySchema(library, definition, settings.maxValues),
    rules: readArgumentFormats([library]),
    facts,
    log,
    doubt: readiness.doubt,
  });
  figures.watch({ state: readiness.state, pool, waiting: turns.waiting });
  const app = answerHttp({
    observe: { log, figures, mayMeasure, tracing: options.tracing ?? NO_TRACING },
    library: library.name,
    apollo,
    state: readiness.state,
    door,
    accessOf,
    makeLoaders: rows.makeLoaders,
    verificationsFor: openVerifications({
      name: library.name,
      mostMismatches: settings.mismatches,
      keys: { current: ownerKeys.current, receiptSecret: readOnce(() => openReceiptKey(settings.dataDir, library.name)) },
    }),
    cursors: openSealedCursors(() => openCursorKey(settings.dataDir, library.name)),
    personKey: library.personKeys ? (idNumber) => askPersonKey(rows, idNumber) : null,
    tellOwnRows: rows.ownRows
      ? async (caller, to) => {
          const { person } = caller;
          const keys = await ownRows(person, accessOf(caller, null));
          return signOwnRows({ from: library.name, to, person, keys }, await ownerKeys.current());
        }
      : null,
    ownRowsOf: makeOwnRows({
      ...{ library: library.name, sharing: facts, facts: accessFacts, doubt: readiness.doubt },
      ownRows: (caller) => ownRows(caller.person, accessOf(caller, null)),
    }),
    quality: openQualityDesk(library.name, facts, { ask, asOfMs }),
    holdings: keepHoldings({ library: library.name, plan, ask, asOfMs, log, signal: closing.signal }),
    routes: (serve) =>
      grants.answerBy(serve, {
        readToken: tokens.read,
        isReady: () => readiness.state() === 'READY',
        doubt: readiness.doubt,
      }),
    onTimeout: () => void readiness.doubt(),
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
    await rows.close();
    await pool.end();
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

/** Rows elsewhere that a person's own row here leads to, by fields that are shown to themselves. */
async function askOwnRows({ ownRows }: OpenLibrary, person: string, access: AccessSet): Promise<OwnKeysByType> {
  if (!ownRows) throw new Error('The SDL says that this library tells own rows, and it defines no ownRows.');
  return ownRows(person, (type, field) => access.ofField(type, field).refusal === null);
}

/** The keys of the owners that tell this library which of its rows are a person's own. */
async function openTellers(library: string, facts: SharingFacts, { dataDir }: Settings, log: Logger) {
  const others = [...tellersOf(facts)].filter((name) => name !== library);
  const opened = others.map(
    async (name) => [name, await openOwnerCheckingKeys(dataDir, name, (error) => logKeyTrouble(log, error))] as const,
  );
  return new Map(await Promise.all(opened));
}

/** Bound of one statement on a PostgreSQL server; the embedded one is bounded by the time of the request. */
const STATEMENT_TIMEOUT_MS = 10_000;

/** What is asked of a store that is not up, or cannot be used: why stands in the log. */
class NotUp extends Error {
  readonly code = 'STORE_NOT_UP';
}
