import type { GrantDeed } from '@longyuan/trust/grant-deed.ts';
import type { ListedGrant } from '@longyuan/trust/grant-head.ts';
import type { GrantRevocation } from '@longyuan/trust/grant-revocation.ts';
import type { SignedContent } from '@longyuan/trust/signed-content.ts';

/** One statement with its values: its rows. */
export type Ask = <Row extends object>(sql: string, values: readonly unknown[]) => Promise<readonly Row[]>;

/** The head as it is stored; unsigned where the hub that wrote it was older than its signing. */
export type StoredHead = Readonly<{ epoch: string; version: number; content: string | null; signature: string | null }>;
/** A row of the list as the head has it: its digest. `stamp` changes whenever anybody writes the row. */
export type ListedRow = Readonly<{ id: string; digest: string | null; stamp: string }>;
/** A row with all of its columns. Only what is signed counts; the others are there to find it, and must agree with it. */
export type DeedRow = ListedGrant &
  Readonly<{
    digest: string | null;
    stamp: string;
    consumer: string;
    application: string;
    until: Date;
    revokedAt: Date | null;
    revokedBy: string | null;
    revokedFor: string | null;
  }>;

type ApplicationState = 'OPEN' | 'GRANTED' | 'REFUSED';
/**
 * What was asked for, as JSON text, with the owner's signature over it (null: older than such are signed), and what became of it; where it was
 * granted, the row of the list. Moments are RFC 3339.
 */
export type ApplicationRow = Readonly<{
  no: string;
  consumer: string;
  terms: string;
  signature: string | null;
  state: ApplicationState;
  appliedAt: string;
  answeredAt: string | null;
  reason: string | null;
  granted: ListedGrant | null;
}>;
type NewApplication = Readonly<{ no: string; consumer: string; terms: string; signature: string; digest: string; by: string; at: Date }>;
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

/** The next head, and the signature of the one that it takes the place of: a change is made on top of that or not at all. */
export type HeadStep = Readonly<{ before: string | null; epoch: string; version: number }> & SignedContent;
/** `moved`: another process changed the list meanwhile, and nothing was written. `closed`: there is nothing to answer or revoke any more. */
export type ChangeOutcome = 'written' | 'moved' | 'closed';

/** The questions that an owner asks of what it keeps of grants. Every change is one statement: it happens whole or not at all. */
export type GrantStore = Readonly<{
  /** A text that is another after whatever was written to the library's list, by whomever. */
  stamp(): Promise<string>;
  /** The head and every row's digest, as they stood in one moment. */
  list(): Promise<Readonly<{ head: StoredHead | null; rows: readonly ListedRow[] }>>;
  deeds(ids: readonly string[]): Promise<readonly DeedRow[]>;
  /** False where the same consumer has asked for the same already, and nobody has answered. */
  addApplication(application: NewApplication): Promise<boolean>;
  application(no: string): Promise<ApplicationRow | null>;
  applicationOfGrant(id: string): Promise<ApplicationRow | null>;
  applications(filter: ApplicationFilter, limit: number): Promise<readonly ApplicationRow[]>;
  countApplications(filter: ApplicationFilter): Promise<number>;
  /** Writes the signed deed and closes its application. */
  grant(answer: Answer, deed: GrantDeed, row: SignedContent & Readonly<{ digest: string }>, head: HeadStep): Promise<ChangeOutcome>;
  refuse(answer: Answer): Promise<boolean>;
  revoke(revocation: GrantRevocation, row: SignedContent & Readonly<{ digest: string }>, head: HeadStep): Promise<ChangeOutcome>;
  /** Gives the list a head over these rows as they stand, with these revocations; false where the head moved meanwhile. */
  seal(rows: readonly SealedRow[], head: HeadStep): Promise<boolean>;
}>;
/** What a row of the list is written over with as the whole list is signed. */
export type SealedRow = Readonly<{ id: string; digest: string; revocation: (GrantRevocation & SignedContent) | null }>;

/** The channel on which processes of a library tell each other (NOTIFY) that its list has changed; the payload is the library's name. */
export const CHANGES = 'longyuan_grants';

