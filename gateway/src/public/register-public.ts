import { createHash, randomUUID } from 'node:crypto';
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { buildSchema, isInterfaceType, isObjectType } from 'graphql';
import type { Account, CostLimiter } from '../fairness/limit-cost.ts';
import type { GatewayContext } from '../library-source.ts';
import type { PublicAddress } from '../public-address.ts';
import { cancelCalls, openBudget, type RequestBudget, settleBudget } from '../request-budget.ts';
import { ANSWERED } from '../usage/count-operation.ts';
import { COUNTED_AS_PUBLIC } from '../usage/counted-as.ts';
import { addVary } from '../vary.ts';
import { describeCatalogue, fileName } from './catalogue.ts';
import { dictionaryCsv, dictionaryOf } from './data-dictionary.ts';
import { makeDownloadSlots } from './download-slots.ts';
import { type FileFormat, formatsOf } from './file-formats.ts';
import { findOpenResources, itemsInFile } from './find-datasets.ts';
import { FRESH_SECONDS, keepMeasures } from './measure-datasets.ts';
import { type Ask, readPlace, START } from './read-rows.ts';
import { etagOf, isKnown, refuseFile, sendPart, sendWhole } from './send-file.ts';

/** Files that are sent at the same time; more are refused until one ends. */
const DOWNLOADS = { most: 8, mostOfOne: 6 };
const MAX_PART_ROWS = 10_000;
const NOT_NOW = 'A library that the file is read from does not answer now.';

type CountDownload = (items: readonly string[], caller: string, outcome: string) => void;

/** Serves what is open, without a token: questions, files, their dictionaries and the catalogue. `apollo` answers the public schema. */
export async function registerPublic(
  app: FastifyInstance,
  door: Readonly<{
    apollo: ApolloServer<GatewayContext>;
    publicSdl: string;
    libraries: readonly Library[];
    settings: Settings;
    /** What a request without a token is answered with. */
    contextOf: (budget: RequestBudget, publicAddress: string) => GatewayContext;
    publicAddress: PublicAddress;
    /** Opens the account of what a request asks for beside its own operation. */
    openPart: CostLimiter['openPart'];
    /** Told of the items of each file that is sent, and of each that could not be: once a file, however many pages it is read in. */
    countDownload?: CountDownload;
  }>,
): Promise<void> {
  const { apollo, publicSdl, libraries, settings, publicAddress, openPart, countDownload = () => {} } = door;
  // Of the hub's own questions nobody reads an address.
  const contextOf = (budget: RequestBudget) => door.contextOf(budget, '');
  const open = findOpenResources(libraries, publicSdl);
  const byName = new Map(open.map((each) => [fileName(each.resource.code), each]));
  const schema = buildSchema(publicSdl, { noLocation: true });
  const fieldAt = (coordinate: string) => {
    const [type = '', field = ''] = coordinate.split('.');
    const found = schema.getType(type);
    return isObjectType(found) || isInterfaceType(found) ? found.getFields()[field] : undefined;
  };
  const measure = keepMeasures(askThrough({ apollo, settings, contextOf }, () => randomUUID()));
  const takeSlot = makeDownloadSlots(DOWNLOADS);

  app.route({
    method: ['GET', 'POST'],
    url: '/public/graphql',
    onRequest: async (_request, reply) => addVary(reply.header('cache-control', 'no-store'), 'Accept'),
    // Who opens the address as the catalogue tells it sees what can be asked there.
    preHandler: async (request, reply) =>
      request.method !== 'POST' && !request.url.includes('?')
        ? reply.redirect(`${publicAddress.of(request)}/public/schema.graphql`, 303)
        : undefined,
    handler: fastifyApolloHandler(apollo, { context: async (request) => door.contextOf(request.budget, publicAddress.of(request)) }),
  });
  app.get('/public/schema.graphql', async (request, reply) => sendText(request, reply, 'text/plain', publicSdl));
  app.get('/public/catalog.jsonld', async (request, reply) => {
    const listed = await Promise.all(open.map(async (each) => ({ ...each, measures: each.dataset ? await measure(each.dataset) : null })));
    const catalogue = describeCatalogue(listed, publicAddress.of(request));
    addVary(reply, ...publicAddress.readFrom);
    return sendText(request, reply, 'application/ld+json', JSON.stringify(catalogue, null, 1));
  });
  app.get<{ Params: { file: string }; Querystring: Record<string, unknown> }>('/public/datasets/:file', async (request, reply) => {
    const { name = '', kind = '' } = /^(?<name>[^.]+)\.(?<kind>.+)$/.exec(request.params.file)?.groups ?? {};
    const found = byName.get(name);
    const noFile = () =>
      refuseFile(reply, 404, `There is no such file. ${publicAddress.of(request)}/public/catalog.jsonld lists those there are.`);
    if (!found) return noFile();
    if (kind === 'dictionary.json') {
      return sendText(request, reply, 'application/json', JSON.stringify(dictionaryOf(found, fieldAt), null, 1));
    }
    if (kind === 'dictionary.csv') return sendText(request, reply, 'text/csv', dictionaryCsv(dictionaryOf(found, fieldAt)));
    const { dataset } = found;
    const format = dataset && formatsOf(dataset).find((each) => each === kind);
    if (!dataset || !format) return noFile();
    return sendDataset(request, reply, { dataset, format });
  });

  async function sendDataset(
    request: FastifyRequest<{ Querystring: Record<string, unknown> }>,
    reply: FastifyReply,
    { dataset, format }: { dataset: Parameters<typeof measure>[0]; format: FileFormat },
  ): Promise<FastifyReply> {
    const { after, limit, lang } = request.query;
    const from = after === undefined ? START : typeof after === 'string' ? readPlace(after) : null;
    if (!from) return refuseFile(reply, 400, 'after must be a cursor as a Link header of this file gave it.');
    if (lang !== undefined && lang !== 'zh')
      return refuseFile(reply, 400, 'lang must be zh, for tables with Chinese headings and words; left out: as the schema has them.');
    if (format === 'xlsx' && after !== undefined)
      return refuseFile(reply, 400, 'A workbook is sent whole: it cannot be read on with after.');
    const rows = limit === undefined ? null : Number(limit);
    if (rows !== null && !(Number.isInteger(rows) && rows >= 1 && rows <= MAX_PART_ROWS)) {
      return refuseFile(reply, 400, `limit must be a whole number from 1 to ${MAX_PART_ROWS}.`);
    }
    const { account, requestId } = request.budget;
    const slot = takeSlot(account?.place.who ?? '');
    if (slot.kind !== 'free') {
      const whose = slot.kind === 'full' ? '' : ' to your address';
      return refuseFile(reply.header('retry-after', '10'), 503, `Too many files are being sent${whose}; try again.`);
    }
    const { giveBack: onEnd } = slot;
    const running = new Set<RequestBudget>();
    reply.raw.once('close', () => {
      for (const budget of running) cancelCalls(budget);
      onEnd();
    });
    const ask = askThrough({ apollo, settings, contextOf }, () => requestId, { running, account: account && openPart(account.place) });
    const wanted = { dataset, format, from, isResumed: after !== undefined, language: lang === 'zh' ? ('zh' as const) : null };
    // The parts after the first belong to a file that is counted, and so does a file that the client still has.
    const count = (outcome: string) => {
      if (!wanted.isResumed && reply.statusCode !== 304) countDownload(itemsInFile(dataset), COUNTED_AS_PUBLIC, outcome);
    };
    try {
      if (rows !== null) {
        const address = `${publicAddress.of(request)}/public/datasets/${fileName(dataset.resource.code)}.${format}`;
        addVary(reply, ...publicAddress.readFrom);
        await sendPart({ ...wanted, limit: rows }, { ask, request, reply, address });
        // It was read and made; sending it takes nothing more.
        onEnd();
      } else {
        const measures = wanted.isResumed ? null : await measure(dataset);
        await sendWhole({ ...wanted, limit: null }, { ask, measures, request, reply, onEnd });
      }
      count(ANSWERED);
      return reply;
    } catch (error) {
      if (!(error instanceof NotWhole)) throw error;
      for (const name of ['content-encoding', 'etag', 'content-disposition', 'cache-control']) reply.removeHeader(name);
      if (!error.isCursor) count('LIBRARY_UNAVAILABLE');
      return error.isCursor
        ? refuseFile(reply, 400, 'after must be a cursor as a Link header of this file gave it.')
        : refuseFile(reply.header('retry-after', '5'), 503, NOT_NOW);
    }
  }
}

