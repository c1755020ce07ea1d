import { parentPort, workerData } from 'node:worker_threads';
import { opaqueKeyOf } from '../../store/opaque-key.ts';
import { BLOCK_SIZE, countOf, makeBlock } from '../generate/block.ts';
import { openCountry } from '../generate/country.ts';
import { buffersOf, type EncodedRows, type Encoding, openRowEncoder, type RowEncoder } from './encode-rows.ts';
import { readLibrarySeed } from './find-seeds.ts';
import type { LibrarySeed, Rows } from './library-seed.ts';

/** What the thread that makes the country is started with. */
export type GenerateOrder = Readonly<{
  persons: number;
  pseudonymKey: Uint8Array;
  blocksPerChunk: number;
  libraries: readonly Readonly<{ name: string; seedFile: string; encoding: Encoding }>[];
}>;
/** Rows for every library; `persons` counts the people made so far. */
export type Chunk = Readonly<{ persons: number; isLast: boolean; rows: Readonly<Record<string, readonly EncodedRows[]>> }>;
/** Asks for one more chunk, and gives back the buffers of one that was loaded. */
export type MoreOrder = Readonly<{ spent: readonly ArrayBuffer[] }>;

const port = parentPort;
if (port) {
  // The one who starts this thread gives it an order of this shape, see load.ts.
  const order = workerData as GenerateOrder;
  const spare: ArrayBuffer[] = [];
  const chunks = makeChunks(order, spare);
  // One chunk for each asking: whoever loads them says when there is room for more, so memory stays bounded.
  port.on('message', async ({ spent }: MoreOrder) => {
    spare.push(...spent);
    const { value, done } = await chunks.next();
    if (done) return;
    port.postMessage(value, buffersOf(Object.values(value.rows).flat()));
    if (value.isLast) port.close();
  });
}

/** The whole country in chunks: the reference data, then the blocks in their order. */
async function* makeChunks(order: GenerateOrder, spare: ArrayBuffer[]): AsyncGenerator<Chunk, undefined> {
  const { persons, pseudonymKey, blocksPerChunk, libraries } = order;
  const country = openCountry();
  const opaqueKey = opaqueKeyOf(pseudonymKey);
  const encoders = await Promise.all(libraries.map(async (library) => openLibrary(library, spare)));
  for (const { seed, add } of encoders) if (seed.reference) add(seed.reference(country));
  yield { persons: 0, isLast: false, rows: takeAll(encoders, false) };
  const blocks = Math.ceil(persons / BLOCK_SIZE);
  for (let start = 0; start < blocks; start += blocksPerChunk) {
    const end = Math.min(blocks, start + blocksPerChunk);
    for (let number = start; number < end; number++) {
      // Nothing of a block outlives its turn, so it costs next to nothing to collect.
      const block = makeBlock({ country, opaqueKey, number, count: countOf(number, persons) });
      for (const { seed, add } of encoders) add(seed.rows(block));
    }
    const isLast = end === blocks;
    yield { persons: Math.min(persons, end * BLOCK_SIZE), isLast, rows: takeAll(encoders, isLast) };
  }
  return undefined;
}

type LibraryEncoder = Readonly<{
  name: string;
  seed: LibrarySeed;
  add: (rows: Rows) => void;
  tables: readonly RowEncoder[];
}>;

async function openLibrary(
  { name, seedFile, encoding }: GenerateOrder['libraries'][number],
  spare: ArrayBuffer[],
): Promise<LibraryEncoder> {
  const seed = await readLibrarySeed(seedFile);
  const tables = Object.keys(seed.tables).map((table) => [table, openRowEncoder(table, encoding, spare)] as const);
  const add = (rows: Rows): void => {
    for (const [table, encoder] of tables) encoder.add(rows[table] ?? []);
  };
  return { name, seed, add, tables: tables.map(([, encoder]) => encoder) };
}

function takeAll(libraries: readonly LibraryEncoder[], isLast: boolean): Chunk['rows'] {
  return Object.fromEntries(libraries.map(({ name, tables }) => [name, tables.flatMap((table) => table.take(isLast))]));
}
