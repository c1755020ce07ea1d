import { refuse } from '@longyuan/schema/src/refuse.ts';
import type { SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import type { RefusalId } from '@longyuan/schema/src/words/catalogue.ts';
import type { GraphQLError } from 'graphql';
import type { Caller } from './caller.ts';
import { isOfRegion } from './region.ts';

/** As whom a caller acts. `regional…`: of a department's account that works for one region alone. */
export const ROLES = [
  'public',
  'citizen',
  'agent',
  'developer',
  'regionalDeveloper',
  'steward',
  'regionalSteward',
  'auditor',
] as const satisfies readonly string[];
type Role = (typeof ROLES)[number];

/**
 * Whose management data a role reaches: its own department's; its own department's of the region that it works for; all departments' of that
 * region; everybody's.
 */
export type Reach = 'OWN' | 'OWN_OF_REGION' | 'REGION' | 'EVERYBODY';

type Office = Readonly<{
  /** The roots of the schema behind which it is done; one that two offices name is open to whoever holds either. None: below a root. */
  roots: readonly string[];
  /** Who may; who is not named may not. */
  may: Readonly<Partial<Record<Role, Reach>>>;
  /**
   * What whoever may not is told: without a token, of a department, and everyone else. `departments` null: the owner says it, whose name is in
   * the sentence, so the root lets departments through to it.
   */
  refused: Readonly<{ public: RefusalId; departments: RefusalId | null; others: RefusalId }>;
}>;

const EVERYONE = Object.freeze(Object.fromEntries(ROLES.map((role) => [role, 'EVERYBODY']))) as Readonly<Record<Role, 'EVERYBODY'>>;
const DEPARTMENTS = { developer: 'OWN', regionalDeveloper: 'OWN_OF_REGION', steward: 'OWN', regionalSteward: 'OWN_OF_REGION' } as const;
const STEWARDS = { steward: 'OWN', regionalSteward: 'OWN_OF_REGION' } as const;

/** Only a call without a caller is refused. */
const NOBODY = { public: 'NO_CALLER', departments: 'NO_CALLER', others: 'NO_CALLER' } as const;
const COVERAGE = { public: 'COVERAGE_NEEDS_TOKEN', departments: 'COVERAGE_NOT_YOURS', others: 'COVERAGE_NOT_YOURS' } as const;
const OBJECTIONS = { public: 'OBJECTIONS_NEED_TOKEN', departments: 'OBJECTIONS_NOT_YOURS', others: 'OBJECTIONS_NOT_YOURS' } as const;
const MEASURING = { public: 'MEASURING_NEEDS_TOKEN', departments: 'MEASURING_NOT_YOURS', others: 'MEASURING_NOT_YOURS' } as const;
const GRANTS = { public: 'GRANTS_NEED_TOKEN', departments: 'GRANTS_OF_DEPARTMENTS', others: 'GRANTS_OF_DEPARTMENTS' } as const;
const DEALING = { public: 'DEALING_NEEDS_TOKEN', departments: null, others: 'GRANTS_OF_DEPARTMENTS' } as const;

/**
 * Who may do what with management data: the directory, coverage, quality, objections, applications and grants. Both doors read it: the
 * directory at the gateway and the owners' desks. What is shown of an item is no matter of this table: the SDL says it (`decide.ts`).
 * `access/README.md` shows it to people, and a test holds the two together.
 */
export const offices = {
  /** Which items libraries show, and whose license may be used, the SDL says. So it is with the roots of `rootsOfItems`, which no office names. */
  askLibraries: { roots: ['Query._entities', 'Query._service', 'Mutation.authorizeUse'], may: EVERYONE, refused: NOBODY },
  readDirectory: {
    roots: [
      ...['Query.resource', 'Query.resources', 'Query.provider', 'Query.codeTable', 'Query.codeTables'],
      ...['Query.explainAccess', 'Query.coverageMethod'],
    ],
    may: EVERYONE,
    refused: NOBODY,
  },
  readCoverage: {
    roots: ['Query.coverage'],
    may: { steward: 'EVERYBODY', regionalSteward: 'REGION', auditor: 'EVERYBODY' },
    refused: COVERAGE,
  },
  /** When the quality of which library was measured. */
  readQualityRuns: { roots: ['Query.qualityRuns'], may: EVERYONE, refused: NOBODY },
  /** How many records break a rule. Figures of a library are not told apart by division, so who works for one region alone has none. */
  readQuality: { roots: [], may: { steward: 'OWN', auditor: 'EVERYBODY' }, refused: MEASURING },
  /** The keys of some records that break a rule. */
  readFailingKeys: { roots: [], may: { steward: 'OWN' }, refused: MEASURING },
  measureQuality: { roots: ['Mutation.measureQuality'], may: { steward: 'OWN' }, refused: MEASURING },
  raiseObjection: { roots: ['Mutation.raiseObjection'], may: EVERYONE, refused: NOBODY },
  /** One objection by its id, which whoever raised it was told. */
  readObjection: { roots: ['Query.objection'], may: EVERYONE, refused: NOBODY },
  listObjections: { roots: ['Query.objections'], may: { steward: 'OWN', auditor: 'EVERYBODY' }, refused: OBJECTIONS },
  answerObjection: { roots: ['Mutation.answerObjection'], may: { steward: 'OWN' }, refused: OBJECTIONS },
  /**
   * Which record an objection is to, and so whether there is one: for those who may see the owner's records anyway, and all of them. Stewards
   * never see values, and who objects may be one of them.
   */
  nameObjectedRecord: { roots: [], may: { developer: 'OWN' }, refused: OBJECTIONS },
  /** To hold: an auditor asks, and holds none. */
  listGrants: { roots: ['Query.myGrants'], may: { ...DEPARTMENTS, auditor: 'OWN' }, refused: GRANTS },
  /** Those that the own department made. */
  listOwnApplications: { roots: ['Query.applications'], may: { ...DEPARTMENTS, auditor: 'EVERYBODY' }, refused: GRANTS },
  /** Those that the own libraries were sent. */
  listApplications: { roots: ['Query.applications'], may: { ...STEWARDS, auditor: 'EVERYBODY' }, refused: GRANTS },
  /** For the own department. */
  apply: {
    roots: ['Mutation.apply'],
    may: { developer: 'OWN', regionalDeveloper: 'OWN_OF_REGION' },
    refused: { ...DEALING, departments: 'DEVELOPERS_APPLY' },
  },
  /** To the own libraries, and to sign what is granted. */
  answerApplication: { roots: ['Mutation.answer'], may: STEWARDS, refused: DEALING },
  /** What the own libraries granted. */
  revokeGrant: { roots: ['Mutation.revokeGrant'], may: STEWARDS, refused: DEALING },
  /** What the own department holds. */
  giveBackGrant: { roots: ['Mutation.revokeGrant'], may: DEPARTMENTS, refused: DEALING },
} as const satisfies Readonly<Record<string, Office>>;

export type Action = keyof typeof offices;

/** Not asked about: whether there is anything at all that the caller may do it with. */
export const ANY = Symbol('any');

/** What it is done with: of which department (credit code; null: of none alone) and division (null: of the whole province, or of none). */
type Whose = Readonly<{ department: string | null | typeof ANY; division: string | null | typeof ANY }>;

const ANYTHING: Whose = Object.freeze({ department: ANY, division: ANY });

/** Whether the caller may do it with what is so meant. */
export function mayDo(caller: Caller, action: Action, whose: Whose): boolean {
  const { may }: Office = offices[action];
  const reach = may[roleOf(caller)];
  switch (reach) {
    case undefined:
      return false;
    case 'EVERYBODY':
      return true;
    case 'OWN':
      return isOwn(caller, whose);
    case 'REGION':
      return isOfOwnRegion(caller, whose);
    case 'OWN_OF_REGION':
      return isOwn(caller, whose) && isOfOwnRegion(caller, whose);
    default:
      // A kind of caller that nobody knows may nothing.
      reach satisfies never;
      return false;
  }
}

/** What the caller is told who may not do it; null where they may, and where it is the owner that says so. */
export function refusalOf(caller: Caller, action: Action, whose: Whose = ANYTHING): GraphQLError | null {
  if (mayDo(caller, action, whose)) return null;
  const { refused } = offices[action];
  if (caller.kind === 'public') return refuse(refused.public);
  if (caller.kind !== 'department') return refuse(refused.others);
  return refused.departments === null ? null : refuse(refused.departments);
}

/**
 * What the caller is told who may do nothing behind a root of the table (`Query.coverage`); null where they may do something. Which rows they
 * may do it with is asked where the row is known.
 * @throws Error where no office names the root.
 */
export function refusalAtRoot(coordinate: string, caller: Caller): GraphQLError | null {
  const refusals = ACTIONS.filter((action) => rootsOf(action).includes(coordinate)).map((action) => refusalOf(caller, action));
  const [first] = refusals;
  if (first === undefined) throw new Error(`No office names the root ${coordinate}.`);
  return refusals.includes(null) ? null : first;
}

/** The keys of the table are the actions. */
const ACTIONS = Object.keys(offices) as readonly Action[];

/** The roots that an office names. */
export const OFFICE_ROOTS: ReadonlySet<string> = new Set(ACTIONS.flatMap(rootsOf));

/**
 * The roots of Query of these libraries whose answers the SDL decides: which are items, or structure above items. Whoever calls may ask them.
 * A Mutation is not among them: what is written needs an office by name.
 */
export function rootsOfItems(facts: SharingFacts): ReadonlySet<string> {
  const roots = facts.fields.filter(({ owner }) => owner.name === 'Query');
  const isSaid = roots.filter(
    ({ items, isStructure, returns }) => items.length > 0 || isStructure || facts.typesNamed(returns).some((type) => type.isStructure),
  );
  return new Set(isSaid.map(({ coordinate }) => coordinate));
}

/** As whom a caller acts. */
export function roleOf(caller: Caller): Role {
  if (caller.kind !== 'department') return caller.kind;
  if (caller.region === null) return caller.role;
  return caller.role === 'steward' ? 'regionalSteward' : 'regionalDeveloper';
}

function rootsOf(action: Action): readonly string[] {
  return offices[action].roots;
}

function isOwn(caller: Caller, { department }: Whose): boolean {
  return department === ANY || (caller.kind === 'department' && caller.uscc === department);
}

function isOfOwnRegion(caller: Caller, { division }: Whose): boolean {
  if (division === ANY) return true;
  return caller.kind === 'department' && division !== null && isOfRegion(division, caller.region);
}
