import { z } from 'zod';

/** Asks a library one question about quality; the answer is JSON of its `POST /quality`. */
export type AskLibrary = (library: string, question: Readonly<Record<string, unknown>>) => Promise<unknown>;

const tally = z.object({ id: z.string(), rows: z.number(), failing: z.number(), samples: z.array(z.string()) });
const outline = z.object({
  tables: z.array(z.string()),
  unique: z.array(z.object({ id: z.string(), table: z.string(), isIndexed: z.boolean() })),
  unmeasurable: z.array(z.string()),
});
const measured = z.object({
  rows: z.number(),
  next: z.string().nullable(),
  tallies: z.array(tally),
  references: z.array(z.object({ id: z.string(), rows: z.number(), keys: z.array(z.tuple([z.string(), z.string().nullable()])) })),
});
const unique = z.object({ tally, next: z.string().nullable() });
const missing = z.object({ missing: z.array(z.string()) });
const found = z.object({ key: z.string().nullable() });

/** The questions that `subgraphs/serve/quality/answer-quality.ts` answers. Each throws where the library does not answer as it should. */
export function questionsTo(ask: AskLibrary) {
  return {
    outline: async (library: string) => outline.parse(await ask(library, { ask: 'outline' })),
    rows: async (library: string, table: string, after: string | null) => measured.parse(await ask(library, { ask: 'rows', table, after })),
    unique: async (library: string, id: string, after: string | null) => unique.parse(await ask(library, { ask: 'unique', id, after })),
    missing: async (library: string, key: string, keys: readonly string[]) =>
      missing.parse(await ask(library, { ask: 'missing', key, keys })).missing,
    find: async (library: string, resource: string, record: string) =>
      found.parse(await ask(library, { ask: 'find', resource, record })).key,
  };
}

export type LibraryQuestions = ReturnType<typeof questionsTo>;
