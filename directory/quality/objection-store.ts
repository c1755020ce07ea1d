import type { DirectoryStore } from '../entries/directory-store.ts';

export type Outcome = 'CORRECTED' | 'CONFIRMED' | 'REFERRED';
export type ObjectionRow = Readonly<{
  id: string;
  providerUscc: string;
  resource: string;
  item: string | null;
  recordKey: string | null;
  reason: string;
  raisedByKind: string;
  raisedByDepartment: string | null;
  raisedAt: Date;
  /** YYYY-MM-DD. */
  dueOn: string;
  answeredAt: Date | null;
  outcome: Outcome | null;
  answer: string | null;
}>;

/** What objections are looked for; what is not said may be anything. */
export type ObjectionFilter = Readonly<{
  provider?: string | null;
  resource?: string | null;
  state?: 'OPEN' | 'ANSWERED' | null;
  overdue?: boolean | null;
}>;

/** A place in the list: the last day, then the id. */
export type ObjectionPlace = Readonly<{ dueOn: string; id: string }>;

type Ask = DirectoryStore['ask'];

/** Objections as the directory stores them. Everything is one statement, and throws as the directory's `ask` does. */
export type ObjectionStore = Readonly<{
  /** False where the resource has `mostOpen` open ones of callers of this kind, or of this department. */
  raise(objection: Omit<ObjectionRow, 'answeredAt' | 'outcome' | 'answer'>, mostOpen: number): Promise<boolean>;
  /** Answers an open objection of the owner; false where there is none of this id, or it was answered. */
  answer(id: string, providerUscc: string, outcome: Outcome, answer: string): Promise<boolean>;
  byId(id: string): Promise<ObjectionRow | null>;
  /** Those that are due first come first. `today` is the day in the province. */
  list(filter: ObjectionFilter, today: string, after: ObjectionPlace | null, limit: number): Promise<readonly ObjectionRow[]>;
  count(filter: ObjectionFilter, today: string): Promise<number>;
}>;

const OBJECTION = `o.id, o."providerUscc", o.resource, o.item, o."recordKey", o.reason, o."raisedByKind", o."raisedByDepartment", o."raisedAt",
  o."dueOn"::text AS "dueOn", o."answeredAt", o.outcome, o.answer`;

export function openObjectionStore(ask: Ask): ObjectionStore {
  return {
    async raise(o, mostOpen) {
      const written = await ask(
        `INSERT INTO directory."Objection"
           (id, "providerUscc", resource, item, "recordKey", reason, "raisedByKind", "raisedByDepartment", "raisedAt", "dueOn")
         SELECT $1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::timestamptz, $10::date
         WHERE (SELECT count(*) FROM directory."Objection" WHERE resource = $3::text AND "answeredAt" IS NULL
           AND "raisedByKind" = $7::text AND "raisedByDepartment" IS NOT DISTINCT FROM $8::text) < $11::int
         RETURNING id`,
        [
          o.id,
          o.providerUscc,
          o.resource,
          o.item,
          o.recordKey,
          o.reason,
          o.raisedByKind,
          o.raisedByDepartment,
          o.raisedAt,
          o.dueOn,
          mostOpen,
        ],
      );
      return written.length > 0;
    },
    async answer(id, providerUscc, outcome, answer) {
      const written = await ask(
        `UPDATE directory."Objection" SET "answeredAt" = now(), outcome = $3, answer = $4
         WHERE id = $1::uuid AND "providerUscc" = $2 AND "answeredAt" IS NULL RETURNING id`,
        [id, providerUscc, outcome, answer],
      );
      return written.length > 0;
    },
    async byId(id) {
      if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return null;
      const [row] = await ask<ObjectionRow>(`SELECT ${OBJECTION} FROM directory."Objection" o WHERE o.id = $1::uuid`, [id]);
      return row ?? null;
    },
    list(filter, today, after, limit) {
      const { sql, values } = conditionOf(filter, today);
      const from = after ? ` AND (o."dueOn", o.id) > ($${values.length + 2}::date, $${values.length + 3}::uuid)` : '';
      return ask<ObjectionRow>(
        `SELECT ${OBJECTION} FROM directory."Objection" o WHERE ${sql}${from} ORDER BY o."dueOn", o.id LIMIT $${values.length + 1}`,
        [...values, limit, ...(after ? [after.dueOn, after.id] : [])],
      );
    },
    async count(filter, today) {
      const { sql, values } = conditionOf(filter, today);
      const [row] = await ask<{ count: number }>(`SELECT count(*)::int AS count FROM directory."Objection" o WHERE ${sql}`, values);
      return row?.count ?? 0;
    },
  };
}

function conditionOf({ provider, resource, state, overdue }: ObjectionFilter, today: string) {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const conditions = ['true'];
  if (provider) conditions.push(`o."providerUscc" = ${bind(provider)}`);
  if (resource) conditions.push(`o.resource = ${bind(resource)}`);
  if (state) conditions.push(`o."answeredAt" IS ${state === 'OPEN' ? '' : 'NOT'} NULL`);
  if (overdue !== null && overdue !== undefined) {
    conditions.push(`${overdue ? '' : 'NOT '}(o."answeredAt" IS NULL AND o."dueOn" < ${bind(today)}::date)`);
  }
  return { sql: conditions.join(' AND '), values };
}
