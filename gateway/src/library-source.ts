import type { GraphQLDataSource } from '@apollo/gateway';
import type { AccessSet } from '@longyuan/schema/src/access/access-set.ts';
import { type Caller, PUBLIC } from '@longyuan/schema/src/access/caller.ts';
import type { ErrorCode } from '@longyuan/schema/src/error-codes.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { SigningKeys } from '@longyuan/trust/follow-keys.ts';
import type { CheckingKey } from '@longyuan/trust/keys.ts';
import type { Warrant } from '@longyuan/trust/warrant.ts';
import type { GraphQLFormattedError } from 'graphql';
import { Client, Pool } from 'undici';
import type { AccessExplanation } from './access/explain-access.ts';
import type { CallEnding } from './call-library.ts';
import { type LibraryRooms, openRooms } from './fairness/library-rooms.ts';
import { DEPARTMENT_WEIGHT, type Place, placeOf } from './fairness/place-of-caller.ts';
import type { FetchShape } from './fetch-shape.ts';
import type { CallersGrants } from './grants/grant-desk.ts';
import type { LibraryTls } from './library-address.ts';
import { readLibraryAnswer } from './library-answer.ts';
import type { LibraryHealth, LibraryState } from './library-health.ts';
import type { Quality } from './quality/open-quality.ts';
import { type AnswerLimits, type RequestBudget, remainingMs, spendAnswer } from './request-budget.ts';
import { type OrderedCall, openSealedCalls, openUnsealedCalls, type SealedCalls } from './sealed-calls.ts';
import type { ErrorWords } from './word-errors.ts';

/** What the gateway's resolvers' place, the data sources, know of a request. */
export type GatewayContext = {
  caller: Caller;
  /** The hub's address as the caller knows it. */
  publicAddress: string;
  /** Code of the service item that the call named, if any. */
  purpose: string | null;
  access: AccessSet;
  /** What would become of another operation of the same caller. */
  explain: (asked: Readonly<{ query: string; purpose?: string | null; variables?: string | null }>) => AccessExplanation;
  /** What is known of the quality of data; null where there is no directory to keep it. */
  quality: Quality | null;
  /** What the caller may ask about grants, and have written down of them. */
  grants: CallersGrants;
  budget: RequestBudget;
};

/** The way to one library, for as long as the gateway runs. */
export type LibrarySource = GraphQLDataSource<GatewayContext> & Readonly<{ close(): Promise<void> }>;
/** The way to a library of the hub, by which the hub puts questions of its own too. */
export type LibraryWay = LibrarySource &
  Readonly<{
    /** Calls for callers, who share the library's connections. */
    callSealed: SealedCalls;
    /** Calls of the hub's own, over connections that no caller's call can hold. */
    callForHub: SealedCalls;
    /** Callers' requests that wait for a connection. */
    waitingRequests(): number;
    /** For questions that the library holds open: on a connection of its own, so that they take none of those that callers wait for. */
    callHeld: SealedCalls;
    /**
     * Puts a question of the hub itself at another path, under a warrant for one thing alone (`item`). The parsed answer, whose shape is
     * for the asker to check; null where the library does not answer with 200 in time.
     */
    askForHub(path: string, item: string, question: unknown, requestId: string): Promise<unknown>;
  }>;

type Answer = Awaited<ReturnType<GraphQLDataSource['process']>>;

/** Connections to one library for callers; more calls than these wait in their rooms. */
const CONNECTIONS = 32;
/** Connections for what the hub asks for itself: grants, who asks, holdings, quality. One more is for agreeing on a seal. */
const CONNECTIONS_OF_HUB = 4;
/** What the hub asks for itself, each kind of question in a room of its own. */
const roomOfHub = (path: string): Place => ({ room: path, who: 'the hub', weight: DEPARTMENT_WEIGHT, isPublic: false });
/** Cost from which on an operation's calls may well take a library long. */
const LARGE_COST = 1_000;
/** A library that had a call for less time than this is not the one that was late with it. */
const LEAST_TIME = 1 / 2;
/** No library is listened to for longer, whatever the limits of an operation are. */
const MAX_ANSWER_BYTES = 16_000_000;

