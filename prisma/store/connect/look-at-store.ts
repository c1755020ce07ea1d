import type { Pool } from 'pg';
import { InTrouble, readTrouble } from './database-trouble.ts';
import { inTransaction } from './in-transaction.ts';
import { schemaOf } from './library-names.ts';

type Statement = Readonly<{ text: string; values?: unknown[] }>;

/** A look at a damaged page or a refused table has to be at that very one. */
const OF_WHAT_IS_READ = /^(58|XX|F0|42501|42P01)/;
const DISK_FULL = '53100';
const READ_ONLY = '25006';
/** A megabyte: what is free for a moment while others fail for want of it is not enough. */
const ROWS_WRITTEN = 20_000;

/**
 * Watches the statements of a pool. @returns what looks whether its database takes connections and writes (an owner who cannot write cannot revoke
 * a grant either), and reads what it could not read last: the statement that met damage is put again until it is answered, and after a full
 * disk a megabyte is written, and rolled back. That throws what the database says, or InTrouble where it takes no writes.
 */
export function lookAtStore(pool: Pool, library: string): () => Promise<void> {
  let unread: Statement | null = null;
  let isFull = false;
  noteTroubles(pool, (statement, code) => {
    isFull ||= code === DISK_FULL;
    if (OF_WHAT_IS_READ.test(code) && /^\s*(SELECT|WITH)\b/i.test(statement.text)) unread ??= statement;
  });

  return async () => {
    const { rows } = await pool.query<{ isReadOnly: boolean }>(`SELECT current_setting('transaction_read_only') = 'on' AS "isReadOnly"`);
    if (rows[0]?.isReadOnly) throw new InTrouble(READ_ONLY);
    if (unread) {
      await pool.query({ ...unread, rowMode: 'array' }).catch(throwTrouble);
      unread = null;
    }
    if (isFull) {
      await writeMuch(pool, library);
      isFull = false;
    }
  };
}

/** What is asked again may have become another question's fault, as when a migration took a column: then it says nothing of the database. */
function throwTrouble(error: unknown): void {
  if (readTrouble(error)) throw error;
}

async function writeMuch(pool: Pool, library: string): Promise<void> {
  const table = `"${schemaOf(library)}"._write_check`;
  await inTransaction(
    pool,
    (client) => client.query(`CREATE TABLE ${table} AS SELECT * FROM generate_series(1, ${ROWS_WRITTEN})`),
    () => false,
  );
}

/** Tells of each statement of a pool that met trouble with the database, and of the code. */
function noteTroubles(pool: Pool, note: (statement: Statement, code: string) => void): void {
  const query = pool.query;
  const noted = (...asked: unknown[]): unknown => {
    const answer: unknown = Reflect.apply(query, pool, asked);
    if (answer instanceof Promise) {
      answer.catch((error: unknown) => {
        const code = readTrouble(error)?.code;
        if (code) note(statementOf(asked), code);
      });
    }
    return answer;
  };
  Object.assign(pool, { query: noted });
}

function statementOf([question, values]: readonly unknown[]): Statement {
  if (typeof question === 'string') return { text: question, ...(Array.isArray(values) && { values }) };
  // As `pg` takes it.
  const { text, values: given } = question as Statement;
  return { text, ...(given && { values: given }) };
}
