import cors, { type FastifyCorsOptions } from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { REQUEST_ID_HEADER } from '../request/request-budget.ts';

/** Whether pages of everybody may read what stands at this address. */
export const isOpenToAll = (url: string): boolean => url.startsWith('/public/');
/** What pages of the origins that are named may read, beside the tables of inner subgraphs. */
const FOR_NAMED = ['/graphql', '/health'];

const METHODS = ['GET', 'HEAD', 'POST'];
/** What a page may read of an answer beside its body and its type. */
const EXPOSED = [REQUEST_ID_HEADER, 'Retry-After', 'Content-Disposition', 'Content-Length', 'ETag', 'Link', 'WWW-Authenticate'];
/** What a program sends with an operation, beside what any page may. */
const TOLD = ['Authorization', 'X-Purpose', 'Content-Type', 'Accept-Language', REQUEST_ID_HEADER, 'traceparent', 'tracestate', 'baggage'];
const OF_APOLLO = ['Apollo-Require-Preflight', 'X-Apollo-Operation-Name', 'apollographql-client-name', 'apollographql-client-version'];
/** As long as Chromium remembers it at most. */
const REMEMBERED_SECONDS = 7_200;

const always = {
  methods: METHODS,
  exposedHeaders: EXPOSED,
  maxAge: REMEMBERED_SECONDS,
  strictPreflight: false,
} as const satisfies FastifyCorsOptions;

/**
 * Says whose pages may read an answer (CORS): of what is open, everybody's, without credentials; of the rest, the pages of these origins
 * alone, with a token that they send themselves. No cookie opens anything here, so no page ever asks as somebody who did not send a token.
 */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[], tables: readonly string[] = []): Promise<void> {
  const named = [...FOR_NAMED, ...tables];
  const isForNamed = (url: string) => named.some((path) => url.startsWith(path) && /^([/?]|$)/.test(url.slice(path.length)));
  await app.register(cors, { delegator: async ({ url }: FastifyRequest) => optionsFor(url, isForNamed(url) ? origins : []) });
  app.addHook('onRequest', async ({ url }, reply) => {
    // Helmet keeps pages of others from showing what is here; what is open may be shown.
    if (isOpenToAll(url)) void reply.header('cross-origin-resource-policy', 'cross-origin');
  });
}

function optionsFor(url: string, origins: readonly string[]): FastifyCorsOptions {
  if (isOpenToAll(url)) return { ...always, origin: '*', allowedHeaders: ['*'] };
  if (origins.length === 0) return { origin: false };
  return { ...always, origin: [...origins], allowedHeaders: [...TOLD, ...OF_APOLLO] };
}
