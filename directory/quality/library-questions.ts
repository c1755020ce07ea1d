import { qualityRoutes } from '@longyuan/trust/routes/quality.ts';
import type { AnswerOf, QuestionOf, Route } from '@longyuan/trust/routes/route.ts';

/** Asks a library one question about quality. Throws where it does not answer as it should. */
type Ask = <Asked extends Route>(library: string, route: Asked, question: QuestionOf<Asked>) => Promise<AnswerOf<Asked>>;

/** The questions about quality. Each throws where the library does not answer as it should. */
export function questionsTo(ask: Ask) {
  const { outline, rows, unique, missing, find } = qualityRoutes;
  return {
    outline: (library: string) => ask(library, outline, { ask: 'outline' }),
    rows: (library: string, table: string, after: string | null) => ask(library, rows, { ask: 'rows', table, after }),
    unique: (library: string, id: string, after: string | null) => ask(library, unique, { ask: 'unique', id, after }),
    missing: async (library: string, key: string, keys: readonly string[]) =>
      (await ask(library, missing, { ask: 'missing', key, keys })).missing,
    find: async (library: string, resource: string, record: string) => (await ask(library, find, { ask: 'find', resource, record })).key,
  };
}

export type LibraryQuestions = ReturnType<typeof questionsTo>;
