import { setTimeout as wait } from 'node:timers/promises';
import type { QuotaStore } from '@longyuan/inner/hub-stores.ts';
import { GraphQLError } from 'graphql';
import type { DirectoryStore } from '../entries/directory-store.ts';

/**
 * What was taken of the limits of a day, in the directory's database. Each question is one statement, and rows are locked in the order of
 * their names, so that gateways do not wait for each other in a circle.
 */
export function storedQuotas(askStore: DirectoryStore['ask']): QuotaStore {
  const ask = waitAtFirst(askStore);
  return {
    async take(day, takings) {
      const rows = await ask<{ name: string }>(
        `INSERT INTO directory."QuotaUse" AS stored (day, name, taken, used, most)
         SELECT $1::date, asked.* FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[]) AS asked (name, taken, used, most) ORDER BY name
         ON CONFLICT (day, name) DO UPDATE
           SET taken = stored.taken + excluded.taken, used = stored.used + excluded.used, most = excluded.most
           WHERE stored.taken + excluded.taken <= excluded.most
         RETURNING name`,
        [
          day,
          takings.map(({ name }) => name),
          takings.map(({ taken }) => taken),
          takings.map(({ used }) => used),
          takings.map(({ limit }) => limit),
        ],
      );
      return new Set(rows.map(({ name }) => name));
    },
    async change(day, changes) {
      await ask(
        `UPDATE directory."QuotaUse" AS stored SET taken = stored.taken + changed.taken, used = stored.used + changed.used
         FROM (SELECT name FROM directory."QuotaUse" WHERE day = $1::date AND name = ANY($2::text[]) ORDER BY name FOR UPDATE) AS locked
           JOIN unnest($2::text[], $3::bigint[], $4::bigint[]) AS changed (name, taken, used) USING (name)
         WHERE stored.day = $1::date AND stored.name = locked.name`,
        [day, changes.map(({ name }) => name), changes.map(({ taken }) => taken), changes.map(({ used }) => used)],
      );
    },
    async read(day, names) {
      const rows = await ask<{ name: string; taken: number; used: number }>(
        'SELECT name, taken::float8 AS taken, used::float8 AS used FROM directory."QuotaUse" WHERE day = $1::date AND name = ANY($2::text[])',
        [day, names],
      );
      return new Map(rows.map(({ name, ...state }) => [name, state]));
    },
    async forgetBefore(day) {
      await ask('DELETE FROM directory."QuotaUse" WHERE day < $1::date', [day]);
    },
  };
}

const STEP_MS = 100;
const MOST_STEPS = 30;

/** Until the database has answered once, who asks waits for it a moment: the directory is brought up while the first requests come. */
function waitAtFirst(ask: DirectoryStore['ask']): DirectoryStore['ask'] {
  let hasAnswered = false;
  return async (sql, values) => {
    for (let step = 0; ; step += 1) {
      try {
        const rows = await ask(sql, values);
        hasAnswered = true;
        return rows as never;
      } catch (error) {
        const isAway = error instanceof GraphQLError && error.extensions['code'] === 'LIBRARY_UNAVAILABLE';
        if (hasAnswered || !isAway || step >= MOST_STEPS) throw error;
      }
      await wait(STEP_MS);
    }
  };
}
