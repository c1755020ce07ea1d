import type { Slice } from './find-datasets.ts';

/** A row as the public schema answers it. */
export type Row = Readonly<Record<string, unknown>>;

/** Where a download stands: in which slice, after which page of it, and how many rows of the next page are done. */
export type Place = Readonly<{ slice: number; after: string | null; skip: number }>;

export const START: Place = { slice: 0, after: null, skip: 0 };

/** The rows of one page that come after the place, and where the page began. */
export type Page = Readonly<{ rows: readonly Row[]; from: Place; next: Place | null }>;

/** Asks one operation. @throws where the answer is not whole: a file never leaves out what a library did not say. */
export type Ask = (query: string, variables: Readonly<Record<string, unknown>>) => Promise<Readonly<Record<string, unknown>>>;

/**
 * Reads page by page from a place on. Holds two pages at most: the next is asked for while the one before is being used.
 * @throws what `ask` throws.
 */
export async function* readPages(slices: readonly Slice[], ask: Ask, from: Place): AsyncGenerator<Page> {
  let coming: Promise<Page> | null = from.slice < slices.length ? readPage(slices, ask, from) : null;
  while (coming) {
    const page: Page = await coming;
    coming = page.next ? readPage(slices, ask, page.next) : null;
    // Whoever stops reading leaves this one unread; else it is awaited above.
    coming?.catch(() => {});
    yield page;
  }
}

/** The place after the first `rows` of a page. */
export function placeAfter(page: Page, rows: number): Place | null {
  return rows < page.rows.length ? { ...page.from, skip: page.from.skip + rows } : page.next;
}

async function readPage(slices: readonly Slice[], ask: Ask, from: Place): Promise<Page> {
  const slice = slices[from.slice];
  if (!slice) return { rows: [], from, next: null };
  const answered = (await ask(slice.query, slice.paging.kind === 'none' ? {} : { after: from.after }))['rows'];
  const after = from.slice + 1 < slices.length ? { slice: from.slice + 1, after: null, skip: 0 } : null;
  if (slice.paging.kind !== 'cursor') {
    const rows = rowsOf(answered);
    return { rows: rows.slice(from.skip), from, next: nextAfterKey(slice.paging, rows, from) ?? after };
  }
  // The shape is the public schema's, which the gateway has held the answer against.
  const { nodes, pageInfo } = answered as { nodes: unknown; pageInfo: { endCursor: string | null; hasNextPage: boolean } };
  const next = pageInfo.hasNextPage && pageInfo.endCursor !== null ? { slice: from.slice, after: pageInfo.endCursor, skip: 0 } : after;
  return { rows: rowsOf(nodes).slice(from.skip), from, next };
}

/** Where a part that is full is read on; null where it is not, and so the last one. */
function nextAfterKey(paging: Slice['paging'], rows: readonly Row[], from: Place): Place | null {
  const key = paging.kind === 'key' && rows.length === paging.rows ? rows.at(-1)?.[paging.key] : null;
  return typeof key === 'string' ? { slice: from.slice, after: key, skip: 0 } : null;
}

function rowsOf(answered: unknown): readonly Row[] {
  if (!Array.isArray(answered)) throw new Error('A list of an open resource was null without an error.');
  return answered.filter((row: unknown): row is Row => typeof row === 'object' && row !== null);
}

/** A place as a text that a client hands back. */
export function printPlace({ slice, after, skip }: Place): string {
  return Buffer.from(JSON.stringify([slice, after, skip])).toString('base64url');
}

/** The place in a client's text; null where it is none. */
export function readPlace(text: string): Place | null {
  try {
    const told: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (!Array.isArray(told) || told.length !== 3) return null;
    const [slice, after, skip]: unknown[] = told;
    const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
    return isCount(slice) && isCount(skip) && (after === null || typeof after === 'string') ? { slice, after, skip } : null;
  } catch {
    return null;
  }
}
