import type { Grant } from '@longyuan/schema/src/access/grant.ts';
import { readGrant } from '@longyuan/schema/src/access/read-grant.ts';

/** What was applied for, or granted. Moments are RFC 3339 in UTC. */
export type Terms = Omit<Grant, 'id' | 'library' | 'consumer'>;

/** An application as its owner tells it, with the grant that answered it. */
export type Application = Readonly<{
  no: string;
  library: string;
  consumer: string;
  state: 'OPEN' | 'GRANTED' | 'REFUSED';
  scenario: string;
  terms: Terms;
  appliedAt: string;
  answeredAt: string | null;
  reason: string | null;
  grant: KnownGrant | null;
}>;

/** A grant, and what became of it where it was revoked. */
export type KnownGrant = Grant & Readonly<{ revokedAt: string | null; revokedFor: string | null }>;

/** The application in what an owner answered; null where there is none, or it is not the owner's to tell of. */
export function readApplication(value: unknown, library: string): Application | null {
  if (typeof value !== 'object' || value === null) return null;
  const { no, consumer, state, appliedAt, answeredAt, reason, terms, deed, revokedAt, revokedFor }: Told = { ...value };
  if (!isText(no) || !isText(consumer) || !isText(appliedAt) || !isState(state)) return null;
  const told: Told = { ...readJson(terms) };
  const asked = readGrant({ ...told, id: no, library, consumer });
  if (!asked) return null;
  const granted = deed === null ? null : readGrant(readJson(deed));
  if (deed !== null && (!granted || granted.library !== library || granted.consumer !== consumer)) return null;
  const { id: _id, library: _library, consumer: _consumer, ...applied } = asked;
  return {
    ...{ no, library, consumer, state, appliedAt, terms: applied, scenario: textOf(told['scenario']) ?? '' },
    answeredAt: textOf(answeredAt),
    reason: textOf(reason),
    grant: granted && { ...granted, revokedAt: textOf(revokedAt), revokedFor: textOf(revokedFor) },
  };
}

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

function isState(value: unknown): value is Application['state'] {
  return value === 'OPEN' || value === 'GRANTED' || value === 'REFUSED';
}
