import { parentPort, workerData } from 'node:worker_threads';
import { BLOCK_SIZE, countOf, makeBlock } from './block.ts';
import { openCountry } from './country.ts';
import { type EncodedRows, type Encoding, encodeRows } from './encode-rows.ts';
import { readLibrarySeed } from './find-seeds.ts';
import type { LibrarySeed, Row, Rows } from './library-seed.ts';
import { opaqueKeyOf } from './opaque-key.ts';

/** What the thread that makes the country is started with. */
export type GenerateOrder = Readonly<{
  persons: number;
  pseudonymKey: Uint8Array;
  blocksPerChunk: number;
  libraries: readonly Readonly<{ name: string; seedFile: string; encoding: Encoding }>[];
}>;
/** Rows for every library; `persons` counts the people made so far. */
export type Chunk = Readonly<{ persons: number; isLast: boolean; rows: Readonly<Record<string, readonly EncodedRows[]>> }>;

const port = parentPort;
if (port) {
  // The one who starts this thread gives it an order of this shape, see load.ts.
  const order = workerData as GenerateOrder;
  const chunks = makeChunks(order);
  // One chunk for each asking: whoever loads them says when there is room for more, so memory stays bounded.
  port.on('message', async () => {
    const { value, done } = await chunks.next();
    if (done) return;
    port.postMessage(value, transfersOf(value));
    if (value.isLast) port.close();
  });
}

/** The whole country in chunks: the reference data, then the blocks in their order. */
async function* makeChunks({ persons, pseudonymKey, blocksPerChunk, libraries }: GenerateOrder): AsyncGenerator<Chunk, undefined> {
  const country = openCountry();
  const opaqueKey = opaqueKeyOf(pseudonymKey);
  const seeds = await Promise.all(libraries.map(async (library) => ({ ...library, seed: await readLibrarySeed(library.seedFile) })));
  yield { persons: 0, isLast: false, rows: encodeAll(seeds, (seed) => (seed.reference ? [seed.reference(country)] : [])) };
  const blocks = Math.ceil(persons / BLOCK_SIZE);
  for (let start = 0; start < blocks; start += blocksPerChunk) {
    const end = Math.min(blocks, start + blocksPerChunk);
    const made = Array.from({ length: end - start }, (_, place) =>
      makeBlock({ country, opaqueKey, number: start + place, count: countOf(start + place, persons) }),
    );
    yield { persons: Math.min(persons, end * BLOCK_SIZE), isLast: end === blocks, rows: encodeAll(seeds, (seed) => made.map(seed.rows)) };
  }
  return undefined;
}

type NamedSeed = Readonly<{ name: string; encoding: Encoding; seed: LibrarySeed }>;

function encodeAll(seeds: readonly NamedSeed[], rowsOf: (seed: LibrarySeed) => readonly Rows[]): Chunk['rows'] {
  return Object.fromEntries(
    seeds.map(({ name, encoding, seed }) => {
      const parts = rowsOf(seed);
      const encoded = Object.keys(seed.tables).flatMap((table) => encodeRows(table, gather(parts, table), encoding));
      return [name, encoded];
    }),
  );
}

function gather(parts: readonly Rows[], table: string): Row[] {
  const rows: Row[] = [];
  for (const part of parts) for (const row of part[table] ?? []) rows.push(row);
  return rows;
}

function transfersOf(chunk: Chunk): ArrayBuffer[] {
  return Object.values(chunk.rows)
    .flat()
    .flatMap((rows) => (rows.kind === 'copy' && rows.text.buffer instanceof ArrayBuffer ? [rows.text.buffer] : []));
}
