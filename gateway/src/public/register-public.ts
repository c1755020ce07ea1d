import { createHash, randomUUID } from 'node:crypto';
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import type { Language } from '@longyuan/schema/src/words/sentence.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import type { Span } from '@longyuan/telemetry/span.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { buildSchema, isInterfaceType, isObjectType } from 'graphql';
import type { CostLimiter } from '../fairness/limit-cost.ts';
import type { PublicAddress } from '../http/public-address.ts';
import { addVary, readLanguage } from '../request/answer-language.ts';
import type { GatewayContext } from '../request/gateway-context.ts';
import { httpRefusal, sendRefusal } from '../request/http-refusals.ts';
import type { Account } from '../request/request-budget.ts';
import { cancelCalls, openBudget, type RequestBudget, settleBudget } from '../request/request-budget.ts';
import { ANSWERED } from '../usage/count-operation.ts';
import { COUNTED_AS_PUBLIC } from '../usage/keep-uses.ts';
import { type Confirmed, describeCatalogue, fileName } from './catalogue.ts';
import { dictionaryCsv, dictionaryOf } from './data-dictionary.ts';
import { makeDownloadSlots } from './download-slots.ts';
import { type FileFormat, formatsOf } from './file-formats.ts';
import { type Dataset, findOpenResources, itemsInFile } from './find-datasets.ts';
import { FRESH_SECONDS, keepMeasures } from './measure-datasets.ts';
import { type Ask, readPlace, START } from './read-rows.ts';
import { etagOf, isKnown, sendPart, sendWhole } from './send-file.ts';

