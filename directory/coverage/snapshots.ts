import type { DirectoryStore } from '../entries/directory-store.ts';
import { readFigures, type Scope } from './read-figures.ts';
import { scoreOf } from './score-method.ts';

type Ask = DirectoryStore['ask'];
/** Snapshots of one statement. */
const CHUNK = 1_000;

/** How the figures of a part of the province are kept. */
export function snapshotScope({ division, provider, library }: Scope): string | null {
  const said = Object.entries({ division, provider, library }).filter(([, value]) => value !== null);
  if (said.length > 1) return null;
  const [[kind, value] = ['', '']] = said;
  if (kind === 'division') return `division/${(value ?? '').slice(0, 4).padEnd(6, '0')}`;
  return kind === '' ? 'province' : `${kind}/${value}`;
}

/** Keeps the figures of the day, over those that were taken on it before: of the province, each prefecture, library and provider. */
export async function takeSnapshots(ask: Ask, today: string): Promise<void> {
  const groups = {
    province: `'province'`,
    division: `'division/' || rpad(left(c.division, 4), 6, '0')`,
    library: `'library/' || c.library`,
    provider: `'provider/' || c."providerUscc"`,
  };
  for (const scope of Object.values(groups)) {
    const found = (await readFigures(ask, { by: scope })).filter(({ key }) => key !== null);
    for (let place = 0; place < found.length; place += CHUNK) {
      const rows = found
        .slice(place, place + CHUNK)
        .map(({ key, counts, values }) => ({ scope: key, score: scoreOf(values), figures: counts }));
      await ask(
        `INSERT INTO directory."CoverageSnapshot" AS kept (scope, day, score, figures)
         SELECT scope, $2::date, score, figures FROM json_to_recordset($1::json) AS given(scope text, score numeric, figures jsonb) ORDER BY scope
         ON CONFLICT (scope, day) DO UPDATE SET score = excluded.score, figures = excluded.figures WHERE kept.figures <> excluded.figures OR kept.score IS DISTINCT FROM excluded.score`,
        [JSON.stringify(rows), today],
      );
    }
  }
}
