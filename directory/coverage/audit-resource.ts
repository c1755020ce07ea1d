import { oldestInTime } from '@longyuan/schema/src/update-cycles.ts';
import type { Entry, EntryItem } from '../entries/entry.ts';
import { missingMetadata } from './missing-metadata.ts';
import { scoreMethod } from './score-method.ts';

/** What was measured in a library's store. `items`: by code, how many rows hold something. */
export type MeasuredResource = Readonly<{
  rows: number;
  newestAt: string | null;
  oldestAt: string | null;
  overdue: number | null;
  /** The moment that confirmations are measured from. */
  asOf: string;
  items: ReadonlyMap<string, number>;
}>;

/** Calls of an item: answered and refused in the last 30 days, and of any kind ever. */
export type ItemCalls = Readonly<{ used: number; refused: number; asked: number }>;

/** What an audit looks at beside the entries. `isGranted`: whether somebody holds a grant in force for an item. */
export type AuditSources = Readonly<{
  measured: MeasuredResource | null;
  callsOf: (itemCode: string) => ItemCalls;
  isGranted: (itemCode: string) => boolean;
  today: string;
}>;

/** One item in the six views. */
export type AuditedItem = Readonly<{
  code: string;
  name: string;
  promised: boolean;
  connected: boolean;
  populated: number | null;
  permitted: boolean;
  used: number;
  refused: number;
  asked: number;
}>;

/**
 * Audits one resource: what an inventory promises of it, what the hub serves of it, or both. An item that is promised is found in the schema
 * by its name or its code.
 */
export function auditResource(entries: Readonly<{ hub: Entry | null; promise: Entry | null }>, sources: AuditSources) {
  const { hub, promise } = entries;
  const listed = hub ?? promise;
  if (!listed) throw new Error('A resource without an entry cannot be audited.');
  const items = auditItems(hub, promise, sources);
  const required = [...(hub?.items ?? []), ...items.flatMap(({ promisedOnly }) => promisedOnly ?? [])];
  const audited = items.map(({ audit }) => audit);
  const inSchema = audited.filter(({ connected }) => connected);
  const counted = inSchema.filter(({ populated }) => populated !== null);
  const { measured, today } = sources;
  const inTime = inTimeOf(measured);
  const count = (holds: (item: AuditedItem) => boolean) => audited.filter(holds).length;
  const countClass = (share: string) => required.filter(({ shareType }) => shareType === share).length;
  const checked = {
    listed,
    isConnected: hub !== null,
    connectedItems: audited.length === 0 ? Number(hub !== null) : inSchema.length / audited.length,
    populated: counted.length === 0 ? null : counted.filter(({ populated }) => populated !== 0).length / counted.length,
    inTime,
    today,
  };
  return {
    items: audited,
    resource: {
      code: listed.code,
      name: listed.name,
      providerUscc: listed.provider.uscc,
      division: listed.provider.division,
      library: hub?.library ?? null,
      shareType: listed.shareType,
      openness: listed.openness,
      updateCycle: listed.updateCycle,
      promised: promise !== null,
      connected: hub !== null,
      missing: missingMetadata(listed, today),
      rows: measured?.rows ?? null,
      newestAt: measured?.newestAt ?? null,
      oldestAt: measured?.oldestAt ?? null,
      overdue: measured?.overdue ?? null,
      fresh: hub && measured ? isFresh(listed.updateCycle, measured) : null,
      used: audited.some(({ used }) => used > 0),
      itemsRequired: audited.length,
      itemsPromised: count(({ promised }) => promised),
      itemsConnected: inSchema.length,
      itemsPopulated: count(({ connected, populated }) => connected && (populated ?? 0) > 0),
      itemsPermitted: count(({ connected, permitted }) => connected && permitted),
      itemsUsed: count(({ connected, used }) => connected && used > 0),
      itemsRefused: count(({ connected, refused }) => connected && refused > 0),
      itemsNeverAsked: count(({ connected, asked }) => connected && asked === 0),
      itemsUnconditional: countClass('UNCONDITIONAL'),
      itemsConditional: countClass('CONDITIONAL'),
      itemsNotShared: countClass('NOT_SHARED'),
      itemsOpen: required.filter(({ openToPublic, laxer }) => openToPublic || laxer.some((each) => each.openToPublic)).length,
      checks: scoreMethod.map(({ value }) => value(checked)),
    },
  };
}

type Audited = Readonly<{ audit: AuditedItem; promisedOnly: EntryItem | null }>;

function auditItems(hub: Entry | null, promise: Entry | null, sources: AuditSources): readonly Audited[] {
  const { measured, callsOf, isGranted } = sources;
  const promised = new Map((promise?.items ?? []).map((item) => [item.code, item]));
  const inHub = (hub?.items ?? []).map((item): Audited => {
    const kept = [...promised.values()].filter((each) => each.name.trim() === item.name.trim() || ownCode(each) === item.code);
    for (const each of kept) promised.delete(each.code);
    const audit = {
      code: item.code,
      name: item.name,
      promised: kept.length > 0,
      connected: true,
      populated: measured?.items.get(item.code) ?? null,
      permitted: isPermitted(item) || isGranted(item.code),
      ...callsOf(item.code),
    };
    return { audit, promisedOnly: null };
  });
  const only = [...promised.values()].map((item): Audited => {
    const audit = { code: item.code, name: item.name, promised: true, connected: false, populated: null, permitted: false };
    return { audit: { ...audit, used: 0, refused: 0, asked: 0 }, promisedOnly: item };
  });
  return [...inHub, ...only];
}

/** The provider's own code of an item that an inventory promises: what stands behind the number sign. */
function ownCode({ code }: EntryItem): string {
  return code.slice(code.indexOf('#') + 1);
}

/** By its class: everyone may have it, or every department, of all rows or of some. */
function isPermitted({ shareType, openToPublic, laxer }: EntryItem): boolean {
  return openToPublic || shareType === 'UNCONDITIONAL' || laxer.some((each) => each.openToPublic || each.shareType === 'UNCONDITIONAL');
}

/** Share of the records that were confirmed in time; of none, and where there is no cycle to keep, all. */
function inTimeOf(measured: MeasuredResource | null): number | null {
  if (!measured) return null;
  return measured.overdue === null || measured.rows === 0 ? 1 : 1 - measured.overdue / measured.rows;
}

function isFresh(updateCycle: string, { newestAt, asOf }: MeasuredResource): boolean | null {
  const oldest = oldestInTime(updateCycle, Date.parse(asOf));
  if (oldest === null) return true;
  return newestAt === null ? null : Date.parse(newestAt) >= oldest.getTime();
}
