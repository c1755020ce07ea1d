import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { readTrouble } from '@longyuan/prisma/store/connect/database-trouble.ts';
import type { Listener } from '@longyuan/prisma/store/connect/open-listener.ts';
import { type Ask, CHANGES } from '@longyuan/prisma/store/grants/grant-store.ts';

/** Whether changes of other processes are heard of as they are made, and the connection on which they are. */
export type ChangeListener = Readonly<{
  isListening(): boolean;
  /** Asks on that connection, behind none of the callers' statements; null while there is none. */
  ask: Ask | null;
  close(): void;
}>;

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Listens (LISTEN) for what processes of the library tell each other of its grants, on a connection of its own that `connect` opens. What was
 * said while there was no connection is not heard, so `onChange` is called whenever there is one again. Nothing depends on hearing: whoever
 * keeps the list looks by itself, too.
 */
export function listenForChanges(parts: {
  library: string;
  connect: () => Promise<Listener>;
  /** Resolves once there is something to listen to. */
  prepared: Promise<void>;
  onChange: () => void;
}): ChangeListener {
  const closing = new AbortController();
  let client: Listener | null = null;
  let isListening = false;

  async function listen(): Promise<void> {
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    const opened = await parts.connect();
    client = opened;
    if (closing.signal.aborted) return opened.end();
    opened.on('error', () => resolve());
    opened.on('end', () => resolve());
    opened.on('notification', ({ payload }) => {
      if (payload === parts.library) parts.onChange();
    });
    try {
      await opened.query(`LISTEN ${CHANGES}`);
      isListening = true;
      parts.onChange();
      if (!closing.signal.aborted) await gone;
    } finally {
      isListening = false;
      client = null;
      await opened.end().catch(() => {});
    }
  }

  async function follow(): Promise<void> {
    await Promise.race([parts.prepared, once(closing.signal, 'abort')]);
    for (let pauseMs = FIRST_PAUSE_MS; !closing.signal.aborted; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const startedAtMs = performance.now();
      // That the database is gone is told by whoever looks there.
      await listen().catch(() => {});
      if (performance.now() - startedAtMs > LONGEST_PAUSE_MS) pauseMs = FIRST_PAUSE_MS;
      await wait(pauseMs, undefined, { signal: closing.signal, ref: false }).catch(() => {});
    }
  }

  void follow();
  async function askThere(opened: Listener, sql: string, values: readonly unknown[]) {
    try {
      return (await opened.query(sql, [...values])).rows;
    } catch (error) {
      // A connection on which nothing comes back is as good as none: another is opened.
      if (readTrouble(error) !== null) void opened.end().catch(() => {});
      throw error;
    }
  }

  return {
    isListening: () => isListening,
    get ask(): Ask | null {
      const opened = client;
      return opened && isListening ? (sql, values) => askThere(opened, sql, values) : null;
    },
    // A connection that is being made ends as soon as it is.
    close: () => {
      closing.abort();
      void client?.end().catch(() => {});
    },
  };
}
