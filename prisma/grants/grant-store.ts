import { randomUUID } from 'node:crypto';
import type { GrantDeed, SignedDeed } from '@longyuan/trust/grant-deed.ts';

/** One statement with its values: its rows. */
export type Ask = <Row extends object>(sql: string, values: readonly unknown[]) => Promise<readonly Row[]>;

/** How far the deeds of a library have come. Within an epoch the version grows with every deed that is written or revoked. */
export type GrantPlace = Readonly<{ epoch: string; version: number }>;
/** A deed as it stands since the change of this version. `id` and `isRevoked` are the row's own; the rest is what was signed. */
export type DeedRow = SignedDeed & Readonly<{ id: string; version: number; isRevoked: boolean }>;

type ApplicationState = 'OPEN' | 'GRANTED' | 'REFUSED';
/** What was asked for, as JSON text, and what became of it. Where it was granted, `deed` is what was signed. Moments are RFC 3339. */
export type ApplicationRow = Readonly<{
  no: string;
  consumer: string;
  terms: string;
  state: ApplicationState;
  appliedAt: string;
  answeredAt: string | null;
  reason: string | null;
  grantId: string | null;
  deed: string | null;
  revokedAt: string | null;
  revokedFor: string | null;
}>;
type NewApplication = Readonly<{ no: string; consumer: string; terms: string; digest: string; by: string; at: Date }>;
type Answer = Readonly<{ no: string; by: string; at: Date; reason: string | null }>;
/** Codes from `gte` to before `lt`, and those that are named. */
type Divisions = Readonly<{ gte: string; lt: string; or: readonly string[] }>;
/**
 * Which applications: of one consumer or of all, for these divisions (where it was granted, those of the grant) or for any, in one state or in
 * any, after a place in the walk from the latest on.
 */
export type ApplicationFilter = Readonly<{
  consumer: string | null;
  divisions: Divisions | null;
  state: ApplicationState | null;
  after: Readonly<{ at: string; no: string }> | null;
}>;

/** The questions that an owner asks of what it keeps of grants. Every change is one statement: it happens whole or not at all. */
export type GrantStore = Readonly<{
  place(): Promise<GrantPlace>;
  /** The deeds changed after a version, by version, at most `limit`; those that ended before `endedAfter` are left out. */
  changesAfter(version: number, endedAfter: Date, limit: number): Promise<readonly DeedRow[]>;
  /** False where the same consumer has asked for the same already, and nobody has answered. */
  addApplication(application: NewApplication): Promise<boolean>;
  application(no: string): Promise<ApplicationRow | null>;
  applicationOfGrant(id: string): Promise<ApplicationRow | null>;
  applications(filter: ApplicationFilter, limit: number): Promise<readonly ApplicationRow[]>;
  countApplications(filter: ApplicationFilter): Promise<number>;
  /** Writes the signed deed and closes its application; false where that is not open any more. */
  grant(answer: Answer, deed: GrantDeed, signed: SignedDeed): Promise<boolean>;
  refuse(answer: Answer): Promise<boolean>;
  /** False where it was revoked before. */
  revoke(revocation: Readonly<{ id: string; by: string; at: Date; reason: string }>): Promise<boolean>;
}>;

/** The next version of the library's deeds. It holds its row until the statement is over, so that versions come in the order of their numbers. */
const NEXT = `next AS (
    INSERT INTO hub.grant_state AS stored (library, epoch, version) VALUES ($1, $2, 1)
    ON CONFLICT (library) DO UPDATE SET version = stored.version + 1 RETURNING version
  )`;

