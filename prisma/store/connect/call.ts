import { AsyncLocalStorage } from 'node:async_hooks';
import { NO_SPAN, type Span } from '@longyuan/telemetry/span.ts';

/** A caller's call while it is answered. What asks the database on its behalf finds it here, however deep, and is told of its end. */
export type Call = Readonly<{
  /** Whose it is: calls of one room share what one caller may have of the database. */
  room: string;
  about: CallAbout;
  isOver(): boolean;
  /** Nobody waits for the answer any more: what waits leaves, and what runs is ended. Once. */
  end(): void;
  /** Has something done when it ends. @returns what forgets that again. */
  onEnd(act: () => void): () => void;
}>;

/** What is told of a call: the id of its request, its part of a trace, and the codes of the errors it met. Nothing of what it asks. */
export type CallAbout = Readonly<{ requestId: string | null; span: Span; codes: Set<string> }>;

const calls = new AsyncLocalStorage<Call | null>();

export function openCall(room: string, about: CallAbout = { requestId: null, span: NO_SPAN, codes: new Set() }): Call {
  const acts = new Set<() => void>();
  let over = false;
  return {
    room,
    about,
    isOver: () => over,
    end() {
      if (over) return;
      over = true;
      for (const act of [...acts]) act();
      acts.clear();
    },
    onEnd(act) {
      acts.add(act);
      return () => acts.delete(act);
    },
  };
}

/** The call on whose behalf this runs; null: what the hub does for itself. */
export function callNow(): Call | null {
  return calls.getStore() ?? null;
}

export function duringCall<Answer>(call: Call, act: () => Answer): Answer {
  return calls.run(call, act);
}

/** Does something of the hub's own, whoever gave the occasion: it goes on when that call is over. */
export function outsideCalls<Answer>(act: () => Answer): Answer {
  return calls.run(null, act);
}

/** Does something that others wait for, too: in its caller's turn, but it goes on when the call is over. */
export function outlivingCall<Answer>(act: () => Answer): Answer {
  const call = callNow();
  return call ? calls.run(openCall(call.room, call.about), act) : act();
}
