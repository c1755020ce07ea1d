import { isKnownDivision, provinceCode } from '@longyuan/schema/src/division-table.ts';
import { textOfMoment } from '@longyuan/schema/src/moment.ts';
import { endOfDayMs } from '@longyuan/schema/src/province-day.ts';
import type { AccessFacts } from './access-facts.ts';
import type { ItemToDecide, Refusal, Standing } from './decide.ts';
import type { GrantedAccess } from './grant.ts';

/** An application as it can be sent: a request to `/graphql`, whose variables say what is missing. */
export type Application = Readonly<{ query: string; variables: Readonly<{ input: ApplicationInput }> }>;

/** As `ApplicationInput` of schema/directory.graphql. */
type ApplicationInput = Readonly<{
  resource: string;
  items: readonly Readonly<{ code: string; access: GrantedAccess }>[];
  purposes: readonly string[];
  basis: string;
  scenario: string;
  division: string;
  level: number;
  until: string;
  callsPerDay: number;
}>;

/** An item that is missing, and whether it was only to be verified. */
type WantedItem = Readonly<{ item: ItemToDecide; toVerify: boolean }>;

const APPLY = 'mutation Apply($input: ApplicationInput!) { apply(input: $input) { no state } }';
const CALLS_PER_DAY = 1_000;

/** Refusals that a grant would end. */
export const GRANTABLE: ReadonlySet<Refusal['missing']> = new Set<Refusal['missing']>([
  'GRANT',
  'TERM',
  'LEVEL',
  'REGION',
  'PURPOSE',
  'ACCESS',
]);

/** Whether this caller can apply for an item that is refused: a developer of another department, for the region that the account works for. */
export function mayApply(
  item: ItemToDecide,
  { missing }: Pick<Refusal, 'missing'>,
  { caller }: Pick<Standing, 'caller'>,
  facts: Pick<AccessFacts, 'canBeGranted'>,
): boolean {
  if (caller.kind !== 'department' || caller.role !== 'developer' || caller.uscc === item.owner) return false;
  return GRANTABLE.has(missing) && facts.canBeGranted(item.code) && (caller.region === null || isKnownDivision(caller.region));
}

/**
 * One application for all that is missing of a resource; null where nothing is. What only the applicant knows is filled in as far as the call
 * tells it: the purpose is the call's own (none: the list is empty), the term a year, the division the account's region or the province.
 */
export function applyFor(
  resource: string,
  missing: readonly WantedItem[],
  about: Readonly<{ standing: Standing; nameOfPurpose: (code: string) => string | null; now: Date; title: string }>,
): Application | null {
  if (missing.length === 0) return null;
  const { standing, nameOfPurpose, now, title } = about;
  const { caller, purpose } = standing;
  const purposeName = purpose === null ? null : nameOfPurpose(purpose);
  const items = new Map<string, GrantedAccess>();
  for (const { item, toVerify } of missing)
    if (items.get(item.code) !== 'READ')
      items.set(item.code, item.classes.some(({ verifyOnly }) => verifyOnly) || toVerify ? 'VERIFY' : 'READ');
  // To the end of a day of the province: who is refused twice on one day is told the same.
  const until = new Date(endOfDayMs(now.getTime()));
  until.setUTCFullYear(until.getUTCFullYear() + 1);
  const classes = missing.flatMap(({ item }) => item.classes);
  const bases = [...new Set(classes.flatMap(({ basis }) => basis ?? []))];
  const input = {
    resource,
    items: [...items].map(([code, access]) => ({ code, access })),
    purposes: purpose !== null && purposeName !== null ? [purpose] : [],
    basis: bases.join('；').slice(0, 1_000) || title,
    scenario: purposeName ?? title,
    division: caller.kind === 'department' && caller.region !== null ? caller.region : provinceCode(),
    level: Math.max(...classes.map(({ level }) => level)),
    until: textOfMoment(until),
    callsPerDay: CALLS_PER_DAY,
  };
  return { query: APPLY, variables: { input } };
}
