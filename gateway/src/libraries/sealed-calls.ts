import { clearTimeout, setTimeout } from 'node:timers';
import type { Caller } from '@longyuan/access/caller.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { offerSeal } from '@longyuan/trust/agree-seal.ts';
import { digestOf, type SealKey, sealCall } from '@longyuan/trust/call-seal.ts';
import type { SigningKeys } from '@longyuan/trust/follow-keys.ts';
import type { CheckingKey } from '@longyuan/trust/keys.ts';
import type { AnswerOf, QuestionOf, Route, Told } from '@longyuan/trust/routes/route.ts';
import { sealRoute } from '@longyuan/trust/routes/seal.ts';
import { WARRANT_HEADER, type Warrant } from '@longyuan/trust/warrant.ts';
import type { Dispatcher } from 'undici';
import type { Place } from '../request/place-of-caller.ts';
import { REQUEST_ID_HEADER } from '../request/request-budget.ts';
import { parseSafely } from './library-answer.ts';

/**
 * A call to a library on someone's behalf. `headers` beside the hub's own: `authorization` and `x-purpose` are sealed where they are there;
 * those of a trace are not, since whoever stands between may take part in it, and nothing is decided by them.
 */
export type OrderedCall = Readonly<{
  path: string;
  body: string;
  warrant: Omit<Warrant, 'library'>;
  requestId: string;
  headers?: Readonly<Record<string, string>>;
  /** With whom it shares the library's connections, where that is more than the warrant's caller says. */
  place?: Place;
  /** Whether it may well take the library long. */
  isLarge?: boolean;
}> &
  Pick<LibraryCall, 'timeoutMs' | 'maxBytes' | 'cancellations'>;

/** The calls to one library, each under a warrant and sealed. */
export type SealedCalls = (call: OrderedCall) => Promise<CallEnding>;

/** The calls to one library over the connections that are given. */
export type SealedCallsOver = (dispatcher: Dispatcher) => SealedCalls;

/** A seal key with the number of the calls that it sealed. */
type KeyInUse = { readonly key: SealKey; calls: number };

/**
 * Opens the calls to one library. The seal key is agreed on with the library before the first call, and anew when the library says that it
 * does not know it, as after a restart: once for a call, and once for all calls that find this out together. `dispatcher` is the way to
 * agree; calls may go over other connections.
 */
export function openSealedCalls(
  library: string,
  way: Readonly<{
    dispatcher: Dispatcher;
    /** How long an agreement may take. */
    timeoutMs: number;
    warrantFor: (warrant: Warrant) => string | Promise<string>;
    warrantKeys: SigningKeys;
    findOwnerKey: (library: string, kid: string) => Promise<CheckingKey | null>;
    log: Pick<Logger, 'warn' | 'info'>;
  }>,
): SealedCallsOver {
  let inUse: KeyInUse | null = null;
  let agreeing: Promise<KeyInUse | CallEnding> | null = null;

  /** Agrees on a key once for all who wait for one, or tells how that ended. A failure is not kept: the next call tries again. */
  function findKey(): Promise<KeyInUse | CallEnding> {
    agreeing ??= agree()
      .then((agreed) => {
        if (!('kind' in agreed)) inUse = agreed;
        return agreed;
      })
      .finally(() => {
        agreeing = null;
      });
    return agreeing;
  }

  async function agree(): Promise<KeyInUse | CallEnding> {
    const offer = await offerSeal(library, await way.warrantKeys.current(), (kid) => way.findOwnerKey(library, kid));
    const ending = await callLibrary(way.dispatcher, {
      method: 'POST',
      path: sealRoute.path,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ offer: offer.token } satisfies QuestionOf<typeof sealRoute>),
      timeoutMs: way.timeoutMs,
      maxBytes: 10_000,
      cancellations: new Set(),
    });
    if (ending.kind !== 'answered') return ending;
    const told = readTold(sealRoute, ending);
    const key = told.kind === 'told' ? await offer.conclude(told.answer.answer) : null;
    if (key) return { key, calls: 0 };
    const why =
      told.kind === 'told' ? 'the answer is not signed with its owner’s key' : 'the library does not accept the gateway’s warrant key';
    way.log.warn({ library, status: ending.status }, `no seal could be agreed on: ${why}`);
    return ending;
  }

  function send(
    dispatcher: Dispatcher,
    call: OrderedCall,
    { token, sealing, timeoutMs }: { token: string; sealing: KeyInUse; timeoutMs: number },
  ): Promise<CallEnding> {
    const { path, body, requestId, maxBytes, cancellations } = call;
    const headers: Record<string, string> = {
      ...call.headers,
      'content-type': 'application/json',
      [WARRANT_HEADER]: token,
      [REQUEST_ID_HEADER]: requestId,
    };
    sealing.calls += 1;
    Object.assign(headers, sealCall({ method: 'POST', path, headers, contentDigest: digestOf(body) }, sealing.key, sealing.calls));
    return callLibrary(dispatcher, { method: 'POST', path, headers, body, timeoutMs, maxBytes, cancellations });
  }

  return (dispatcher) => async (call) => {
    const endsAtMs = performance.now() + call.timeoutMs;
    for (let attempt = 1; ; attempt += 1) {
      // Both are there for most calls, which then wait for the library alone.
      const sealing = inUse ?? (await findKey());
      if ('kind' in sealing) return sealing;
      const warrant = way.warrantFor({ library, ...call.warrant });
      const token = typeof warrant === 'string' ? warrant : await warrant;
      const timeoutMs = endsAtMs - performance.now();
      if (timeoutMs <= 0) return { kind: 'late' };
      const ending = await send(dispatcher, call, { token, sealing, timeoutMs });
      if (attempt > 1 || !isSealUnknown(ending)) return ending;
      if (inUse === sealing) inUse = null;
    }
  };
}