/** Files that are sent at the same time; more are refused until one ends. */
const DOWNLOADS = { most: 8, mostOfOne: 6 };
const MAX_PART_ROWS = 10_000;

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
    contextOf: (budget: RequestBudget, asker: Pick<GatewayContext, 'language' | 'publicAddress' | 'isOfHub'>) => GatewayContext;
    publicAddress: PublicAddress;
    /** Opens the account of what a request asks for beside its own operation. */
    openPart: CostLimiter['openPart'];
    /** Told of the items of each file that is sent, and of each that could not be: once a file, however many pages it is read in. */
    countDownload?: CountDownload;
    /** When rows of each resource (code) were confirmed, as its library counted last. */
    readConfirmed?: () => Promise<ReadonlyMap<string, Confirmed>>;
  }>,
): Promise<void> {
  const {
    apollo,
    publicSdl,
    libraries,
    settings,
    publicAddress,
    openPart,
    countDownload = () => {},
    readConfirmed = nothingConfirmed,
  } = door;
  // Of the hub's own questions nobody reads a sentence or an address.
  const contextOf = (budget: RequestBudget) => door.contextOf(budget, { language: 'en', publicAddress: '', isOfHub: true });
  const open = findOpenResources(libraries, publicSdl);
  const byName = new Map(open.map((each) => [fileName(each.resource.code), each]));
  const schema = buildSchema(publicSdl, { noLocation: true });
  const fieldAt = (coordinate: string) => {
    const [type = '', field = ''] = coordinate.split('.');
    const found = schema.getType(type);
    return isObjectType(found) || isInterfaceType(found) ? found.getFields()[field] : undefined;
  };
  const measuring = keepMeasures(askThrough({ apollo, settings, contextOf }, () => randomUUID()));
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
    handler: fastifyApolloHandler(apollo, {
      context: async (request) =>
        door.contextOf(request.budget, {
          language: readLanguage(request.headers['accept-language']),
          publicAddress: publicAddress.of(request),
          isOfHub: false,
        }),
    }),
  });
  app.get('/public/schema.graphql', async (request, reply) => sendText(request, reply, 'text/plain', publicSdl));
  app.get('/public/catalog.jsonld', async (request, reply) => {
    // The catalogue is told whether or not the directory can be asked.
    const confirmed = await readConfirmed().catch(nothingConfirmed);
    const listed = await Promise.all(
      open.map(async (each) => ({
        ...each,
        measures: each.dataset ? await measuring.latest(each.dataset) : null,
        confirmed: confirmed.get(each.resource.code) ?? null,
      })),
    );
    const catalogue = describeCatalogue(listed, publicAddress.of(request));
    addVary(reply, ...publicAddress.readFrom);
    return sendText(request, reply, 'application/ld+json', JSON.stringify(catalogue, null, 1));
  });
  app.get<{ Params: { file: string }; Querystring: Record<string, unknown> }>('/public/datasets/:file', async (request, reply) => {
    const { name = '', kind = '' } = /^(?<name>[^.]+)\.(?<kind>.+)$/.exec(request.params.file)?.groups ?? {};
    const found = byName.get(name);
    const noFile = () => sendRefusal(reply, httpRefusal(404, 'NO_FILE', { address: publicAddress.of(request) }));
    if (!found) return noFile();
    const { dataset } = found;
    if (kind === 'dictionary.json' || kind === 'dictionary.csv') {
      const dictionary = dictionaryOf(found, fieldAt, dataset && (await measuring.latest(dataset)));
      if (kind === 'dictionary.csv') return sendText(request, reply, 'text/csv', dictionaryCsv(dictionary));
      return sendText(request, reply, 'application/json', JSON.stringify(dictionary, null, 1));
    }
    const format = dataset && formatsOf(dataset).find((each) => each === kind);
    if (!dataset || !format) return noFile();
    return sendDataset(request, reply, { dataset, format });
  });

  async function sendDataset(
    request: FastifyRequest<{ Querystring: Record<string, unknown> }>,
    reply: FastifyReply,
    { dataset, format }: { dataset: Dataset; format: FileFormat },
  ): Promise<FastifyReply> {
    const { after, limit, lang } = request.query;
    const from = after === undefined ? START : typeof after === 'string' ? readPlace(after) : null;
    if (!from) return sendRefusal(reply, httpRefusal(400, 'FILE_CURSOR'));
    if (lang !== undefined && lang !== 'zh') return sendRefusal(reply, httpRefusal(400, 'FILE_LANGUAGE'));
    if (format === 'xlsx' && after !== undefined) return sendRefusal(reply, httpRefusal(400, 'FILE_WHOLE'));
    const rows = limit === undefined ? null : Number(limit);
    if (rows !== null && !(Number.isInteger(rows) && rows >= 1 && rows <= MAX_PART_ROWS)) {
      return sendRefusal(reply, httpRefusal(400, 'FILE_LIMIT', { number: MAX_PART_ROWS }));
    }
    const { account, requestId, span } = request.budget;
    const slot = takeSlot(account?.place.who ?? '');
    if (slot.kind !== 'free') {
      return sendRefusal(
        reply.header('retry-after', '10'),
        httpRefusal(503, slot.kind === 'full' ? 'TOO_MANY_FILES' : 'TOO_MANY_FILES_TO_YOU'),
      );
    }
    const { giveBack: onEnd } = slot;
    const running = new Set<RequestBudget>();
    reply.raw.once('close', () => {
      for (const budget of running) cancelCalls(budget);
      onEnd();
    });
    const ask = askThrough({ apollo, settings, contextOf }, () => requestId, {
      running,
      account: account && openPart(account.place),
      span,
    });
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
        const measures = wanted.isResumed ? null : await measuring.fresh(dataset);
        await sendWhole({ ...wanted, limit: null }, { ask, measures, request, reply, onEnd });
      }
      count(ANSWERED);
      return reply;
    } catch (error) {
      if (!(error instanceof NotWhole)) throw error;
      for (const name of ['content-encoding', 'etag', 'content-disposition', 'cache-control']) reply.removeHeader(name);
      if (!error.isCursor) count('LIBRARY_UNAVAILABLE');
      return error.isCursor
        ? sendRefusal(reply, httpRefusal(400, 'FILE_CURSOR'))
        : sendRefusal(reply.header('retry-after', '5'), httpRefusal(503, 'FILE_NOT_NOW'));
    }
  }
}

async function nothingConfirmed(): Promise<ReadonlyMap<string, Confirmed>> {
  return new Map();
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
  door: Readonly<{
    apollo: ApolloServer<GatewayContext>;
    settings: Settings;
    contextOf: (budget: RequestBudget, language: Language) => GatewayContext;
  }>,
  requestId: () => string,
  { running, ...of }: { running: Set<RequestBudget>; account?: Account | null; span?: Span } = { running: new Set() },
): Ask {
  return async (query, variables) => {
    const budget = openBudget(requestId(), door.settings.requestTimeoutMs, of);
    running.add(budget);
    try {
      const { body } = await door.apollo.executeOperation({ query, variables }, { contextValue: door.contextOf(budget, 'en') });
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
