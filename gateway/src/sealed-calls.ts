import type { Logger } from '@longyuan/settings/log.ts';
import { offerSeal } from '@longyuan/trust/agree-seal.ts';
import { digestOf, type SealKey, sealCall } from '@longyuan/trust/call-seal.ts';
import type { SigningKeys } from '@longyuan/trust/follow-keys.ts';
import type { CheckingKey } from '@longyuan/trust/keys.ts';
import type { QuestionOf } from '@longyuan/trust/routes/route.ts';
import { sealRoute } from '@longyuan/trust/routes/seal.ts';
import { WARRANT_HEADER, type Warrant } from '@longyuan/trust/warrant.ts';
import type { Dispatcher } from 'undici';
import { readTold } from './ask-owner.ts';
import { type CallEnding, callLibrary, type LibraryCall } from './call-library.ts';
import type { Place } from './fairness/place-of-caller.ts';
import { REQUEST_ID_HEADER } from './request-id.ts';

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
