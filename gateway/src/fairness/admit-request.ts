import { type Caller, PUBLIC } from '@longyuan/access/caller.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { httpRefusal, sendRefusal } from '../request/http-refusals.ts';
import { placeOf } from '../request/place-of-caller.ts';
import { hasLeft } from '../request/request-budget.ts';
import { BYTES_OF_A_VALUE, type CostLimiter, REQUEST_COST } from './limit-cost.ts';
import type { Load } from './watch-load.ts';

export type RequestDoor = Readonly<{
  /** Opens the account of a request whose body has not been read; answers it itself where its caller is to wait. */
  admit(request: FastifyRequest, reply: FastifyReply, caller: Caller): Promise<FastifyReply | undefined>;
  /** Counts a request whose caller is not known, because its token is none. */
  count(request: FastifyRequest): void;
}>;

/** What a body costs that does not say how long it is. */
const COST_OF_UNKNOWN_LENGTH = 2_500;

/** Read by nobody. */
const LEFT = httpRefusal(400, 'CLIENT_LEFT');

/** Makes the place where a request is let in or told to wait, by who asks or, without a token, from where. */
export function openRequestDoor(parts: { limiter: CostLimiter; load: Load; addressOf: (request: FastifyRequest) => string }): RequestDoor {
  const { limiter, load, addressOf } = parts;
  return {
    admit: async (request, reply, caller) => {
      load.arrive();
      // Gone while it was found out who asks: what it took up now, nobody would give back.
      if (hasLeft(request.budget)) return sendRefusal(reply, LEFT);
      request.budget.notes.caller = caller;
      const account = limiter.open(placeOf(caller, addressOf(request)));
      request.budget.account = account;
      const cost = REQUEST_COST + costOfBody(request);
      const retryAfterSeconds = await account.take(cost);
      if (retryAfterSeconds !== null)
        return sendRefusal(reply, { ...httpRefusal(429, 'WAIT', { number: retryAfterSeconds }), retryAfterSeconds });
      account.spend(cost);
      return undefined;
    },
    count: (request) => {
      load.arrive();
      limiter.open(placeOf(PUBLIC, addressOf(request))).spend(REQUEST_COST);
    },
  };
}

function costOfBody({ headers, method }: FastifyRequest): number {
  const length = headers['content-length'];
  if (length === undefined) return method === 'POST' ? COST_OF_UNKNOWN_LENGTH : 0;
  return Math.ceil(Number(length) / BYTES_OF_A_VALUE);
}
