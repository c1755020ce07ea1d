import { Readable } from 'node:stream';
import type { InnerTable, OpenTable } from '@longyuan/inner/inner-subgraph.ts';
import { type ErrorCode, isErrorCode } from '@longyuan/schema/src/error-codes.ts';
import type { FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import type { RequestDoor } from '../fairness/admit-request.ts';
import type { Identity } from '../identify/identify.ts';
import { sendRefusal } from '../request/http-refusals.ts';
import { toCsv } from './write-csv.ts';

/** With which status each refusal of a table is told. */
const statusOf: Readonly<Partial<Record<ErrorCode, number>>> = { BAD_USER_INPUT: 400, UNAUTHENTICATED: 401, ITEM_NOT_SHARED: 403 };
const NOT_NOW = 503;
const RETRY_SECONDS = 5;

/** Serves a table of an inner subgraph to whoever may have it: CSV by RFC 4180 in UTF-8 with a byte order mark, read and sent a part at a time. */
export function registerTable(app: FastifyInstance, { path, open }: InnerTable, door: RequestDoor, identify: Identity['identify']): void {
  app.get<{ Querystring: Readonly<Record<string, unknown>> }>(path, async (request, reply) => {
    const { query, headers, budget } = request;
    const told = await identify(headers, budget.requestId);
    if (told.kind !== 'identified') {
      door.count(request);
      if (told.challenge !== null) void reply.header('www-authenticate', told.challenge);
      return sendRefusal(reply, told.refusal);
    }
    const waiting = await door.admit(request, reply, told.caller);
    if (waiting) return waiting;
    let table: OpenTable;
    let lines: AsyncGenerator<string>;
    let first: IteratorResult<string>;
    try {
      // Before anything is sent, so that what cannot be read is told as such.
      table = await open(query, told.caller);
      lines = linesOf(table);
      first = await lines.next();
    } catch (error) {
      const code = error instanceof GraphQLError ? error.extensions['code'] : null;
      if (!(error instanceof GraphQLError) || !isErrorCode(code)) throw error;
      const status = statusOf[code] ?? NOT_NOW;
      if (status === NOT_NOW) void reply.header('retry-after', String(RETRY_SECONDS));
      return sendRefusal(reply, { status, code, message: error.message });
    }
    void reply
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="${table.fileName}"`)
      .type('text/csv; charset=utf-8');
    return reply.send(Readable.from(resume(first, lines), { highWaterMark: 2, objectMode: true }));
  });
}

async function* linesOf({ parts }: OpenTable): AsyncGenerator<string> {
  let mark = '\uFEFF';
  for await (const rows of parts) {
    yield mark + toCsv(rows);
    mark = '';
  }
}

async function* resume(first: IteratorResult<string>, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  if (!first.done) yield first.value;
  yield* rest;
}
