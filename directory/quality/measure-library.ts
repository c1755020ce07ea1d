import { setTimeout as wait } from 'node:timers/promises';
import { findKey, type QualityCheck } from '@longyuan/schema/src/quality/quality-checks.ts';
import type { SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import { qualityRoutes } from '@longyuan/trust/routes/quality.ts';
import type { AnswerOf, QuestionOf, Route } from '@longyuan/trust/routes/route.ts';
import type { Finding } from './quality-store.ts';

/** Most keys of failing rows that a finding names. */
const MOST_SAMPLES = 5;
/** Keys that one question asks an owner for. */
const KEYS_A_QUESTION = 200;
/** Without an index each statement of an ordered walk sorts the table: larger ones are not walked so. */
const MOST_ROWS_WITHOUT_INDEX = 20_000;
/** A run works a third of the time at most: after each question it pauses for twice as long as the answer took, and so long at least. */
const PAUSES_A_QUESTION = 2;
const LEAST_PAUSE_MS = 10;
/** A question that fails is asked again, as after a restart of the library; then the run fails. */
const TRIES = 4;
const RETRY_MS = 2_000;

type Sum = { rows: number; failing: number; samples: string[] };

/**
 * Measures one library over all of its rows: short questions one after the other, with pauses between them. Whether what rows refer to
 * exists is asked of the library that owns it.
 * @throws Error where a library stops answering, or when the signal ends it.
 */
export async function measureLibrary(parts: {
  library: string;
  facts: SharingFacts;
  checks: readonly QualityCheck[];
  questions: LibraryQuestions;
  signal: AbortSignal;
}): Promise<Readonly<{ rows: number; findings: readonly Finding[] }>> {
  const { library, facts, questions, signal } = parts;
  const checks = parts.checks.filter((check) => check.library === library);
  const sums = new Map(checks.map(({ id }) => [id, { rows: 0, failing: 0, samples: [] } as Sum]));
  const unmeasured = new Set<string>();
  const politely = <Answer>(question: () => Promise<Answer>) => askPolitely(question, signal);

  const add = (id: string, more: Readonly<{ rows: number; failing: number; samples: readonly string[] }>): void => {
    const sum = sums.get(id);
    if (!sum) return;
    sum.rows += more.rows;
    sum.failing += more.failing;
    sum.samples.push(...more.samples.slice(0, MOST_SAMPLES - sum.samples.length));
  };

  const outline = await politely(() => questions.outline(library));
  for (const id of outline.unmeasurable) unmeasured.add(id);
  const rowsOf = new Map<string, number>();
  for (const table of outline.tables) {
    await walk(async (after) => {
      const measured = await politely(() => questions.rows(library, table, after));
      rowsOf.set(table, (rowsOf.get(table) ?? 0) + measured.rows);
      for (const tally of measured.tallies) add(tally.id, tally);
      for (const { id, rows, keys } of measured.references) {
        const check = checks.find((each) => each.id === id);
        const owner = check?.expects ? findKey(facts, check.expects) : null;
        if (!check?.expects || owner === null) unmeasured.add(id);
        else add(id, { rows, ...(await countMissing(check.expects, owner.library, keys)) });
      }
      return measured.next;
    });
  }
  for (const { id, table, isIndexed } of outline.unique) {
    if (!isIndexed && (rowsOf.get(table) ?? Number.POSITIVE_INFINITY) > MOST_ROWS_WITHOUT_INDEX) {
      unmeasured.add(id);
      continue;
    }
    await walk(async (after) => {
      const { tally, next } = await politely(() => questions.unique(library, id, after));
      add(id, tally);
      return next;
    });
  }

  async function countMissing(key: string, owner: string, keys: readonly (readonly [string, string | null])[]) {
    const rowsByKey = Map.groupBy(keys, ([refersTo]) => refersTo);
    const asked = [...rowsByKey.keys()];
    const missing: (string | null)[] = [];
    for (let from = 0; from < asked.length; from += KEYS_A_QUESTION) {
      const some = asked.slice(from, from + KEYS_A_QUESTION);
      const gone = await politely(() => questions.missing(owner, key, some));
      missing.push(...gone.flatMap((each) => (rowsByKey.get(each) ?? []).map(([, row]) => row)));
    }
    return { failing: missing.length, samples: missing.filter((row) => row !== null).slice(0, MOST_SAMPLES) };
  }

  const findings = checks.map((check) => {
    const { rows, failing, samples } = sums.get(check.id) ?? { rows: 0, failing: 0, samples: [] };
    return { check, rows, failing, isMeasured: !unmeasured.has(check.id), sampleKeys: samples };
  });
  return { rows: [...rowsOf.values()].reduce((all, rows) => all + rows, 0), findings };
}

/** Takes steps, each from the place that the one before gave, until none is given. */
async function walk(step: (after: string | null) => Promise<string | null>): Promise<void> {
  for (let after = await step(null); after !== null; after = await step(after));
}

async function askPolitely<Answer>(question: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    signal.throwIfAborted();
    const startedAt = performance.now();
    try {
      const answer = await question();
      await wait(Math.max(LEAST_PAUSE_MS, PAUSES_A_QUESTION * (performance.now() - startedAt)), undefined, { signal });
      return answer;
    } catch (error) {
      if (tries === TRIES || signal.aborted) throw error;
      await wait(RETRY_MS, undefined, { signal });
    }
  }
}

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
