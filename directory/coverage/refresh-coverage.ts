import { createHash } from 'node:crypto';
import { dayInProvince } from '@longyuan/schema/src/province-day.ts';
import type { DirectoryStore } from '../entries/directory-store.ts';
import { readEntries } from '../entries/read-entries.ts';
import { auditResource, type ItemCalls, type MeasuredResource } from './audit-resource.ts';
import { readMeasured } from './library-holdings.ts';
import { ruleOf, scoreMethod } from './score-method.ts';
import { takeSnapshots } from './snapshots.ts';

type Ask = DirectoryStore['ask'];

/** Resources that are read and written by one round of statements: a short one for the embedded database. */
const CHUNK = 100;
/** Changes of one round; what is left is left to the next. */
const MOST_CHANGED = 30_000;
/** Raised when an audit finds something else in the same entries. */
const EDITION = 1;
const METHOD = createHash('sha256')
  .update(JSON.stringify([EDITION, scoreMethod.map(({ name, weight }) => [name, weight, ruleOf(name, 'en')])]))
  .digest('hex')
  .slice(0, 16);

/** Codes of refusals for want of a right; what was refused for its form, its cost or a fault is no demand. */
const REFUSED_FOR_RIGHTS = ['UNAUTHENTICATED', 'ITEM_NOT_SHARED', 'ITEM_NOT_GRANTED', 'PURPOSE_REQUIRED', 'PURPOSE_NOT_GRANTED'];
const DAY_MS = 86_400_000;
const USE_DAYS = 30;

type Changed = Readonly<{ code: string; basis: string; ids: readonly string[] }>;

/**
 * Brings the audit to what the directory, the stores and the counts of use say now: audits what changed, everything that is on the hub, and
 * nothing else, forgets what is not listed any more, and keeps the figures of the day. Short statements, one after the other; several
 * gateways may do it at once.
 */
export async function refreshCoverage(
  ask: Ask,
  sources: Readonly<{ isGranted: (itemCode: string) => boolean; nowMs: number; shouldStop: () => boolean }>,
): Promise<void> {
  const { nowMs } = sources;
  const today = dayInProvince(nowMs);
  const [calls, measured] = [await readCalls(ask, dayInProvince(nowMs - (USE_DAYS - 1) * DAY_MS)), await readMeasured(ask)];
  await ask(FORGET, []);
  const changed = await ask<Changed>(CHANGED, [METHOD, MOST_CHANGED]);
  for (let place = 0; place < changed.length; place += CHUNK) {
    if (sources.shouldStop()) return;
    await auditChunk(ask, changed.slice(place, place + CHUNK), { ...sources, calls, measured, today });
  }
  await takeSnapshots(ask, today);
}

async function auditChunk(
  ask: Ask,
  changed: readonly Changed[],
  sources: Readonly<{
    isGranted: (itemCode: string) => boolean;
    calls: ReadonlyMap<string, ItemCalls>;
    measured: ReadonlyMap<string, ReadonlyMap<string, MeasuredResource>>;
    today: string;
    nowMs: number;
  }>,
): Promise<void> {
  const { calls, measured, isGranted, today, nowMs } = sources;
  // A code has at most one entry of each origin; those of the hub name their library.
  const entriesOf = async (place: number) =>
    readEntries(
      ask,
      changed.flatMap(({ ids }) => ids[place] ?? []),
    );
  const [first, second] = [await entriesOf(0), await entriesOf(1)];
  const audits = changed.flatMap(({ code, basis }) => {
    const entries = [first.get(code), second.get(code)].filter((entry) => entry !== undefined);
    if (entries.length === 0) return [];
    const hub = entries.find(({ library }) => library !== null) ?? null;
    const promise = entries.find(({ library }) => library === null) ?? null;
    const callsOf = (item: string) => calls.get(item) ?? NEVER;
    const held = measured.get(hub?.library ?? '')?.get(code) ?? null;
    const audit = auditResource({ hub, promise }, { measured: held, callsOf, isGranted, today });
    return [{ audit, basis, isOnHub: hub !== null }];
  });
  const auditedAt = new Date(nowMs).toISOString();
  await ask(WRITE_RESOURCES, [JSON.stringify(audits.map(({ audit, basis }) => ({ ...audit.resource, basis, auditedAt })))]);
  const items = audits
    .filter(({ isOnHub }) => isOnHub)
    .flatMap(({ audit: { resource, items: ofResource } }) => {
      const { code: resourceCode, providerUscc, division, library } = resource;
      return ofResource.map((item) => ({ ...item, resourceCode, providerUscc, division, library }));
    });
  await ask('DELETE FROM directory."ItemCoverage" WHERE "resourceCode" = ANY($1::text[]) AND NOT code = ANY($2::text[])', [
    changed.map(({ code }) => code),
    items.map(({ code }) => code),
  ]);
  if (items.length > 0) await ask(WRITE_ITEMS, [JSON.stringify(items)]);
}