/** The statements over `hub.grant_*` of one library. */
export function openGrantStore(library: string, ask: Ask): GrantStore {
  const isDone = (rows: readonly object[]): boolean => rows.length > 0;
  return {
    async place() {
      const [row] = await ask<{ epoch: string; version: string }>('SELECT epoch, version FROM hub.grant_state WHERE library = $1', [
        library,
      ]);
      return row ? { epoch: row.epoch, version: Number(row.version) } : { epoch: '', version: 0 };
    },
    async changesAfter(version, endedAfter, limit) {
      const rows = await ask<Omit<DeedRow, 'version'> & { version: string }>(
        `SELECT id, content, signature, version, "revokedAt" IS NOT NULL AS "isRevoked" FROM hub.grant_deed
         WHERE library = $1 AND version > $2 AND until > $3 ORDER BY version LIMIT $4`,
        [library, version, endedAfter, limit],
      );
      return rows.map((row) => ({ ...row, version: Number(row.version) }));
    },
    async addApplication({ no, consumer, terms, digest, by, at }) {
      return isDone(
        await ask(
          `INSERT INTO hub.grant_application (library, no, consumer, terms, digest, state, "appliedBy", "appliedAt")
           VALUES ($1, $2, $3, $4, $5, 'OPEN', $6, $7) ON CONFLICT (library, digest) WHERE state = 'OPEN' DO NOTHING RETURNING no`,
          [library, no, consumer, terms, digest, by, at],
        ),
      );
    },
    application: async (no) => (await ask<ApplicationRow>(`${APPLICATIONS} AND a.no = $2`, [library, no]))[0] ?? null,
    applicationOfGrant: async (id) => (await ask<ApplicationRow>(`${APPLICATIONS} AND d.id = $2`, [library, id]))[0] ?? null,
    applications: (filter, limit) =>
      ask<ApplicationRow>(`${APPLICATIONS} ${FILTERED} ORDER BY a."appliedAt" DESC, a.no COLLATE "C" LIMIT $9`, [
        ...valuesOf(library, filter),
        limit,
      ]),
    async countApplications(filter) {
      const [row] = await ask<{ count: string }>(`SELECT count(*) AS count ${STORED} ${FILTERED}`, valuesOf(library, filter));
      return Number(row?.count ?? 0);
    },
    async grant({ no, by, at, reason }, { id, consumer, until }, { content, signature }) {
      return isDone(
        await ask(
          `WITH answered AS (
             UPDATE hub.grant_application SET state = 'GRANTED', "answeredBy" = $4, "answeredAt" = $5, reason = $6
             WHERE library = $1 AND no = $3 AND state = 'OPEN' RETURNING no
           ), ${NEXT}
           INSERT INTO hub.grant_deed (library, id, application, consumer, until, content, signature, version)
           SELECT $1, $7::text, answered.no, $8::text, $9::timestamptz, $10::text, $11::text, next.version FROM answered, next RETURNING id`,
          [library, randomUUID(), no, by, at, reason, id, consumer, until, content, signature],
        ),
      );
    },
    async refuse({ no, by, at, reason }) {
      return isDone(
        await ask(
          `UPDATE hub.grant_application SET state = 'REFUSED', "answeredBy" = $3, "answeredAt" = $4, reason = $5
           WHERE library = $1 AND no = $2 AND state = 'OPEN' RETURNING no`,
          [library, no, by, at, reason],
        ),
      );
    },
    async revoke({ id, by, at, reason }) {
      return isDone(
        await ask(
          `WITH ${NEXT}
           UPDATE hub.grant_deed SET version = next.version, "revokedAt" = $4, "revokedBy" = $5, "revokedFor" = $6
           FROM next WHERE library = $1 AND id = $3 AND "revokedAt" IS NULL RETURNING id`,
          [library, randomUUID(), id, at, by, reason],
        ),
      );
    },
  };
}

const rfc3339 = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const STORED = `FROM hub.grant_application a LEFT JOIN hub.grant_deed d ON d.library = a.library AND d.application = a.no
  WHERE a.library = $1`;

const APPLICATIONS = `SELECT a.no, a.consumer, a.terms, a.state, ${rfc3339('a."appliedAt"')} AS "appliedAt",
    ${rfc3339('a."answeredAt"')} AS "answeredAt", a.reason, d.id AS "grantId", d.content AS deed,
    ${rfc3339('d."revokedAt"')} AS "revokedAt", d."revokedFor"
  ${STORED}`;

/** What was signed or asked for is JSON without blanks, and a quotation mark in a text of it has a backslash before it. */
const divisionIn = (json: string): string => `substring(${json} from '"division":"([0-9]{6,12})"')`;
const DIVISION = `coalesce(${divisionIn('d.content')}, ${divisionIn('a.terms')}) COLLATE "C"`;

const FILTERED = `AND ($2::text IS NULL OR a.consumer = $2) AND ($3::text IS NULL OR a.state = $3)
  AND ($4::timestamptz IS NULL OR a."appliedAt" < $4 OR (a."appliedAt" = $4 AND a.no COLLATE "C" > $5))
  AND ($6::text IS NULL OR (${DIVISION} >= $6 AND ${DIVISION} < $7) OR ${DIVISION} = ANY($8::text[]))`;

function valuesOf(library: string, { consumer, state, after, divisions }: ApplicationFilter): readonly unknown[] {
  const { gte, lt, or } = divisions ?? { gte: null, lt: null, or: [] };
  return [library, consumer, state, after?.at ?? null, after?.no ?? null, gte, lt, or];
}
