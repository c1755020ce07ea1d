import { hash, randomUUID } from 'node:crypto';
import { canonicalJson } from '@longyuan/trust/canonical-json.ts';
import { signDeed } from '@longyuan/trust/grant-deed.ts';
import { openOwnerKey } from '@longyuan/trust/keys.ts';
import type { Pool } from 'pg';
import { readDemoGrants } from '../demo-grants.ts';
import { ensureGrantTables } from '../grants/ensure-grant-tables.ts';

/** Who answered, in the place of a steward's account. */
const BY = 'seed';

/**
 * Writes the demo grants of a library into its database, signed with its owner's key as any other, with the applications they answer.
 * What was applied for and granted before is gone afterwards, as are the rows it was about.
 */
export async function writeDemoGrants(pool: Pool, library: string, dataDir: string): Promise<void> {
  await ensureGrantTables(pool);
  const key = await openOwnerKey(dataDir, library);
  const grants = readDemoGrants().filter((grant) => grant.library === library);
  const rows = await Promise.all(
    grants.map(async ({ scenario, ...grant }) => {
      const { id: _id, library: _library, consumer, ...terms } = grant;
      const application = `${library}-${hash('sha256', grant.id).slice(0, 24)}`;
      const signed = await signDeed({ ...grant, application, answeredBy: BY, answeredAt: grant.from }, key);
      return {
        id: grant.id,
        application,
        consumer,
        until: grant.until,
        at: grant.from,
        terms: canonicalJson({ ...terms, scenario }),
        ...signed,
      };
    }),
  );
  const of = (column: keyof (typeof rows)[number]): readonly string[] => rows.map((row) => row[column]);
  // One statement, so that a library that runs meanwhile sees the old grants or the new ones. Rows that come again are written over.
  await pool.query(
    `WITH gone AS (DELETE FROM hub.grant_deed WHERE library = $1 AND id <> ALL($3::text[])),
       forgotten AS (DELETE FROM hub.grant_application WHERE library = $1 AND no <> ALL($4::text[])),
       anew AS (
         INSERT INTO hub.grant_state AS stored (library, epoch, version) VALUES ($1, $2, cardinality($3::text[]))
         ON CONFLICT (library) DO UPDATE SET epoch = excluded.epoch, version = excluded.version
       ),
       given AS (
         SELECT * FROM unnest($3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::text[], $9::text[], $10::timestamptz[])
           WITH ORDINALITY AS row (id, no, consumer, until, terms, content, signature, at, place)
       ),
       applied AS (
         INSERT INTO hub.grant_application
           (library, no, consumer, terms, digest, state, "appliedBy", "appliedAt", "answeredBy", "answeredAt", reason)
         SELECT $1, no, consumer, terms, no, 'GRANTED', $11::text, at, $11::text, at, $12::text FROM given
         ON CONFLICT (library, no) DO UPDATE SET state = 'GRANTED', terms = excluded.terms, reason = excluded.reason
       )
     INSERT INTO hub.grant_deed (library, id, application, consumer, until, content, signature, version)
     SELECT $1, id, no, consumer, until, content, signature, place FROM given
     ON CONFLICT (library, id) DO UPDATE SET content = excluded.content, signature = excluded.signature, version = excluded.version,
       until = excluded.until, "revokedAt" = NULL, "revokedBy" = NULL, "revokedFor" = NULL`,
    [
      ...[library, randomUUID(), of('id'), of('application'), of('consumer'), of('until'), of('terms'), of('content'), of('signature')],
      ...[of('at'), BY, '演示数据 (demo data): the seed stands for the steward’s answer'],
    ],
  );
}
