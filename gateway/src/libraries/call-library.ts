import { clearTimeout, setTimeout } from 'node:timers';
import type { Dispatcher } from 'undici';

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
