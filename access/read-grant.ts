import { type Grant, type GrantedAccess, usualRowsPerDay } from './grant.ts';

const ACCESSES: ReadonlySet<unknown> = new Set<GrantedAccess>(['READ', 'MASKED', 'VERIFY']);
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;

/** The grant in a value that came from outside (a database, another process), with nothing beside it; null where it is none. */
export function readGrant(value: unknown): Grant | null {
  if (typeof value !== 'object' || value === null) return null;
  const { id, library, consumer, resource, items, purposes, basis, division, level, from, until, callsPerDay } = value as Told;
  // A deed is signed as it was, so one that says nothing of rows is read as if it did.
  const { rowsPerDay = isWhole(callsPerDay) ? usualRowsPerDay(callsPerDay) : null } = value as Told;
  if (!isText(id) || !isText(library) || !isText(consumer) || !isText(resource) || !isText(basis) || !isText(division)) return null;
  if (
    !isMoment(from) ||
    !isMoment(until) ||
    !isWhole(level) ||
    level < 1 ||
    level > 4 ||
    !isWhole(callsPerDay) ||
    !isWhole(rowsPerDay) ||
    rowsPerDay < 1
  )
    return null;
  if (!isFilledList(items) || !isFilledList(purposes) || !purposes.every(isText)) return null;
  const granted = items.flatMap((item) => {
    const { code, access } = (typeof item === 'object' && item !== null ? item : {}) as Told;
    return isText(code) && isAccess(access) ? [{ code, access }] : [];
  });
  if (granted.length !== items.length) return null;
  return { id, library, consumer, resource, items: granted, purposes, basis, division, level, from, until, callsPerDay, rowsPerDay };
}

/** Every property is looked at before it is believed. */
type Told = Readonly<Record<string, unknown>>;

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isMoment(value: unknown): value is string {
  return typeof value === 'string' && MOMENT.test(value) && !Number.isNaN(Date.parse(value));
}

function isFilledList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0;
}

function isAccess(value: unknown): value is GrantedAccess {
  return ACCESSES.has(value);
}
