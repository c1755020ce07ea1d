import { hash, randomUUID } from 'node:crypto';
import { canonicalJson } from '@longyuan/trust/canonical-json.ts';
import { signDeed } from '@longyuan/trust/grant-deed.ts';
import { digestOfList, digestOfRow, signHead } from '@longyuan/trust/grant-head.ts';
import { markOf, openHeadMarks } from '@longyuan/trust/head-marks.ts';
import { openOwnerKey } from '@longyuan/trust/keys.ts';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../store/connect/in-transaction.ts';
import { ensureGrantTables } from '../../store/grants/ensure-grant-tables.ts';
import { CHANGES } from '../../store/grants/grant-store.ts';
import { readDemoGrants } from '../demo-grants.ts';

/** Who answered, in the place of a steward's account. */
const BY = 'seed';

/**
 * Writes the demo grants of a library into its database, signed with its owner's key as any other, with the applications they answer.
 * What was applied for and granted before is gone afterwards, as are the rows it was about: the list is made anew, under a head that counts on
 * from the furthest that its owner has seen.
 */
export async function writeDemoGrants(pool: Pool, library: string, dataDir: string): Promise<void> {
  await ensureGrantTables(pool);
  const marks = openHeadMarks(dataDir, library);
  // A library that runs meanwhile sees the old list or the new one.
  const head = await inTransaction(pool, async (client) => replaceGrants(client, library, { dataDir, above: await marks.highest() }));
  await marks.raise(markOf(head.version, head.content));
}

async function replaceGrants(client: PoolClient, library: string, { dataDir, above }: { dataDir: string; above: number }) {
  const epoch = randomUUID();
  await client.query('INSERT INTO hub.grant_state (library, epoch, version) VALUES ($1, $2, 0) ON CONFLICT (library) DO NOTHING', [
    library,
    epoch,
  ]);
  const { rows: before } = await client.query('SELECT version FROM hub.grant_state WHERE library = $1 FOR UPDATE', [library]);
  const version = Math.max(above, Number(before[0]?.version ?? 0)) + 1;
  const key = await openOwnerKey(dataDir, library);
  const grants = readDemoGrants().filter((grant) => grant.library === library);
  const rows = await Promise.all(
    grants.map(async ({ scenario, ...grant }) => {
      const { id, library: _library, consumer, ...terms } = grant;
      const application = `${library}-${hash('sha256', id).slice(0, 24)}`;
      const signed = await signDeed({ ...grant, application, answeredBy: BY, answeredAt: grant.from }, key);
      const digest = digestOfRow({ id, version, ...signed, revocation: null, revocationSignature: null });
      return {
        id,
        application,
        consumer,
        until: grant.until,
        at: grant.from,
        terms: canonicalJson({ ...terms, scenario }),
        ...signed,
        digest,
      };
    }),
  );
  const about = { library, epoch, version, grants: rows.length, digest: digestOfList(rows), at: new Date().toISOString() };
  const head = await signHead(about, key);
  const of = (column: keyof (typeof rows)[number]): readonly string[] => rows.map((row) => row[column]);
  await client.query('DELETE FROM hub.grant_deed WHERE library = $1', [library]);
  await client.query('DELETE FROM hub.grant_application WHERE library = $1', [library]);
  await client.query(
    `INSERT INTO hub.grant_application
       (library, no, consumer, terms, digest, state, "appliedBy", "appliedAt", "answeredBy", "answeredAt", reason)
     SELECT $1, no, consumer, terms, no, 'GRANTED', $6::text, at, $6::text, at, $7::text
     FROM unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[]) AS given (no, consumer, terms, at)`,
    [
      library,
      of('application'),
      of('consumer'),
      of('terms'),
      of('at'),
      BY,
      '演示数据 (demo data): the seed stands for the steward’s answer',
    ],
  );
  await client.query(
    `INSERT INTO hub.grant_deed (library, id, application, consumer, until, content, signature, digest, version)
     SELECT $1, id, application, consumer, until, content, signature, digest, $9
     FROM unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[])
       AS given (id, application, consumer, until, content, signature, digest)`,
    [...[library, of('id'), of('application'), of('consumer'), of('until'), of('content'), of('signature'), of('digest')], version],
  );
  await client.query('UPDATE hub.grant_state SET epoch = $2, version = $3, content = $4, signature = $5 WHERE library = $1', [
    ...[library, epoch, version, head.content, head.signature],
  ]);
  await client.query('SELECT pg_notify($1, $2)', [CHANGES, library]);
  return { version, content: head.content };
}
