import type { IncomingHttpHeaders } from 'node:http';
import { mayHoldPerson } from './plain-name.ts';

/** What is known of a part of the work. Never whose it is, nor a value of it: who reads traces is not who may read data. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A part of the work on a request, as a trace shows it. Without tracing it is one object that does nothing. */
export type Span = Readonly<{
  /** Of the trace that it belongs to; null: of none. */
  traceId: string | null;
  /** Begins a part of this one; `sinceMs`: of `performance.now()`, where it began before. */
  begin(name: string, attributes?: Attributes, sinceMs?: number): Span;
  /** Begins a part that somebody else answers: a library, a database. */
  call(name: string, attributes?: Attributes): Span;
  set(attributes: Attributes): void;
  /** Ends it; `failure` is the code of what went wrong. */
  end(failure?: string): void;
  /** The headers that whoever is called takes the trace on by (W3C Trace Context). */
  headers(): Readonly<Record<string, string>>;
}>;

/** Where traces begin: what a request came in with becomes its span. */
export type Tracing = Readonly<{
  take(name: string, headers: IncomingHttpHeaders, sinceMs?: number): Span;
  /** Sends what waits, for a moment at most. */
  close(): Promise<void>;
}>;

const NO_HEADERS = Object.freeze({});

/** No trace. */
export const NO_SPAN: Span = spanOf(null, NO_HEADERS);

/** Nothing is traced here; a trace that somebody before the hub began is passed on to whoever the hub calls, as it came. */
export const NO_TRACING: Tracing = Object.freeze({
  take: (_name: string, headers: IncomingHttpHeaders) => (headers['traceparent'] === undefined ? NO_SPAN : passOn(headers)),
  close: async () => {},
});

/** `version-traceid-parentid-flags`; an id of zeros is none. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?<traceId>(?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const MOST_STATE = 512;

function passOn({ traceparent, tracestate }: IncomingHttpHeaders): Span {
  const traceId = typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent)?.groups?.['traceId'] : undefined;
  if (typeof traceparent !== 'string' || traceId === undefined) return NO_SPAN;
  const state = stateIn(tracestate);
  return spanOf(traceId, state === null ? { traceparent } : { traceparent, tracestate: state });
}

/** What others keep of a trace for themselves, where it may go on; null: it is too long, or a number of a person may be in it. */
export function stateIn(tracestate: IncomingHttpHeaders[string]): string | null {
  return typeof tracestate === 'string' && tracestate.length <= MOST_STATE && !mayHoldPerson(tracestate) ? tracestate : null;
}

function spanOf(traceId: string | null, headers: Readonly<Record<string, string>>): Span {
  const span: Span = Object.freeze({ traceId, begin: () => span, call: () => span, set: () => {}, end: () => {}, headers: () => headers });
  return span;
}
