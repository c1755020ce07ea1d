import type { GraphQLDataSource } from '@apollo/gateway';
import { PUBLIC } from '@longyuan/access/caller.ts';
import type { InnerSubgraph, MountedSubgraph } from '@longyuan/inner/inner-subgraph.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { SigningKeys } from '@longyuan/trust/follow-keys.ts';
import type { CheckingKey } from '@longyuan/trust/keys.ts';
import type { QuestionOf, Route, Told } from '@longyuan/trust/routes/route.ts';
import type { Warrant } from '@longyuan/trust/warrant.ts';
import type { GraphQLFormattedError } from 'graphql';
import { Client, Pool } from 'undici';
import { type LibraryRooms, openRooms } from '../fairness/library-rooms.ts';
import type { AskerOf, GatewayContext } from '../request/gateway-context.ts';
import { DEPARTMENT_WEIGHT, type Place, placeOf } from '../request/place-of-caller.ts';
import { type AnswerLimits, readRequestId, remainingMs, spendAnswer } from '../request/request-budget.ts';
import { type FetchShape, makeFetchReader } from './fetch-shape.ts';
import type { OwnRowsFor } from './keep-own-rows.ts';
import type { LibraryTls } from './library-address.ts';
import { readLibraryAnswer } from './library-answer.ts';
import type { LibraryHealth, LibraryState } from './library-health.ts';
import { askOwner, type CallEnding, type OrderedCall, openSealedCalls, openUnsealedCalls, type SealedCalls } from './sealed-calls.ts';
import type { ErrorWords } from './word-errors.ts';

/** How a fetch from a library ended: it was answered, or why not. */
export type FetchOutcome =
  | 'answered'
  | 'unreadable'
  | 'late'
  | 'crowded'
  | 'unreachable'
  | 'oversized'
  | 'cancelled'
  | 'not_ready'
  | 'given_up';

