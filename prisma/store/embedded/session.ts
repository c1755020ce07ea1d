import type { PGlite } from '@electric-sql/pglite';

/** The one session of a PGlite. */
export type Session = Readonly<{
  /**
   * Runs messages and returns what PostgreSQL answers; takes as long as they take.
   * @throws what ended PostgreSQL: a PANIC, a FATAL or a trap of its WebAssembly. The session is of no use after it, nor is its process.
   */
  run(messages: Uint8Array): Buffer;
  /** How many statements have failed so far. */
  failedStatements(): number;
}>;

/** What is used of PGlite's WebAssembly: its shadow stack, and the functions through which a round of the protocol goes. */
type Wasm = {
  /** A WebAssembly.Global. */
  readonly ___stack_pointer: { value: number };
  readonly _pgl_getPGliteExitStatus: () => number;
} & Record<(typeof entrances)[number], (...values: number[]) => unknown>;

const entrances = [
  '_PostgresMainLoopOnce',
  '_PostgresMainLongJmp',
  '_PostgresSendReadyForQueryIfNecessary',
  '_pgl_pq_flush',
  // Asked by PGlite whenever the first of these throws; it goes on in the loop whatever the answer is.
  '_pgl_setPGliteExitStatus',
] as const satisfies readonly `_${string}`[];

/** PGlite's POSTGRES_MAIN_LONGJMP: a statement failed, and PostgreSQL jumps back to its main loop. */
const STATEMENT_FAILED = 100;

/**
 * Opens the session of a PGlite, and mends what PGlite leaves undone when a statement fails. PostgreSQL then jumps out of everything it was
 * in by an exception that JavaScript catches, and nobody puts the stack's pointer back where it was: each error took some kilobyte of the
 * megabytes there are, and after about 1,700 everything was too deep for it (54001), for good. What is no such jump PGlite takes no notice
 * of; it is thrown here.
 */
export function openSession(database: PGlite): Session {
  // PGlite's type of its module leaves out most of what is in it; the global and all functions are exported by name.
  const wasm = database.Module as unknown as Wasm;
  let failedStatements = 0;
  let end: Readonly<{ cause: unknown }> | null = null;

  for (const name of entrances) {
    const enter = wasm[name];
    wasm[name] = (...values) => {
      if (end !== null) throw end.cause;
      const stackPointer = wasm.___stack_pointer.value;
      try {
        return enter(...values);
      } catch (error) {
        // As Emscripten's own invoke_… functions do where an exception passes them.
        wasm.___stack_pointer.value = stackPointer;
        if (name === '_PostgresMainLoopOnce' && wasm._pgl_getPGliteExitStatus() === STATEMENT_FAILED) failedStatements += 1;
        else end = { cause: error };
        throw error;
      }
    };
  }

  return {
    failedStatements: () => failedStatements,
    run: (messages) => {
      const answer: Buffer[] = [];
      // Runs to its end before it returns; what it promises is the file system's sync, which a folder of the disk has no need of,
      // and what made it fail, which is kept above.
      database.execProtocolRawStream(messages, { syncToFs: false, onRawData: (bytes) => answer.push(Buffer.from(bytes)) }).catch(() => {});
      if (end !== null) throw new Error('PostgreSQL has ended', end);
      return oneReadyForQuery(answer.length === 1 && answer[0] !== undefined ? answer[0] : Buffer.concat(answer));
    },
  };
}

/**
 * An answer without the second ReadyForQuery that PGlite puts behind the first when a statement of the extended protocol fails. A client takes
 * it for the end of its next statement, which then seems to have no rows.
 */
function oneReadyForQuery(answer: Buffer): Buffer {
  const isTwice = endsWithReadyForQuery(answer) && endsWithReadyForQuery(answer.subarray(0, -READY_FOR_QUERY_BYTES));
  return isTwice ? answer.subarray(0, -READY_FOR_QUERY_BYTES) : answer;
}

const READY_FOR_QUERY_BYTES = 6;

function endsWithReadyForQuery(answer: Buffer): boolean {
  const at = answer.length - READY_FOR_QUERY_BYTES;
  // What else ends an answer, ends with a zero byte, not with a state.
  return at >= 0 && answer[at] === 'Z'.charCodeAt(0) && answer.readUInt32BE(at + 1) === 5 && answer[at + 5] !== 0;
}
