import { type Grant, isOf, libraryOf } from '@longyuan/access/grant.ts';
import { readGrant } from '@longyuan/access/read-grant.ts';
import type { faultsOfApplications } from '@longyuan/schema/src/words/reasons.ts';
import { z } from 'zod';

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
  const { data: told } = application.safeParse(value);
  // Under another library's number a steward would answer what is not shown.
  if (!told || libraryOf(told.no) !== library) return null;
  const { no, consumer, state, appliedAt, answeredAt, reason, terms, deed, revokedAt, revokedFor, isAltered } = told;
  const base = { no, library, consumer, state, answeredAt, reason, appliedAt: appliedAt ?? NO_MOMENT };
  const asked = readGrant({ ...terms, id: no, library, consumer });
  if (!asked || consumer === null || state === null || appliedAt === null) return { ...base, fault: 'UNREADABLE' };
  if (isAltered) return { ...base, fault: state === 'OPEN' ? 'ALTERED' : 'ALTERED_GRANT' };
  const granted = deed === null ? null : readGrant(deed);
  if (deed !== null && (!granted || !isOf(granted, library) || granted.consumer !== consumer))
    return { ...base, fault: 'UNREADABLE_GRANT' };
  const { id: _id, library: _library, consumer: _consumer, ...applied } = asked;
  return {
    ...base,
    ...{ fault: null, consumer, state, terms: applied, scenario: terms.scenario ?? '' },
    grant: granted && { ...granted, revokedAt, revokedFor },
  };
}

/** What is not as it should be is nothing. */
const text = z.string().min(1).nullable().catch(null);
const json = z.preprocess(readJson, z.looseObject({ scenario: text.default(null) }));
const application = z.object({
  no: z.string().min(1),
  ...{ consumer: text, answeredAt: text, reason: text, revokedAt: text, revokedFor: text },
  state: z.enum(['OPEN', 'GRANTED', 'REFUSED']).nullable().catch(null),
  appliedAt: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)
    .nullable()
    .catch(null),
  terms: json.catch({ scenario: null }),
  deed: json.nullable().catch({ scenario: null }),
  isAltered: z.boolean().catch(false),
});

function readJson(written: unknown): unknown {
  try {
    return (typeof written === 'string' && JSON.parse(written)) || {};
  } catch {
    // No JSON is no application.
    return {};
  }
}
