import { isCitizenNumber, isCreditCode } from '@longyuan/schema/src/check-digits.ts';
import { isKnownDivision } from '@longyuan/schema/src/division-table.ts';

/**
 * Whom the embedded identity provider speaks for: any person or body whose number is well formed. Whether a library holds them is the
 * library's to know; a token of somebody whom nobody holds opens nothing of anybody's.
 */
export type Account =
  | Readonly<{ kind: 'person'; idNumber: string }>
  /** The person who acts (经办人) and the legal entity for which. */
  | Readonly<{ kind: 'legal-entity'; uscc: string; idNumber: string }>
  | Readonly<{ kind: 'department'; uscc: string; role: 'developer' | 'steward'; region: string | null }>
  | Readonly<{ kind: 'auditor' }>;

/** Names of the parameters in which an account is asked for. */
export const ACCOUNT_PARAMETERS = ['kind', 'id_number', 'uscc', 'role', 'region'] as const;

type Told = Readonly<Record<string, unknown>>;

const CITIZEN_NUMBER = 'must be a citizen number (公民身份号码, GB 11643): 18 characters with a real birth date and the right check digit';
const CREDIT_CODE = 'must be a unified social credit code (统一社会信用代码, GB 32100): 18 characters with the right check character';

/** The account that these values name, or what is wrong with them: the value's name and the rule. Never quotes a value. */
export function readAccount(told: Told): Account | Readonly<{ wrong: string; rule: string }> {
  const { kind, id_number: idNumber, uscc, role = 'developer', region = null } = told;
  switch (kind) {
    case 'person':
      if (!isCitizenNumber(idNumber)) return { wrong: 'id_number', rule: CITIZEN_NUMBER };
      return { kind, idNumber };
    case 'legal-entity':
      if (!isCreditCode(uscc)) return { wrong: 'uscc', rule: CREDIT_CODE };
      if (!isCitizenNumber(idNumber)) return { wrong: 'id_number', rule: CITIZEN_NUMBER };
      return { kind, uscc, idNumber };
    case 'department':
      if (!isCreditCode(uscc)) return { wrong: 'uscc', rule: CREDIT_CODE };
      // 机构编制: bodies registered with the commission on public sector reform; no firm is a department.
      if (!uscc.startsWith('1')) return { wrong: 'uscc', rule: 'must be that of a public body: its first character is 1' };
      if (role !== 'developer' && role !== 'steward') return { wrong: 'role', rule: 'must be developer or steward' };
      if (region !== null && !(typeof region === 'string' && isKnownDivision(region))) {
        return { wrong: 'region', rule: 'must be the code of a division of the province: 6, 9 or 12 digits' };
      }
      return { kind, uscc, role, region };
    case 'auditor':
      return { kind };
    default:
      return { wrong: 'kind', rule: 'must be person, legal-entity, department or auditor' };
  }
}

/** The account as parameters of a request, the way `readAccount` reads them. */
export function writeAccount(account: Account): Record<string, string> {
  switch (account.kind) {
    case 'person':
      return { kind: account.kind, id_number: account.idNumber };
    case 'legal-entity':
      return { kind: account.kind, uscc: account.uscc, id_number: account.idNumber };
    case 'department':
      return { kind: account.kind, uscc: account.uscc, role: account.role, ...(account.region !== null && { region: account.region }) };
    case 'auditor':
      return { kind: account.kind };
  }
}

/** The claims of the hub's tokens. The number of a person who acts for a legal entity stays with the provider. */
export function claimsOf(account: Account): Record<string, string> {
  const { id_number: idNumber, ...rest } = writeAccount(account);
  return account.kind === 'person' && idNumber !== undefined ? { ...rest, id_number: idNumber } : rest;
}
