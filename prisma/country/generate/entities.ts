import type { Address } from './addresses.ts';
import type { Day } from './calendar.ts';
import type { Industry } from './industries.ts';
import type { Person } from './people.ts';

export type EntityKind =
  | 'ENTERPRISE'
  | 'INDIVIDUAL_BUSINESS'
  | 'FARMERS_COOP'
  | 'PUBLIC_INSTITUTION'
  | 'PRIVATE_NONPROFIT'
  | 'SOCIAL_GROUP'
  | 'RURAL_COLLECTIVE';
export type RegistrationState = 'ACTIVE' | 'REVOKED_NOT_CANCELLED' | 'CANCELLED' | 'WITHDRAWN' | 'MOVED_OUT' | 'SUSPENDED';

/** One legal entity as every library knows it. Written while its block is made, never after. */
export type Entity = {
  uscc: string;
  name: string;
  kind: EntityKind;
  typeCode: string | null;
  representative: Person;
  /** 万元; null for those without capital. */
  capital: number | null;
  establishedOn: Day;
  termTo: Day | null;
  address: Address;
  industry: Industry | null;
  /** GB/T 4754, also for those that no line of business is told of. */
  industryCode: string;
  scope: string;
  authorityName: string;
  state: RegistrationState;
  approvedOn: Day;
  endedOn: Day | null;
  endReason: string | null;
  taxGrade: 'A' | 'B' | 'M' | 'C' | 'D' | null;
  taxArrears: boolean | null;
  insuredEmployees: number | null;
  payrollState: 'PAYING' | 'OVERDUE' | 'STOPPED' | null;
  phone: string;
  shareholders: Readonly<{ person: Person | null; entity: Entity | null; subscribed: number; paid: number }>[];
  officers: Readonly<{ person: Person; position: string }>[];
  changes: Readonly<{ on: Day; item: string; before: string; after: string }>[];
  reports: Readonly<{
    year: number;
    filedOn: Day;
    published: boolean;
    employees: number;
    assets: number;
    revenue: number;
    taxPaid: number;
  }>[];
  listings: Readonly<{
    kind: 'ABNORMAL_OPERATION' | 'SERIOUS_ILLEGAL';
    reason: string;
    on: Day;
    removedOn: Day | null;
    authority: string;
  }>[];
};
