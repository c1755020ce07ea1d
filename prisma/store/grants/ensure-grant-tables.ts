import type { Pool } from 'pg';

/**
 * Makes the tables in which owners keep what was applied for and granted, where they are missing: in the schema `hub`, beside the state of
 * the seed, with a library's name in every row, because libraries may share a database. Processes that do it at once wait for each other.
 */
export async function ensureGrantTables(pool: Pick<Pool, 'query'>): Promise<void> {
  const { rows } = await pool.query<{ isThere: boolean }>(
    `SELECT count(*) = 3 AS "isThere" FROM pg_attribute WHERE NOT attisdropped AND
       ((attrelid = to_regclass('hub.grant_deed') AND attname = 'digest') OR (attrelid = to_regclass('hub.grant_state') AND attname = 'content')
       OR (attrelid = to_regclass('hub.grant_application') AND attname = 'signature'))`,
  );
  if (rows[0]?.isThere) return;
  await pool.query(`BEGIN;
    SELECT pg_advisory_xact_lock(620000, 2);
    CREATE SCHEMA IF NOT EXISTS hub;
    -- The head of a library's deeds: counts their changes; another epoch means that they were made anew. Only what is signed counts.
    CREATE TABLE IF NOT EXISTS hub.grant_state (
      library text PRIMARY KEY,
      epoch text NOT NULL,
      version bigint NOT NULL
    );
    CREATE TABLE IF NOT EXISTS hub.grant_application (
      library text NOT NULL,
      no text NOT NULL,
      consumer text NOT NULL,
      terms text NOT NULL,
      -- Of consumer and terms: the same may not be asked for twice while nobody has answered.
      digest text NOT NULL,
      state text NOT NULL CHECK (state IN ('OPEN', 'GRANTED', 'REFUSED')),
      "appliedBy" text NOT NULL,
      "appliedAt" timestamptz(3) NOT NULL,
      "answeredBy" text,
      "answeredAt" timestamptz(3),
      reason text,
      PRIMARY KEY (library, no)
    );
    CREATE UNIQUE INDEX IF NOT EXISTS grant_application_once ON hub.grant_application (library, digest) WHERE state = 'OPEN';
    CREATE INDEX IF NOT EXISTS grant_application_latest ON hub.grant_application (library, "appliedAt" DESC, no);
    CREATE INDEX IF NOT EXISTS grant_application_consumer ON hub.grant_application (library, consumer, "appliedAt" DESC, no);
    CREATE TABLE IF NOT EXISTS hub.grant_deed (
      library text NOT NULL,
      id text NOT NULL,
      application text NOT NULL,
      consumer text NOT NULL,
      until timestamptz(3) NOT NULL,
      -- What the owner signed, and its signature. Only this counts; the columns beside it are there to find it.
      content text NOT NULL,
      signature text NOT NULL,
      -- The change that wrote or revoked it.
      version bigint NOT NULL,
      "revokedAt" timestamptz(3),
      "revokedBy" text,
      "revokedFor" text,
      PRIMARY KEY (library, id)
    );
    CREATE INDEX IF NOT EXISTS grant_deed_version ON hub.grant_deed (library, version);
    CREATE UNIQUE INDEX IF NOT EXISTS grant_deed_application ON hub.grant_deed (library, application);
    -- What came later: the owner's signatures of the head, of applications and of revocations, and the digest of a row under which the head has it.
    ALTER TABLE hub.grant_state ADD COLUMN IF NOT EXISTS content text, ADD COLUMN IF NOT EXISTS signature text;
    ALTER TABLE hub.grant_application ADD COLUMN IF NOT EXISTS signature text;
    ALTER TABLE hub.grant_deed ADD COLUMN IF NOT EXISTS revocation text, ADD COLUMN IF NOT EXISTS "revocationSignature" text,
      ADD COLUMN IF NOT EXISTS digest text;
    COMMIT`);
}