/** The way to one library, for as long as the gateway runs. */
export type LibrarySource = GraphQLDataSource<GatewayContext> & Readonly<{ close(): Promise<void> }>;
/** The way to a library of the hub, by which the hub puts questions of its own too. */
export type LibraryWay = LibrarySource &
  Readonly<{
    /** Calls for callers, who share the library's connections. */
    callSealed: SealedCalls;
    /** Calls of the hub's own, over connections that no caller's call can hold. */
    callForHub: SealedCalls;
    /** Callers' calls that are under way and that wait for a connection, and in how many rooms. */
    load: LibraryRooms['load'];
    /** Callers' requests that wait for a connection. */
    waitingRequests(): number;
    /** For questions that the library holds open: on a connection of its own, so that they take none of those that callers wait for. */
    callHeld: SealedCalls;
    /** Puts a question of the hub itself, for nobody's sake; `silent` while the library is not ready. */
    ask<Asked extends Route>(route: Asked, question: QuestionOf<Asked>): Promise<Told<Asked>>;
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
    /** What other libraries sign of the caller's own rows here, for calls that ask for such. */
    ownRowsFor: OwnRowsFor;
    /** False over the embedded demo with its warrant check switched off: calls carry no warrant and no seal. */
    isSealed: boolean;
    warrantKeys: SigningKeys;
    /** The key of this id with which the owner of a library signs. */
    findOwnerKey: (library: string, kid: string) => Promise<CheckingKey | null>;
    /** Told how each fetch for a caller ended, and how long it was waited for. */
    onFetch: (outcome: FetchOutcome, seconds: number) => void;
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

  async function ask<Asked extends Route>(route: Asked, question: QuestionOf<Asked>): Promise<Told<Asked>> {
    if (way.health.stateOf(name) !== 'READY') return { kind: 'silent' };
    return askOwner(callForHub, route, question, {
      // Nobody's right is needed for what the hub counts for itself.
      ...{ caller: PUBLIC, requestId: readRequestId(undefined) },
      ...{ timeoutMs: way.timeoutMs, maxBytes: MAX_ANSWER_BYTES, cancellations: new Set() },
    });
  }

  async function call(query: string, variables: Record<string, unknown>, context: GatewayContext): Promise<Answer> {
    const { caller, purpose, budget } = context;
    const state = way.health.stateOf(name);
    if (state !== 'READY') {
      way.onFetch('not_ready', 0);
      return refuseFields(library, way.readFetch(query), unavailableBecause(state));
    }
    const timeoutMs = Math.min(way.timeoutMs, remainingMs(budget));
    if (timeoutMs === 0 || budget.silentLibraries.has(name)) {
      way.onFetch('given_up', 0);
      return refuseFields(library, way.readFetch(query), 'LIBRARY_LATE');
    }
    const { account } = budget;
    const { items } = way.readFetch(query);
    const span = budget.span.call(`fetch ${name}`, { 'longyuan.library': name });
    const startedAtMs = performance.now();
    const told = way.ownRowsFor({ library: name, caller, items, requestId: budget.requestId, timeoutMs });
    const own = told instanceof Promise ? await told : told;
    const ending = await callSealed({
      path: '/graphql',
      body: JSON.stringify({ query, variables }),
      warrant: { caller, purpose, items, ...(own.length > 0 && { own }) },
      requestId: budget.requestId,
      timeoutMs: timeoutMs - (told === own ? 0 : performance.now() - startedAtMs),
      maxBytes: MAX_ANSWER_BYTES,
      cancellations: budget.cancellations,
      headers: span.headers(),
      ...(account && { place: account.place, isLarge: account.taken() > LARGE_COST }),
    });
    const outcome = ending.kind === 'answered' && !isReadable(ending) ? 'unreadable' : ending.kind;
    way.onFetch(outcome, (performance.now() - startedAtMs) / 1_000);
    span.set({ 'longyuan.outcome': outcome });
    span.end(outcome === 'answered' ? undefined : outcome);
    return readEnding(ending, query, variables, context);
  }

  function readEnding(ending: CallEnding, query: string, variables: Record<string, unknown>, context: GatewayContext): Answer {
    const { budget, access } = context;
    switch (ending.kind) {
      case 'answered': {
        // 503 and 401 speak for the library, not for the operation, whatever their body says.
        const readable = isReadable(ending);
        const tooLong = readable && spendAnswer(budget, { values: 0, bytes: Buffer.byteLength(ending.text) }, way.limits);
        if (tooLong) return { errors: [tooLong] };
        const answer = readable
          ? readLibraryAnswer(ending.text, {
              ...{ library: name, shape: way.readFetch(query), variables },
              words: (error, asked) => way.words(error, { ...asked, standing: access.standing }),
            })
          : null;
        const tooMany = answer && spendAnswer(budget, { values: answer.values, bytes: 0 }, way.limits);
        if (tooMany) return { errors: [tooMany] };
        if (answer) return answer.errors.length > 0 ? { data: answer.data, errors: answer.errors } : { data: answer.data };
        way.log.debug({ library: name, requestId: budget.requestId, status: ending.status }, 'library gave no answer that can be read');
        way.health.askNow(name);
        return refuseFields(library, way.readFetch(query), 'LIBRARY_UNREADABLE');
      }
      case 'late':
        budget.silentLibraries.add(name);
        way.health.askNow(name, 'late');
        return refuseFields(library, way.readFetch(query), 'LIBRARY_LATE');
      case 'crowded':
        if (ending.waited) budget.silentLibraries.add(name);
        return refuseFields(library, way.readFetch(query), ending.waited ? 'LIBRARY_TURN_LATE' : 'LIBRARY_CROWDED');
      case 'unreachable':
        way.health.askNow(name);
        return refuseFields(library, way.readFetch(query), 'LIBRARY_SILENT');
      case 'oversized':
        return refuseFields(library, way.readFetch(query), 'LIBRARY_OVERSIZED');
      case 'cancelled':
        return refuseFields(library, way.readFetch(query), 'LIBRARY_LEFT');
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
    load: rooms.load,
    waitingRequests: rooms.waitingRequests,
    ask,
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

/** Whether it is an answer to the operation. */
function isReadable({ status }: Extract<CallEnding, { kind: 'answered' }>): boolean {
  return status === 200 || status === 400;
}

function unavailableBecause(state: Exclude<LibraryState, 'READY'>) {
  switch (state) {
    case 'STARTING':
      return 'LIBRARY_STARTING';
    case 'SEEDING':
      return 'LIBRARY_SEEDING';
    case 'DOWN':
      return 'LIBRARY_SILENT';
  }
}

/** One error for each field that the fetch asked for, with its place below the fetch; the gateway puts the fetch's own place before it. */
function refuseFields(library: Pick<Library, 'name' | 'title'>, fetch: FetchShape, id: Ended): Answer {
  const { message, extensions } = refuse(id, { library: library.name, title: library.title }, { library: library.name });
  return { errors: fetch.fields.map((field): GraphQLFormattedError => ({ message, path: [field], extensions })) };
}

/** How a call to a library can end without an answer. */
type Ended =
  | ReturnType<typeof unavailableBecause>
  | 'LIBRARY_LATE'
  | 'LIBRARY_UNREADABLE'
  | 'LIBRARY_OVERSIZED'
  | 'LIBRARY_CROWDED'
  | 'LIBRARY_TURN_LATE'
  | 'LIBRARY_LEFT';

/** The way to an inner subgraph: a call in this process, with its part of the trace and within the bounds of what a request may bring. */
export function openInnerSource(
  { subgraph, close }: InnerSubgraph,
  { answer }: Pick<MountedSubgraph, 'answer'>,
  askerOf: AskerOf,
  limits: AnswerLimits,
): LibrarySource {
  const readFetch = makeFetchReader(subgraph);
  return {
    async process({ request: { query = '', variables = {} }, context }) {
      // The gateway types its own context loosely; this one is made in start-gateway.ts.
      const { budget } = context as GatewayContext;
      const span = budget.span.begin(`fetch ${subgraph.name}`, { 'longyuan.library': subgraph.name });
      const { data, errors } = await answer({ query, variables }, askerOf(context as GatewayContext, span)).finally(() => span.end());
      const values = data ? (readFetch(query).hold(data, variables)?.values ?? 0) : 0;
      const passed = spendAnswer(budget, { values, bytes: 0 }, limits);
      if (passed) return { errors: [passed] };
      return { data, ...(errors.length > 0 && { errors: [...errors] }) };
    },
    close,
  };
}