const NEVER: ItemCalls = { used: 0, refused: 0, asked: 0 };

async function readCalls(ask: Ask, since: string): Promise<ReadonlyMap<string, ItemCalls>> {
  const rows = await ask<{ item: string; used: string; refused: string; asked: string }>(
    `SELECT item, sum(calls) AS asked,
       coalesce(sum(calls) FILTER (WHERE day >= $1::date AND outcome = 'ANSWERED'), 0) AS used,
       coalesce(sum(calls) FILTER (WHERE day >= $1::date AND outcome = ANY($2::text[])), 0) AS refused
     FROM directory."ItemUse" GROUP BY item`,
    [since, REFUSED_FOR_RIGHTS],
  );
  return new Map(
    rows.map(({ item, used, refused, asked }) => [item, { used: Number(used), refused: Number(refused), asked: Number(asked) }]),
  );
}

const FORGET = `WITH gone AS (
    DELETE FROM directory."ResourceCoverage" c
    WHERE NOT EXISTS (SELECT FROM directory."Resource" r WHERE r.code = c.code AND r.state = 'PUBLISHED') RETURNING c.code)
  DELETE FROM directory."ItemCoverage" i USING gone WHERE i."resourceCode" = gone.code`;

const CHANGED = `SELECT now.code, now.basis, now.ids FROM (
    SELECT r.code, md5($1 || string_agg(r.digest, ',' ORDER BY r.origin)) AS basis, array_agg(r.id::text) AS ids, bool_or(r.origin = 'HUB') AS hub
    FROM directory."Resource" r WHERE r.state = 'PUBLISHED' GROUP BY r.code) now
  LEFT JOIN directory."ResourceCoverage" c ON c.code = now.code
  WHERE now.hub OR c.basis IS NULL OR c.basis <> now.basis ORDER BY now.hub DESC, now.code LIMIT $2`;

const resourceColumns = {
  code: 'text',
  basis: 'text',
  auditedAt: 'timestamptz',
  name: 'text',
  providerUscc: 'text',
  division: 'text',
  library: 'text',
  shareType: 'text',
  openness: 'text',
  updateCycle: 'text',
  promised: 'boolean',
  connected: 'boolean',
  missing: 'text[]',
  rows: 'bigint',
  newestAt: 'timestamptz',
  oldestAt: 'timestamptz',
  overdue: 'bigint',
  fresh: 'boolean',
  used: 'boolean',
  itemsRequired: 'int',
  itemsPromised: 'int',
  itemsConnected: 'int',
  itemsPopulated: 'int',
  itemsPermitted: 'int',
  itemsUsed: 'int',
  itemsRefused: 'int',
  itemsNeverAsked: 'int',
  itemsUnconditional: 'int',
  itemsConditional: 'int',
  itemsNotShared: 'int',
  itemsOpen: 'int',
  checks: 'real[]',
} as const;

const itemColumns = {
  code: 'text',
  resourceCode: 'text',
  name: 'text',
  providerUscc: 'text',
  division: 'text',
  library: 'text',
  promised: 'boolean',
  connected: 'boolean',
  populated: 'bigint',
  permitted: 'boolean',
  used: 'bigint',
  refused: 'bigint',
  asked: 'bigint',
} as const;

const WRITE_RESOURCES = upsert('ResourceCoverage', resourceColumns);
const WRITE_ITEMS = `${upsert('ItemCoverage', itemColumns)} WHERE (${namesOf(itemColumns, 'stored')}) IS DISTINCT FROM (${namesOf(itemColumns, 'excluded')})`;

function namesOf(columns: Readonly<Record<string, string>>, row: string): string {
  return Object.keys(columns)
    .map((name) => `${row}."${name}"`)
    .join(', ');
}

function upsert(table: string, columns: Readonly<Record<string, string>>): string {
  const names = Object.keys(columns);
  const list = names.map((name) => `"${name}"`).join(', ');
  const types = Object.entries(columns).map(([name, type]) => `"${name}" ${type}`);
  return `INSERT INTO directory."${table}" AS stored (${list})
    SELECT ${list} FROM json_to_recordset($1::json) AS given(${types.join(', ')}) ORDER BY code
    ON CONFLICT (code) DO UPDATE SET ${names.map((name) => `"${name}" = excluded."${name}"`).join(', ')}`;
}