/** Calls to a library that checks nothing, as over the embedded demo with its warrant check switched off. */
export const openUnsealedCalls: SealedCallsOver =
  (dispatcher) =>
  ({ path, body, requestId, headers, timeoutMs, maxBytes, cancellations }) =>
    callLibrary(dispatcher, {
      method: 'POST',
      path,
      headers: { ...headers, 'content-type': 'application/json', [REQUEST_ID_HEADER]: requestId },
      body,
      timeoutMs,
      maxBytes,
      cancellations,
    });

/** Whether the library refused the call because it does not know the key of its seal. */
function isSealUnknown(ending: CallEnding): boolean {
  // Read without looking at its parts: anyone may answer 401, and all it can bring about is another agreement.
  return ending.kind === 'answered' && ending.status === 401 && ending.text.includes('"SEAL_UNKNOWN"');
}

/** For whom it is asked, and how long for. */
type Order = Omit<OrderedCall, 'path' | 'body' | 'warrant'> & Readonly<{ caller: Caller }>;

/** Puts a question of the gateway's own to a library's owner, under a warrant for this route alone. */
export async function askOwner<Asked extends Route>(
  calls: SealedCalls,
  route: Asked,
  question: QuestionOf<Asked>,
  { caller, ...order }: Order,
): Promise<Told<Asked>> {
  const { path, items } = route;
  const ending = await calls({ ...order, path, body: JSON.stringify(question), warrant: { caller, purpose: null, items } });
  if (ending.kind === 'late') return { kind: 'late' };
  return ending.kind === 'answered' ? readTold(route, ending) : { kind: 'silent' };
}

/** How one HTTP call to a library ended. Expected endings are values: nothing here throws. */
export type CallEnding =
  | Readonly<{ kind: 'answered'; status: number; text: string }>
  | Readonly<{ kind: 'late' }>
  | Readonly<{ kind: 'unreachable' }>
  | Readonly<{ kind: 'oversized' }>
  /** Never sent, or sent too late: too many calls wait for this library, or this one `waited` until its time was over. */
  | Readonly<{ kind: 'crowded'; waited: boolean }>
  | Readonly<{ kind: 'cancelled' }>;

/** One HTTP call: what is sent, how long it may take in all, how large the answer may be, and who may end it. */
export type LibraryCall = Readonly<{
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body: string | null;
  timeoutMs: number;
  maxBytes: number;
  /** Holds this call's own cancellation while it runs. */
  cancellations: Set<() => void>;
}>;

/**
 * Sends one call and collects the answer. Uses undici's dispatch itself: no stream, no abort signal and no error object is made for a
 * call that goes well, and time and size are bounded exactly.
 */
export function callLibrary(dispatcher: Dispatcher, call: LibraryCall): Promise<CallEnding> {
  return new Promise((resolve) => {
    let connection: Dispatcher.DispatchController | null = null;
    let ended = false;
    let status = 0;
    let bytes = 0;
    const chunks: Buffer[] = [];
    const end = (ending: CallEnding): void => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      call.cancellations.delete(cancel);
      if (ending.kind !== 'answered') connection?.abort(ABANDONED);
      resolve(ending);
    };
    const cancel = (): void => end({ kind: 'cancelled' });
    // After a pause of this process's own, the answer may lie unread in the socket: it is read before the immediate's turn.
    const timer = setTimeout(() => setImmediate(() => end({ kind: 'late' })), call.timeoutMs);
    call.cancellations.add(cancel);
    const { method, path, headers, body } = call;
    dispatcher.dispatch(
      { method, path, headers, body },
      {
        onRequestStart(controller) {
          connection = controller;
          // Left the queue only after its time was over.
          if (ended) controller.abort(ABANDONED);
        },
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData(_controller, chunk) {
          bytes += chunk.length;
          if (bytes > call.maxBytes) end({ kind: 'oversized' });
          else chunks.push(chunk);
        },
        onResponseEnd() {
          const whole = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
          end({ kind: 'answered', status, text: whole.toString('utf8') });
        },
        onResponseError() {
          end({ kind: 'unreachable' });
        },
      },
    );
  });
}

/** The reason undici is given for an end of ours; made once, because an error costs a stack. */
const ABANDONED = new Error('The call was given up.');

/** Reads what an owner answered, which is another department's and not trusted to be well formed. */
function readTold<Asked extends Route>(route: Asked, { status, text }: Extract<CallEnding, { kind: 'answered' }>): Told<Asked> {
  const answer = parseSafely(text);
  if (typeof answer !== 'object' || answer === null || status === 401) return { kind: 'unreadable' };
  const errors = 'errors' in answer ? answer.errors : undefined;
  if (status !== 200 || errors !== undefined) return { kind: 'refused', error: Array.isArray(errors) ? errors[0] : undefined };
  const read = route.answer.safeParse(answer);
  // It is what the route's own form has read.
  return read.success ? { kind: 'told', answer: read.data as AnswerOf<Asked> } : { kind: 'unreadable' };
}
