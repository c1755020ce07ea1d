import type { QualityCheck, QualityRule } from '@longyuan/schema/src/quality/quality-checks.ts';
import type { DirectoryStore } from '../entries/directory-store.ts';

type RunState = 'WAITING' | 'RUNNING' | 'DONE' | 'FAILED';
type RunRow = Readonly<{ id: string; library: string; state: RunState; startedAt: Date; finishedAt: Date | null; rows: number }>;

/** What one check found in a run. */
export type Finding = Readonly<{ check: QualityCheck; rows: number; failing: number; isMeasured: boolean; sampleKeys: readonly string[] }>;

/** A finding as it is stored, with the moment its run ended; null, with no rows, for a rule that no run has measured yet. */
export type FindingRow = Readonly<{
  check: string;
  resource: string;
  item: string | null;
  coordinate: string;
  rule: QualityRule;
  expects: string | null;
  ofRows: string | null;
  rows: number;
  failing: number;
  isMeasured: boolean;
  sampleKeys: readonly string[];
  measuredAt: Date | null;
}>;

type Ask = DirectoryStore['ask'];

/** Runs kept of each library: a year and more of daily ones. Older ones go when one ends. */
const MOST_RUNS = 400;
/** A run that has not ended after so long was cut off with the gateway that drove it. */
const LONGEST_RUN_HOURS = 12;

/** The quality of data as the directory stores it. Everything is one statement, and throws as the directory's `ask` does. */
export type QualityStore = Readonly<{
  /** Writes down a run that waits; the same library's runs that were cut off are FAILED. */
  openRun(id: string, library: string): Promise<void>;
  beginRun(id: string): Promise<void>;
  /** Writes what a run found, all of it or nothing, and lets go of the oldest runs. */
  endRun(run: Readonly<{ id: string; library: string; rows: number }>, findings: readonly Finding[]): Promise<void>;
  failRun(id: string): Promise<void>;
  /** The latest first. */
  runs(library: string | null, limit: number): Promise<readonly RunRow[]>;
  /** Libraries of which a run began since then. */
  librariesSince(moment: Date): Promise<readonly string[]>;
  /** Of the latest run that is done, by check. */
  findingsOfItems(items: readonly string[]): Promise<readonly FindingRow[]>;
  findingsOfResources(resources: readonly string[]): Promise<readonly FindingRow[]>;
  /** Of each check the latest `limit`, the latest first. */
  history(checks: readonly string[], limit: number): Promise<readonly FindingRow[]>;
}>;

const FINDING = `f."check", f.resource, f.item, f.coordinate, f.rule, f.expects, f."ofRows", f.rows::float8 AS rows, f.failing::float8 AS failing,
  f.measured AS "isMeasured", f."sampleKeys", r."finishedAt" AS "measuredAt"`;
const LATEST = `FROM directory."QualityFinding" f JOIN directory."QualityRun" r ON r.id = f."runId"
  WHERE r.id IN (SELECT DISTINCT ON (library) id FROM directory."QualityRun" WHERE state = 'DONE' ORDER BY library, "finishedAt" DESC)`;

export function openQualityStore(ask: Ask): QualityStore {
  return {
    async openRun(id, library) {
      await ask(
        `WITH cut AS (UPDATE directory."QualityRun" SET state = 'FAILED', "finishedAt" = now()
           WHERE library = $2 AND state IN ('WAITING', 'RUNNING') AND "startedAt" < now() - make_interval(hours => ${LONGEST_RUN_HOURS}))
         INSERT INTO directory."QualityRun" (id, library, state, "startedAt", rows) VALUES ($1, $2, 'WAITING', now(), 0)`,
        [id, library],
      );
    },
    async beginRun(id) {
      await ask(`UPDATE directory."QualityRun" SET state = 'RUNNING', "startedAt" = now() WHERE id = $1`, [id]);
    },
    async endRun({ id, library, rows }, findings) {
      await ask(
        `WITH written AS (
           INSERT INTO directory."QualityFinding"
             ("runId", "check", resource, item, coordinate, rule, expects, "ofRows", rows, failing, measured, "sampleKeys")
           SELECT $1::uuid, f."check", f.resource, f.item, f.coordinate, f.rule, f.expects, f."ofRows", f.rows, f.failing, f.measured, f."sampleKeys"
           FROM json_to_recordset($4::json) AS f("check" text, resource text, item text, coordinate text, rule text, expects text,
             "ofRows" text, rows bigint, failing bigint, measured boolean, "sampleKeys" text[])),
         old AS (DELETE FROM directory."QualityRun" WHERE id IN (
           SELECT id FROM directory."QualityRun" WHERE library = $2 AND id <> $1::uuid ORDER BY "startedAt" DESC OFFSET ${MOST_RUNS - 1}))
         UPDATE directory."QualityRun" SET state = 'DONE', "finishedAt" = now(), rows = $3 WHERE id = $1::uuid`,
        [id, library, rows, JSON.stringify(findings.map(rowOf))],
      );
    },
    async failRun(id) {
      await ask(`UPDATE directory."QualityRun" SET state = 'FAILED', "finishedAt" = now() WHERE id = $1`, [id]);
    },
    runs: (library, limit) =>
      ask(
        `SELECT id, library, state, "startedAt", "finishedAt", rows::float8 AS rows FROM directory."QualityRun"
         WHERE $1::text IS NULL OR library = $1 ORDER BY "startedAt" DESC, id LIMIT $2`,
        [library, limit],
      ),
    librariesSince: async (moment) =>
      (
        await ask<{ library: string }>(
          `SELECT DISTINCT library FROM directory."QualityRun" WHERE "startedAt" >= $1 AND state <> 'FAILED'`,
          [moment],
        )
      ).map(({ library }) => library),
    findingsOfItems: (items) => ask(`SELECT ${FINDING} ${LATEST} AND f.item = ANY($1::text[]) ORDER BY f."check"`, [items]),
    findingsOfResources: (resources) => ask(`SELECT ${FINDING} ${LATEST} AND f.resource = ANY($1::text[]) ORDER BY f."check"`, [resources]),
    history: (checks, limit) =>
      ask(
        `SELECT past.* FROM unnest($1::text[]) AS asked(name) CROSS JOIN LATERAL (
           SELECT ${FINDING} FROM directory."QualityFinding" f JOIN directory."QualityRun" r ON r.id = f."runId"
           WHERE f."check" = asked.name AND r.state = 'DONE' ORDER BY r."finishedAt" DESC LIMIT $2) past
         ORDER BY past."measuredAt" DESC`,
        [checks, limit],
      ),
  };
}

/** A rule as a finding says it. */
export function saidOf({ id, resource, item, coordinate, rule, expects, of }: QualityCheck) {
  return { check: id, resource, item, coordinate, rule, expects, ofRows: of && `${of.column} = ${of.is.join(' | ')}` };
}

function rowOf({ check, rows, failing, isMeasured, sampleKeys }: Finding) {
  return { ...saidOf(check), rows, failing, measured: isMeasured, sampleKeys };
}
