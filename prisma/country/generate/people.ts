import type { Address } from './addresses.ts';
import type { Day } from './calendar.ts';
import type { Sex } from './numbers.ts';

type KinshipKind = 'SPOUSE' | 'PARENT' | 'CHILD' | 'GUARDIAN' | 'WARD';

/** One person as every library knows them. Written while its block is made, never after. */
export type Person = {
  /** Opaque key of the hub. */
  id: string;
  idNumber: string;
  /** Place in the block: 0, 1, 2, … */
  ordinal: number;
  name: string;
  surname: string;
  sex: Sex;
  ethnicity: string;
  birth: Day;
  lifeStatus: 'ALIVE' | 'DEAD' | 'MISSING' | 'CANCELLED';
  death: Day | null;
  deathCause: string | null;
  birthDivision: string;
  /** Null for the dead: their registration has ended. */
  household: Household | null;
  relationToHead: string | null;
  registeredAt: Address;
  residesAt: Address | null;
  idCard: Readonly<{ from: Day; to: Day | null }> | null;
  education: string | null;
  occupation: string | null;
  photo: string | null;
  phone: string | null;
  marriage: Marriage | null;
  kin: Readonly<{ kind: KinshipKind; relative: Person }>[];
  moves: Readonly<{ id: number; on: Day; from: string; to: string; reason: string }>[];
  insurances: Readonly<{ kind: InsuranceKind; state: InsuranceState; since: Day; months: number; division: string }>[];
  disability: Readonly<{ certificateNo: string; category: string; grade: number; validTo: Day; issuedOn: Day }> | null;
  assistance: Readonly<{ id: number; kind: AssistanceKind; from: Day; to: Day | null; monthlyAmount: number }>[];
};

type InsuranceKind = 'PENSION' | 'MEDICAL' | 'UNEMPLOYMENT' | 'INJURY' | 'MATERNITY';
export type InsuranceState = 'ACTIVE' | 'PAUSED' | 'DRAWING' | 'ENDED';
type AssistanceKind = 'MINIMUM_LIVING' | 'EXTREME_HARDSHIP' | 'TEMPORARY';

/** Marital state, GB/T 2261.2; the single have one only once they might marry. */
export type Marriage = Readonly<{
  state: '10' | '20' | '21' | '22' | '30' | '40';
  registeredOn: Day | null;
  authority: string | null;
  certificateNo: string | null;
  spouse: Person | null;
}>;

export type Household = {
  householdNo: string;
  kind: 'FAMILY' | 'COLLECTIVE';
  address: Address;
  /** The head first. */
  members: Person[];
  registeredOn: Day;
};
