import { type AccessFacts, readAccessFacts } from '@longyuan/access/access-facts.ts';
import { type AccessSet, makeAccessSet } from '@longyuan/access/access-set.ts';
import { type Caller, PUBLIC } from '@longyuan/access/caller.ts';
import { decide, type Standing } from '@longyuan/access/decide.ts';
import type { Grant, GrantedAccess } from '@longyuan/access/grant.ts';
import type { RowCondition } from '@longyuan/access/row-condition.ts';
import { isWithin } from '@longyuan/schema/src/division-prefix.ts';
import { libraryNamed } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import type { Shown } from '@longyuan/subgraphs/serve/rows/row-guard.ts';

/** What the scope of a row depends on, told by the test and not by the library. */
export type RowFacts = Readonly<{
  division?: string;
  subject?: string;
  /** Its own, where others tell whose row it is. */
  key?: string;
  minorUntil?: Date | null;
  predicates?: Readonly<Record<string, boolean>>;
}>;
export type Oracle = Readonly<{
  facts: AccessFacts;
  accessFor: (standing: Partial<Standing>) => AccessSet;
  shown: (access: AccessSet, coordinate: string, row: RowFacts) => Shown;
  /** Whether an argument that reads the item, or an edge that is one, may lead to the row. */
  mayRead: (access: AccessSet, code: string, row: RowFacts) => boolean;
}>;

const DAY = 24 * 60 * 60 * 1000;

/** For tests: what the decision says of each row and item by itself, without rules, SQL, columns or caches. */
export function slowOracle(library: string): Oracle {
  const facts = readAccessFacts(readSharingFacts([libraryNamed(library)]));
  const decided = (access: AccessSet, type: string, field: string) => {
    const item = facts.ofField(type, field)?.item;
    return item ? decide(item, access.standing) : null;
  };
  return {
    facts,
    accessFor: (standing) => makeAccessSet(facts, { caller: PUBLIC, purpose: null, grants: [], now: new Date(), ...standing }),
    shown: (access, coordinate, row) => {
      const [type = '', field = ''] = coordinate.split('.');
      const decision = decided(access, type, field);
      if (decision === null || means(decision.visible, row)) return 'WHOLE';
      return means(decision.masked, row) ? 'MASKED' : 'HIDDEN';
    },
    mayRead: (access, code, row) => {
      const item = facts.ofItem(code);
      return item !== undefined && means(decide(item, access.standing).visible, row);
    },
  };
}

function means(condition: RowCondition, row: RowFacts): boolean {
  switch (condition.rows) {
    case 'ALL':
      return true;
    case 'NONE':
      return false;
    case 'ANY':
      return condition.of.some((each) => means(each, row));
    case 'WHEN':
      return row.predicates?.[condition.predicate] ?? false;
    case 'SUBJECT':
      return row.subject !== undefined && condition.keys.includes(row.subject);
    case 'OWN':
      return row.key !== undefined && condition.keys.includes(row.key);
    case 'DIVISION':
      if (row.division === undefined || !isWithin(row.division, condition.within)) return false;
      return condition.minors || !row.minorUntil || row.minorUntil.getTime() <= Date.now() + DAY / 3;
  }
}

/** For tests: a grant in force of the named items, for the purpose `P`. */
export function grantOf(items: readonly string[], but: Partial<Grant> & { access?: GrantedAccess } = {}): Grant {
  const { access = 'READ', ...rest } = but;
  return {
    id: '1',
    library: '',
    consumer: CONSUMER,
    resource: '',
    items: items.map((code) => ({ code, access })),
    purposes: [PURPOSE],
    basis: '国发〔2016〕51号',
    division: '620000',
    level: 3,
    from: '2020-01-01T00:00:00Z',
    until: '2099-01-01T00:00:00Z',
    callsPerDay: 1000,
    rowsPerDay: 100_000,
    ...rest,
  };
}

export const PURPOSE = '11629901000000000100000000001';
const CONSUMER = '116299010000000999';

/** For tests: a department that grants are given to. */
export function consumer(region: string | null = null): Caller {
  return { kind: 'department', sub: 'd', uscc: CONSUMER, role: 'developer', region };
}