/**
 * Opens the way to one library. A fetch of the plan becomes one HTTP call that carries a warrant for this library alone; whatever goes
 * wrong becomes LIBRARY_UNAVAILABLE or LIBRARY_TIMEOUT on the fields that were asked for, and the rest of the plan goes on.
 */
export function openLibrary(
  library: Pick<Library, 'name' | 'title'>,
  way: Readonly<{
    url: string;
    tls: LibraryTls;
    timeoutMs: number;
    limits: AnswerLimits;
    health: LibraryHealth;
    readFetch: (query: string) => FetchShape;
    /** Says what the library's errors say. */
    words: ErrorWords;
    warrantFor: (warrant: Warrant) => string | Promise<string>;
    /** False over the embedded demo with its warrant check switched off: calls carry no warrant and no seal. */
    isSealed: boolean;
    warrantKeys: SigningKeys;
    /** The key of this id with which the owner of a library signs. */
    findOwnerKey: (library: string, kid: string) => Promise<CheckingKey | null>;
    log: Logger;
  }>,
): LibraryWay {
  const { name } = library;
  // Our own timer bounds each call; undici's are too coarse.
  const openPool = (connections: number): Pool =>
    new Pool(way.url, { connections, headersTimeout: 0, bodyTimeout: 0, allowH2: false, connect: way.tls });
  const [pool, poolOfHub] = [openPool(CONNECTIONS), openPool(CONNECTIONS_OF_HUB + 1)];
  const apart = new Client(way.url, { headersTimeout: 0, bodyTimeout: 0, allowH2: false, connect: way.tls });
  const [rooms, roomsOfHub] = [openRooms(CONNECTIONS), openRooms(CONNECTIONS_OF_HUB)];
  const callOver = way.isSealed ? openSealedCalls(name, { ...way, dispatcher: poolOfHub }) : openUnsealedCalls;
  const callSealed = inRooms(rooms, callOver(pool), ({ warrant, place = placeOf(warrant.caller, '') }) => place);
  const callForHub = inRooms(roomsOfHub, callOver(poolOfHub), ({ path }) => roomOfHub(path));

  async function askForHub(path: string, item: string, question: unknown, requestId: string): Promise<unknown> {
    if (way.health.stateOf(name) !== 'READY') return null;
    const ending = await callForHub({
      path,
      body: JSON.stringify(question),
      // Nobody's right is needed for what the hub counts for itself, and this warrant opens nothing else.
      warrant: { caller: PUBLIC, purpose: null, items: [item] },
      requestId,
      timeoutMs: way.timeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
      cancellations: new Set(),
    });
    // The hub's own library writes the hub's own JSON.
    return ending.kind === 'answered' && ending.status === 200 ? JSON.parse(ending.text) : null;
  }

  async function call(query: string, variables: Record<string, unknown>, { caller, purpose, budget }: GatewayContext): Promise<Answer> {
    const state = way.health.stateOf(name);
    if (state !== 'READY') return refuseFields(library, way.readFetch(query), 'LIBRARY_UNAVAILABLE', unavailableBecause(state));
    const timeoutMs = Math.min(way.timeoutMs, remainingMs(budget));
    if (timeoutMs === 0 || budget.silentLibraries.has(name))
      return refuseFields(library, way.readFetch(query), 'LIBRARY_TIMEOUT', 'did not answer in time');
    const { account } = budget;
    const ending = await callSealed({
      path: '/graphql',
      body: JSON.stringify({ query, variables }),
      warrant: { caller, purpose, items: way.readFetch(query).items },
      requestId: budget.requestId,
      timeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
      cancellations: budget.cancellations,
      ...(account && { place: account.place, isLarge: account.taken() > LARGE_COST }),
    });
    return readEnding(ending, query, variables, budget);
  }

  function readEnding(ending: CallEnding, query: string, variables: Record<string, unknown>, budget: RequestBudget): Answer {
    switch (ending.kind) {
      case 'answered': {
        // 503 and 401 speak for the library, not for the operation, whatever their body says.
        const readable = ending.status === 200 || ending.status === 400;
        const tooLong = readable && spendAnswer(budget, { values: 0, bytes: Buffer.byteLength(ending.text) }, way.limits);
        if (tooLong) return { errors: [tooLong] };
        const answer = readable
          ? readLibraryAnswer(ending.text, {
              ...{ library: name, shape: way.readFetch(query), variables, words: way.words },
            })
          : null;
        const tooMany = answer && spendAnswer(budget, { values: answer.values, bytes: 0 }, way.limits);
        if (tooMany) return { errors: [tooMany] };
        if (answer) return answer.errors.length > 0 ? { data: answer.data, errors: answer.errors } : { data: answer.data };
        way.log.debug({ library: name, requestId: budget.requestId, status: ending.status }, 'library gave no answer that can be read');
        way.health.askNow(name);
        return refuseFields(library, way.readFetch(query), 'LIBRARY_UNAVAILABLE', 'gave no answer that can be read');
      }
      case 'late':
        budget.silentLibraries.add(name);
        way.health.askNow(name, 'late');
        return refuseFields(library, way.readFetch(query), 'LIBRARY_TIMEOUT', 'did not answer in time');
      case 'crowded':
        if (ending.waited) budget.silentLibraries.add(name);
        return refuseFields(
          library,
          way.readFetch(query),
          ending.waited ? 'LIBRARY_TIMEOUT' : 'LIBRARY_UNAVAILABLE',
          'has too many calls waiting',
        );
      case 'unreachable':
        way.health.askNow(name);
        return refuseFields(library, way.readFetch(query), 'LIBRARY_UNAVAILABLE', 'does not answer');
      case 'oversized':
        return refuseFields(library, way.readFetch(query), 'LIBRARY_UNAVAILABLE', 'gave an answer that is too large');
      case 'cancelled':
        return refuseFields(library, way.readFetch(query), 'LIBRARY_UNAVAILABLE', 'was not waited for: the client has left');
      default:
        return ending satisfies never;
    }
  }

  return {
    process: ({ request, context }) =>
      // The gateway types its own context loosely; this one is made in start-gateway.ts.
      call(request.query ?? '', request.variables ?? {}, context as GatewayContext),
    callSealed,
    callForHub,
    callHeld: callOver(apart),
    waitingRequests: rooms.waitingRequests,
    askForHub,
    close: async () => {
      await Promise.all([pool.destroy(), poolOfHub.destroy(), apart.destroy()]);
    },
  };
}

