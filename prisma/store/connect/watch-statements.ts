import { AsyncResource } from 'node:async_hooks';
import type { Logger } from '@longyuan/settings/log.ts';
import type { Span } from '@longyuan/telemetry/span.ts';
import type pg from 'pg';
import { callNow } from './call.ts';

export type Watching = Readonly<{
  log: Logger;
  /** Told of every statement as it is sent, without its values. */
  onStatement?: (sql: string) => void;
  /** Told how long each statement took, and whether it failed. */
  onAnswer?: (seconds: number, hasFailed: boolean) => void;
}>;
type Done = (error?: unknown) => void;

/**
 * Has each statement of a pool told as it is sent and as it is answered: to whoever asked for it, to the log (debug), and to the trace of the call on
 * whose behalf it is put. A statement is told as it was written, and its values never.
 */
export function watchStatements(pool: pg.Pool, { log, onStatement, onAnswer }: Watching): void {
  keepCallers(pool);
  const isLogged = log.isLevelEnabled('debug');
  const begin = (sql: string): Done => {
    onStatement?.(sql);
    if (isLogged) log.debug({ sql }, 'statement');
    const span = spanOf(sql);
    const startedAtMs = performance.now();
    return (error) => {
      const hasFailed = error !== undefined && error !== null;
      onAnswer?.((performance.now() - startedAtMs) / 1_000, hasFailed);
      span?.end(hasFailed ? codeOf(error) : undefined);
    };
  };
  pool.on('connect', (client) => watch(client, begin));
}

/** A connection is handed on by whoever gives it back, and what is put to it then would stand in their trace. */
function keepCallers(pool: pg.Pool): void {
  const connect = pool.connect;
  const keeping = (...connected: unknown[]): unknown => {
    const [then] = connected;
    const isTraced = typeof then === 'function' && callNow()?.about.span.traceId != null;
    return Reflect.apply(
      connect,
      pool,
      isTraced ? [AsyncResource.bind((...told: unknown[]) => Reflect.apply(then, undefined, told))] : connected,
    );
  };
  Object.assign(pool, { connect: keeping });
}

function watch(client: pg.PoolClient, begin: (sql: string) => Done): void {
  const query = client.query;
  const watched = (...question: unknown[]): unknown => {
    const sql = textOf(question[0]);
    if (sql === null) return Reflect.apply(query, client, question);
    const done = begin(sql);
    const last = question.at(-1);
    if (typeof last === 'function') {
      question[question.length - 1] = (error: unknown, ...answer: unknown[]) => {
        done(error);
        return Reflect.apply(last, undefined, [error, ...answer]);
      };
      return Reflect.apply(query, client, question);
    }
    const answer: unknown = Reflect.apply(query, client, question);
    // What is no promise (a stream, a cursor) tells of its end itself.
    if (answer instanceof Promise) answer.then(() => done(), done);
    else done();
    return answer;
  };
  Object.assign(client, { query: watched });
}

function textOf(question: unknown): string | null {
  if (typeof question === 'string') return question;
  return typeof question === 'object' && question !== null && 'text' in question && typeof question.text === 'string'
    ? question.text
    : null;
}

function spanOf(sql: string): Span | null {
  const { span } = callNow()?.about ?? {};
  if (!span || span.traceId === null) return null;
  const verb = /^\s*([A-Za-z]+)/.exec(sql)?.[1]?.toUpperCase() ?? 'statement';
  return span.call(verb, { 'db.system.name': 'postgresql', 'db.operation.name': verb, 'db.query.text': withoutLiterals(sql) });
}

const MOST_CHARACTERS = 4_000;

/** A statement with `?` in the place of texts and numbers. Values are sent beside it; where one stood in it all the same, it is not told. */
export function withoutLiterals(sql: string): string {
  const bare = sql.replace(
    /\$([A-Za-z_]\w*)?\$[\s\S]*?(?:\$\1\$|$)|[Ee]'(?:[^'\\]|''|\\[\s\S])*(?:'|$)|'(?:[^']|'')*(?:'|$)|(?<![\w$".])\d[\w.]*/g,
    '?',
  );
  return bare.length > MOST_CHARACTERS ? `${bare.slice(0, MOST_CHARACTERS)}…` : bare;
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^\w{1,40}$/.test(code) ? code : 'failed';
}