/** The head that a change is made on top of, locked until the statement is over; nothing where another process was quicker. */
const LOCKED = 'locked AS MATERIALIZED (SELECT 1 FROM hub.grant_state WHERE library = $1 AND signature IS NOT DISTINCT FROM $2 FOR UPDATE)';
const stepOnce = (changed: string): string =>
  `UPDATE hub.grant_state SET epoch = $3, version = $4, content = $5, signature = $6 WHERE library = $1 AND EXISTS (SELECT FROM ${changed})`;
const outcomeOf = (changed: string): string =>
  `SELECT EXISTS (SELECT FROM locked) AS locked, EXISTS (SELECT FROM ${changed}) AS changed,
     CASE WHEN EXISTS (SELECT FROM ${changed}) THEN pg_notify('${CHANGES}', $1)::text END`;
type Outcome = Readonly<{ locked: boolean; changed: boolean }>;

/** The statements over `hub.grant_*` of one library. */
export function openGrantStore(library: string, ask: Ask): GrantStore {
  const isDone = (rows: readonly object[]): boolean => rows.length > 0;
  const stepOf = ({ before, epoch, version, content, signature }: HeadStep) => [library, before, epoch, version, content, signature];
  async function askApplications(which: string, values: readonly unknown[]): Promise<readonly ApplicationRow[]> {
    type Row = Omit<ApplicationRow, 'granted' | 'signature'> &
      Omit<ListedGrant, 'id' | 'version'> &
      Readonly<{ id: string | null; version: string; applied: string | null }>;
    const rows = await ask<Row>(`${APPLICATIONS} ${which}`, values);
    return rows.map(({ id, version, content, signature, revocation, revocationSignature, applied, ...application }) => ({
      ...application,
      signature: applied,
      granted: id === null ? null : { id, version: Number(version), content, signature, revocation, revocationSignature },
    }));
  }
  const readOutcome = ([row]: readonly Outcome[]): ChangeOutcome => (!row?.locked ? 'moved' : row.changed ? 'written' : 'closed');
  return {
    async stamp() {
      const [row] = await ask<{ stamp: string }>(
        `SELECT concat((SELECT concat(xmin, ctid, signature) FROM hub.grant_state WHERE library = $1), ' ', count(*), ' ',
           sum(hashtextextended(concat(xmin, ctid), 0))) AS stamp FROM hub.grant_deed WHERE library = $1`,
        [library],
      );
      return row?.stamp ?? '';
    },
    async list() {
      type Row = Omit<StoredHead, 'version'> & ListedRow & Readonly<{ version: string; isHead: boolean }>;
      const found = await ask<Row>(
        `SELECT true AS "isHead", '' AS id, NULL AS digest, '' AS stamp, epoch, version, content, signature
           FROM hub.grant_state WHERE library = $1
         UNION ALL SELECT false, id, digest, concat(xmin, ctid), '', 0, NULL, NULL FROM hub.grant_deed WHERE library = $1`,
        [library],
      );
      const head = found.find(({ isHead }) => isHead);
      return {
        head: head ? { epoch: head.epoch, version: Number(head.version), content: head.content, signature: head.signature } : null,
        rows: found.flatMap(({ isHead, id, digest, stamp }) => (isHead ? [] : [{ id, digest, stamp }])),
      };
    },
    async deeds(ids) {
      const rows = await ask<Omit<DeedRow, 'version'> & { version: string }>(
        `SELECT id, version, content, signature, revocation, "revocationSignature", digest, concat(xmin, ctid) AS stamp,
           consumer, application, until, "revokedAt", "revokedBy", "revokedFor"
         FROM hub.grant_deed WHERE library = $1 AND id = ANY($2::text[])`,
        [library, ids],
      );
      return rows.map((row) => ({ ...row, version: Number(row.version) }));
    },
    async addApplication({ no, consumer, terms, signature, digest, by, at }) {
      return isDone(
        await ask(
          `INSERT INTO hub.grant_application (library, no, consumer, terms, signature, digest, state, "appliedBy", "appliedAt")
           VALUES ($1, $2, $3, $4, $5, $6, 'OPEN', $7, $8) ON CONFLICT (library, digest) WHERE state = 'OPEN' DO NOTHING RETURNING no`,
          [library, no, consumer, terms, signature, digest, by, at],
        ),
      );
    },
    application: async (no) => (await askApplications('AND a.no = $2', [library, no]))[0] ?? null,
    applicationOfGrant: async (id) => (await askApplications('AND d.id = $2', [library, id]))[0] ?? null,
    applications: (filter, limit) =>
      askApplications(`${FILTERED} ORDER BY a."appliedAt" DESC, a.no COLLATE "C" LIMIT $9`, [...valuesOf(library, filter), limit]),
    async countApplications(filter) {
      const [row] = await ask<{ count: string }>(`SELECT count(*) AS count ${STORED} ${FILTERED}`, valuesOf(library, filter));
      return Number(row?.count ?? 0);
    },
    async grant({ no, by, at, reason }, { id, consumer, until }, { content, signature, digest }, head) {
      return readOutcome(
        await ask<Outcome>(
          `WITH ${LOCKED}, answered AS (
             UPDATE hub.grant_application SET state = 'GRANTED', "answeredBy" = $8, "answeredAt" = $9, reason = $10
             WHERE library = $1 AND no = $7 AND state = 'OPEN' AND EXISTS (SELECT FROM locked) RETURNING no
           ), headed AS (${stepOnce('answered')}), given AS (
             INSERT INTO hub.grant_deed (library, id, application, consumer, until, content, signature, digest, version)
             SELECT $1, $11::text, no, $12::text, $13::timestamptz, $14::text, $15::text, $16::text, $4::bigint FROM answered
           ) ${outcomeOf('answered')}`,
          [...stepOf(head), no, by, at, reason, id, consumer, until, content, signature, digest],
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
    async revoke({ grant, revokedAt, revokedBy, revokedFor }, { content, signature, digest }, head) {
      return readOutcome(
        await ask<Outcome>(
          `WITH ${LOCKED}, ended AS (
             UPDATE hub.grant_deed SET version = $4, "revokedAt" = $8, "revokedBy" = $9, "revokedFor" = $10,
               revocation = $11, "revocationSignature" = $12, digest = $13
             WHERE library = $1 AND id = $7 AND revocation IS NULL AND EXISTS (SELECT FROM locked) RETURNING id
           ), headed AS (${stepOnce('ended')}) ${outcomeOf('ended')}`,
          [...stepOf(head), grant, revokedAt, revokedBy, revokedFor, content, signature, digest],
        ),
      );
    },
    async seal(rows, head) {
      await ask('INSERT INTO hub.grant_state (library, epoch, version) VALUES ($1, $2, 0) ON CONFLICT (library) DO NOTHING', [
        library,
        head.epoch,
      ]);
      const of = (read: (row: SealedRow) => string | null | undefined) => rows.map((row) => read(row) ?? null);
      const [row] = await ask<Outcome>(
        `WITH ${LOCKED}, written AS (
           UPDATE hub.grant_deed d SET digest = given.digest, revocation = given.revocation, "revocationSignature" = given.signature,
             "revokedAt" = given."revokedAt", "revokedBy" = given."revokedBy", "revokedFor" = given."revokedFor"
           FROM unnest($7::text[], $8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::text[], $13::text[])
             AS given (id, digest, revocation, signature, "revokedAt", "revokedBy", "revokedFor")
           WHERE d.library = $1 AND d.id = given.id AND EXISTS (SELECT FROM locked)
         ), headed AS (${stepOnce('locked')}) ${outcomeOf('locked')}`,
        [
          ...stepOf(head),
          ...[of(({ id }) => id), of(({ digest }) => digest)],
          ...[of(({ revocation }) => revocation?.content), of(({ revocation }) => revocation?.signature)],
          ...[of(({ revocation }) => revocation?.revokedAt), of(({ revocation }) => revocation?.revokedBy)],
          of(({ revocation }) => revocation?.revokedFor),
        ],
      );
      return row?.locked ?? false;
    },
  };
}

const rfc3339 = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const STORED = `FROM hub.grant_application a LEFT JOIN hub.grant_deed d ON d.library = a.library AND d.application = a.no
  WHERE a.library = $1`;

const APPLICATIONS = `SELECT a.no, a.consumer, a.terms, a.signature AS applied, a.state, CASE WHEN a."appliedAt" < '10000-01-01' THEN ${rfc3339('a."appliedAt"')}
      ELSE '9999-12-31T23:59:59.999Z' END AS "appliedAt",
    ${rfc3339('a."answeredAt"')} AS "answeredAt", a.reason, d.id, d.version, d.content, d.signature, d.revocation, d."revocationSignature"
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
