import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import type { TableLanguage } from '@longyuan/schema/src/words/describe-words.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addVary } from '../request/answer-language.ts';
import { type FileFormat, mediaTypes, wordingOf, writerOf } from './file-formats.ts';
import type { Dataset } from './find-datasets.ts';
import { FRESH_SECONDS, type Measures } from './measure-datasets.ts';
import { type Ask, type Page, type Place, placeAfter, printPlace, readPages } from './read-rows.ts';

export type FileRequest = Readonly<{
  dataset: Dataset;
  format: FileFormat;
  from: Place;
  isResumed: boolean;
  /** Rows of a part; null: all that come. */
  limit: number | null;
  language: TableLanguage;
}>;

/** Quality 4 of brotli is as fast as gzip and smaller; the default of 11 would be the slowest thing here. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
/** A client that takes nothing for so long is not waited for. */
const IDLE_MS = 60_000;
const CACHE_CONTROL = `public, max-age=${FRESH_SECONDS}`;

/**
 * Sends rows from a place on, as a stream that never holds more than two pages. The first page is read before anything is sent, so what
 * fails at once is a refusal; what fails later breaks the connection off, which every client notices.
 * @throws what `ask` throws for the first page.
 */
export async function sendWhole(
  wanted: FileRequest,
  way: { ask: Ask; measures: Measures | null; request: FastifyRequest; reply: FastifyReply; onEnd: () => void },
): Promise<FastifyReply> {
  const { dataset, format, from, isResumed } = wanted;
  const { reply, request, measures } = way;
  const file = isResumed ? undefined : measures?.files.get(format);
  const encoding = encodingFor(request, format);
  describe(reply, wanted, encoding);
  // Weak: the rows may have been confirmed anew since they were measured, five minutes ago at most.
  if (file && isKnown(request, reply, etagOf(digestOf(wanted, file.sha256)))) {
    way.onEnd();
    return reply.code(304).send();
  }
  const pages = readPages(dataset.slices(format === 'geojson'), way.ask, from);
  const first = await pages.next();
  const { socket } = request.raw;
  const giveUp = () => socket.destroy();
  socket.setTimeout(IDLE_MS, giveUp);
  const source = Readable.from(writePages(wanted, first, pages), { highWaterMark: 2, objectMode: true });
  const packed = compress(source, encoding);
  packed.once('close', () => {
    // The same connection may bring the next request. A client that leaves ends the reading too.
    socket.off('timeout', giveUp);
    source.destroy();
    way.onEnd();
  });
  return reply.send(packed);
}

/** Files in the schema's own words are measured; one in others is the same as long as that one and its words are. */
function digestOf({ dataset, format, language }: FileRequest, measured: string): string {
  const wording = wordingOf(dataset, format, language);
  return wording === '' ? measured : createHash('sha256').update(measured).update(wording).digest('hex');
}

async function* writePages(
  wanted: FileRequest,
  first: IteratorResult<Page>,
  pages: AsyncGenerator<Page>,
): AsyncGenerator<string | Uint8Array> {
  const writer = writerOf(wanted.dataset, wanted.format, wanted.isResumed, wanted.language);
  try {
    let isFirst = true;
    const head = writer.head();
    if (head.length > 0) yield head;
    for (let page = first; !page.done; page = await pages.next()) {
      if (page.value.rows.length === 0) continue;
      const rows = writer.rows(page.value.rows, isFirst);
      // What is packed may wait for more.
      if (rows.length > 0) yield rows;
      isFirst = false;
    }
    const foot = writer.foot();
    if (foot.length > 0) yield foot;
  } finally {
    await pages.return(undefined);
  }
}

/** Sends a part: so many rows, their exact length and digest, and in `Link` where the next part of the file at `address` begins. */
export async function sendPart(
  wanted: FileRequest & { limit: number },
  way: { ask: Ask; request: FastifyRequest; reply: FastifyReply; address: string },
): Promise<FastifyReply> {
  const { dataset, format, from, limit } = wanted;
  const { request, reply, address } = way;
  const writer = writerOf(dataset, format, wanted.isResumed, wanted.language);
  const parts = [writer.head()];
  let count = 0;
  let next: Place | null = null;
  for await (const page of readPages(dataset.slices(format === 'geojson'), way.ask, from)) {
    const rows = page.rows.slice(0, limit - count);
    if (rows.length > 0) parts.push(writer.rows(rows, count === 0));
    count += rows.length;
    next = placeAfter(page, rows.length);
    if (count >= limit) break;
  }
  const body = Buffer.concat([...parts, writer.foot()].map((part) => Buffer.from(part)));
  describe(reply, wanted, null);
  if (next) {
    const language = wanted.language ? `&lang=${wanted.language}` : '';
    void reply.header('link', `<${address}?limit=${limit}${language}&after=${printPlace(next)}>; rel="next"`);
  }
  if (isKnown(request, reply, etagOf(createHash('sha256').update(body).digest('hex')))) return reply.code(304).send();
  return reply.send(body);
}

function describe(reply: FastifyReply, { dataset, format, isResumed, limit }: FileRequest, encoding: Encoding): void {
  void reply.type(mediaTypes[format]).header('cache-control', CACHE_CONTROL).header('content-disposition', dispositionOf(dataset, format));
  addVary(reply, 'Accept-Encoding');
  if (encoding) void reply.header('content-encoding', encoding);
  if (isResumed || limit !== null) void reply.removeHeader('content-disposition');
}

/** A name that says what the file is, in ASCII for the oldest clients and in Chinese for all others (RFC 6266, RFC 8187). */
function dispositionOf({ resource: { code, title, typeName } }: Dataset, format: FileFormat): string {
  const number = code.replaceAll('/', '~');
  const words = typeName.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
  return `attachment; filename="${words}-${number}.${format}"; filename*=UTF-8''${encodeURIComponent(`${title}-${number}.${format}`)}`;
}

/** Sets the ETag; true where the client has that very file. */
export function isKnown(request: FastifyRequest, reply: FastifyReply, etag: string): boolean {
  void reply.header('etag', etag);
  const named = request.headers['if-none-match'] ?? '';
  const known = named === '*' || named.split(',').some((each) => each.trim().replace(/^W\//, '') === etag.replace(/^W\//, ''));
  if (known) void reply.removeHeader('content-encoding').removeHeader('content-type');
  return known;
}

export function etagOf(sha256: string): string {
  return `W/"${sha256.slice(0, 32)}"`;
}

type Encoding = 'br' | 'gzip' | null;

function encodingFor({ headers }: FastifyRequest, format: FileFormat): Encoding {
  // An archive is packed already.
  if (format === 'xlsx') return null;
  const accepted = new Map(
    String(headers['accept-encoding'] ?? '')
      .split(',')
      .map((each) => {
        const [name = '', ...parameters] = each
          .trim()
          .toLowerCase()
          .split(/\s*;\s*/);
        return [name, !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))] as const;
      }),
  );
  return (['br', 'gzip'] as const).find((name) => accepted.get(name)) ?? null;
}

function compress(source: Readable, encoding: Encoding): Readable {
  if (!encoding) return source;
  const packer = encoding === 'br' ? createBrotliCompress(BROTLI) : createGzip();
  // Not pipeline: a broken source must break the packer, so that no well-ended archive of half a file leaves.
  source.once('error', (error) => packer.destroy(error));
  return source.pipe(packer);
}