/** The same calls, each of which first waits in a room of the library. Its time goes on meanwhile, and the library gets what is left of it. */
function inRooms(rooms: LibraryRooms, send: SealedCalls, placeOfCall: (call: OrderedCall) => Place): SealedCalls {
  return async (call) => {
    const { timeoutMs, cancellations, isLarge = false } = call;
    const startedAtMs = performance.now();
    const entered = rooms.enter({ place: placeOfCall(call), isLarge, timeoutMs, cancellations });
    const pass = entered instanceof Promise ? await entered : entered;
    if (pass.kind === 'cancelled') return { kind: 'cancelled' };
    if (pass.kind !== 'go') return { kind: 'crowded', waited: pass.kind === 'late' };
    try {
      const leftMs = timeoutMs - (entered === pass ? 0 : performance.now() - startedAtMs);
      const ending = await send({ ...call, timeoutMs: leftMs });
      return ending.kind === 'late' && leftMs < timeoutMs * LEAST_TIME ? { kind: 'crowded', waited: true } : ending;
    } finally {
      pass.leave();
    }
  };
}

function unavailableBecause(state: Exclude<LibraryState, 'READY'>): string {
  switch (state) {
    case 'STARTING':
      return 'is starting';
    case 'SEEDING':
      return 'is being filled for the first time';
    case 'DOWN':
      return 'does not answer';
  }
}

/** One error for each field that the fetch asked for, with its place below the fetch; the gateway puts the fetch's own place before it. */
function refuseFields(library: Pick<Library, 'name' | 'title'>, fetch: FetchShape, code: ErrorCode, finding: string): Answer {
  const message = `The library ${library.name} (${library.title}) ${finding}.`;
  const errors: GraphQLFormattedError[] = fetch.fields.map((field) => ({
    message,
    path: [field],
    extensions: { code, library: library.name },
  }));
  return { errors };
}