/** An operation that was not answered whole. Says nothing of the answer. */
class NotWhole extends Error {
  readonly isCursor: boolean;
  constructor(isCursor: boolean) {
    super('The rows of a file could not be read.');
    this.isCursor = isCursor;
  }
}

/** Asks the public schema in this process; every operation has a request's whole time. `running` holds the budgets that are being spent. */
function askThrough(
  door: Readonly<{ apollo: ApolloServer<GatewayContext>; settings: Settings; contextOf: (budget: RequestBudget) => GatewayContext }>,
  requestId: () => string,
  { running, account }: { running: Set<RequestBudget>; account: Account | null } = { running: new Set(), account: null },
): Ask {
  return async (query, variables) => {
    const budget = openBudget(requestId(), door.settings.requestTimeoutMs, account);
    running.add(budget);
    try {
      const { body } = await door.apollo.executeOperation({ query, variables }, { contextValue: door.contextOf(budget) });
      if (body.kind !== 'single') throw new NotWhole(false);
      const { data, errors } = body.singleResult;
      if (errors?.length || !data) throw new NotWhole(errors?.some((error) => error.extensions?.['code'] === 'BAD_USER_INPUT') ?? false);
      return data;
    } finally {
      running.delete(budget);
      settleBudget(budget);
    }
  };
}

function sendText(request: FastifyRequest, reply: FastifyReply, type: string, text: string): FastifyReply {
  void reply.header('cache-control', `public, max-age=${FRESH_SECONDS}`).type(`${type}; charset=utf-8`);
  if (isKnown(request, reply, etagOf(createHash('sha256').update(text).digest('hex')))) return reply.code(304).send();
  return reply.send(text);
}
