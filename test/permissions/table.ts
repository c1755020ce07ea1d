import type { Suite } from './open-suite.ts';
import { findRoutes, type Route, STYLES, type Style, writeOperation } from './routes.ts';
import { type Referred, RefusedForAllError, refer, tryAs } from './try-operation.ts';

/** One part of the table: some routes, in one style of writing, tried as every asker. */
export type Finding = Readonly<{ style: Style; routes: readonly string[]; asker: string; differences: readonly string[] }>;

const ROUTES_AT_ONCE: Readonly<Record<Style, number>> = { plain: 6, alias: 3, 'inline fragment': 6, 'named fragment': 6, 'one by one': 1 };

/** Askers at a time: a hub under test is no hub under load. */
const AT_ONCE = 4;

/**
 * Tries the whole table, and yields each part as it is done. Written plainly it is tried as everyone; written otherwise, as those whose
 * answers differ from row to row, and alone where the item's own rows decide.
 */
export async function* tryTable(
  { tried, rules: all, specimens }: Pick<Suite, 'tried' | 'rules' | 'specimens'>,
  styles: readonly Style[] = STYLES,
): AsyncGenerator<Finding> {
  const found = findRoutes(tried.model);
  for (const style of styles) {
    const routes = style === 'one by one' ? found.filter(({ steps, filter }) => steps.length === 1 && filter === null) : found;
    const rules = style === 'plain' ? all : all.filter(({ asker }) => asker.isNarrow);
    for (let from = 0; from < routes.length; from += ROUTES_AT_ONCE[style]) {
      const some = routes.slice(from, from + ROUTES_AT_ONCE[style]);
      for (const { operation, taken } of await referTogether(some, style)) {
        const left = [...rules];
        const findings: Pick<Finding, 'asker' | 'differences'>[] = [];
        const takeTurns = async () => {
          for (let each = left.pop(); each; each = left.pop()) {
            findings.push({ asker: each.asker.name, differences: await tryAs(tried, operation, each) });
          }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, takeTurns));
        for (const each of findings) yield { style, routes: taken.map(nameRoute), ...each };
      }
    }
  }

  /** Several routes in one operation; one by one where one of them is malformed by itself (`radius` without `near`), and then without that. */
  async function referTogether(some: readonly Route[], style: Style): Promise<readonly Together[]> {
    const text = writeOperation(tried.model, some, style, specimens);
    if (text.startsWith('query Table {  }')) return [];
    try {
      return [{ operation: await refer(tried, { text, variables: {} }), taken: some }];
    } catch (error) {
      if (!(error instanceof RefusedForAllError)) throw error;
      if (some.length === 1) return [];
      return (await Promise.all(some.map((route) => referTogether([route], style)))).flat();
    }
  }
}

type Together = Readonly<{ operation: Referred; taken: readonly Route[] }>;

/** `person.licenses.holder`. */
function nameRoute({ steps, filter }: Route): string {
  return `${steps.map(({ field, on }) => (on === null ? field : `${on}.${field}`)).join('.')}${filter === null ? '' : ` by ${filter}`}`;
}
