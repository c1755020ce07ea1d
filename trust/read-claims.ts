import type { Caller } from '@longyuan/access/caller.ts';
import { isCitizenNumber, isCreditCode } from '@longyuan/schema/src/check-digits.ts';
import { isDivisionCode, shortDivisionCode } from '@longyuan/schema/src/division-prefix.ts';

/** Whom a token speaks of: a caller, or a person whose key only the library that knows persons can tell. */
export type Claimed = Caller | Readonly<{ kind: 'person'; sub: string; idNumber: string }>;

const MAX_SUB_LENGTH = 255;

/** The caller that verified claims name; null where they name none, or not in the form the hub takes them. */
export function readClaims(claims: Readonly<Record<string, unknown>>): Claimed | null {
  const { sub, kind, id_number: idNumber, uscc, role = 'developer', region = null } = claims;
  if (typeof sub !== 'string' || sub === '' || sub.length > MAX_SUB_LENGTH) return null;
  switch (kind) {
    case 'person':
      return isCitizenNumber(idNumber) ? { kind, sub, idNumber } : null;
    case 'legal-entity':
      return isCreditCode(uscc) ? { kind: 'agent', sub, uscc } : null;
    case 'department':
      if (!isCreditCode(uscc) || (role !== 'developer' && role !== 'steward')) return null;
      // Form alone: a division that the province does not have bounds the caller to nothing.
      if (region !== null && !isDivisionCode(region)) return null;
      return { kind, sub, uscc, role, region: region && shortDivisionCode(region) };
    case 'auditor':
      return { kind, sub };
    default:
      return null;
  }
}
