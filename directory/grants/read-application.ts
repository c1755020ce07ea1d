import { type Grant, isOf, libraryOf } from '@longyuan/access/grant.ts';
import { readGrant } from '@longyuan/access/read-grant.ts';
import type { faultsOfApplications } from '@longyuan/schema/src/words/reasons.ts';

/** What was applied for, or granted. Moments are RFC 3339 in UTC. */
export type Terms = Omit<Grant, 'id' | 'library' | 'consumer'>;

type ApplicationBase = Readonly<{
  no: string;
  library: string;
  consumer: string | null;
  state: 'OPEN' | 'GRANTED' | 'REFUSED' | null;
  appliedAt: string;
  answeredAt: string | null;
  reason: string | null;
}>;
/** An application as its owner tells it, with the grant that answered it. */
export type ReadableApplication = ApplicationBase &
  Readonly<{
    fault: null;
    consumer: string;
    state: 'OPEN' | 'GRANTED' | 'REFUSED';
    scenario: string;
    terms: Terms;
    grant: KnownGrant | null;
  }>;
/** One that is there and whose terms, or whose grant, nobody can read; `fault` names what is wrong. */
export type UnreadableApplication = ApplicationBase & Readonly<{ fault: keyof typeof faultsOfApplications }>;
export type Application = ReadableApplication | UnreadableApplication;

/** A grant, and what became of it where it was revoked. */
export type KnownGrant = Grant & Readonly<{ revokedAt: string | null; revokedFor: string | null }>;

/** Stands for a moment that an owner does not tell, so that the application comes first and is seen. */
const NO_MOMENT = '9999-12-31T23:59:59.999Z';

/**
 * The application in what an owner answered. What cannot be read is told as such, so that a page has as many as its owner told; null where
 * the owner told of nothing that could be named.
 */
export function readApplication(value: unknown, library: string): Application | null {
  if (typeof value !== 'object' || value === null) return null;
  const { no, consumer, state, appliedAt, answeredAt, reason, terms, deed, revokedAt, revokedFor, isAltered }: Told = { ...value };
  // Under another library's number a steward would answer what is not shown.
  if (!isText(no) || libraryOf(no) !== library) return null;
  const base = {
    ...{ no, library, consumer: textOf(consumer), state: isState(state) ? state : null, answeredAt: textOf(answeredAt) },
    ...{ reason: textOf(reason), appliedAt: isText(appliedAt) && MOMENT.test(appliedAt) ? appliedAt : NO_MOMENT },
  };
  const told: Told = { ...readJson(terms) };
  const asked = readGrant({ ...told, id: no, library, consumer });
  if (!asked || base.consumer === null || base.state === null || base.appliedAt !== appliedAt) return { ...base, fault: 'UNREADABLE' };
  if (isAltered === true) return { ...base, fault: base.state === 'OPEN' ? 'ALTERED' : 'ALTERED_GRANT' };
  const granted = deed === null ? null : readGrant(readJson(deed));
  if (deed !== null && (!granted || !isOf(granted, library) || granted.consumer !== consumer))
    return { ...base, fault: 'UNREADABLE_GRANT' };
  const { id: _id, library: _library, consumer: _consumer, ...applied } = asked;
  return {
    ...base,
    ...{ fault: null, consumer: base.consumer, state: base.state, terms: applied, scenario: textOf(told['scenario']) ?? '' },
    grant: granted && { ...granted, revokedAt: textOf(revokedAt), revokedFor: textOf(revokedFor) },
  };
}

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

type Told = Readonly<Record<string, unknown>>;

function readJson(text: unknown): object {
  try {
    const value: unknown = typeof text === 'string' ? JSON.parse(text) : null;
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // No JSON is no application.
    return {};
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function textOf(value: unknown): string | null {
  return isText(value) ? value : null;
}

function isState(value: unknown): value is ReadableApplication['state'] {
  return value === 'OPEN' || value === 'GRANTED' || value === 'REFUSED';
}
