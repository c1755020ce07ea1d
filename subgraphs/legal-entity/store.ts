import {
  type AnnualReport,
  type EntityKind,
  type LegalEntity,
  type Listing,
  type Officer,
  type Prisma,
  PrismaClient,
  type RegistrationChange,
  type RegistrationState,
  type Shareholder,
} from '@longyuan/prisma/legal-entity/client/client.ts';
import type { PrismaPg } from '@prisma/adapter-pg';
import type { AskedRows } from '../serve/rows/asked-rows.ts';
import { divisionRange } from '../serve/rows/division-range.ts';
import { type AskedRow, escapeLike, narrowed, selectColumns } from '../serve/rows/put-to-prisma.ts';
import type { RowRule } from '../serve/rows/row-rule.ts';
import { spellingsOf } from '../serve/verification/same-text.ts';

export type EntityRow = AskedRow<LegalEntity, 'uscc'>;
type RepresentedRow = EntityRow & Readonly<{ legalRep: string | null }>;
export type ShareholderRow = AskedRow<Shareholder, 'uscc'>;
export type OfficerRow = AskedRow<Officer, 'uscc'>;
export type ChangeRow = AskedRow<RegistrationChange, 'uscc'>;
export type ReportRow = AskedRow<AnnualReport, 'uscc' | 'year'>;
type ListingRow = AskedRow<Listing, 'uscc'>;

/** Conditions of a search; null: any. `division` holds everything below it, `industry` is the start of a code. */
export type EntityCondition = Readonly<{
  name: string | null;
  division: string | null;
  industry: string | null;
  state: RegistrationState | null;
  kind: EntityKind | null;
}>;

/** The questions the library asks of what it stores. Each is one statement and reads the asked-for columns and its key, of the asked-for rows. */
export interface LegalEntityStore {
  entities(usccs: readonly string[], asked: AskedRows): Promise<readonly EntityRow[]>;
  /** By the person who represents them, ordered by social credit code. */
  represented(personIds: readonly string[], asked: AskedRows): Promise<readonly RepresentedRow[]>;
  /** Ordered by social credit code, beginning behind `after`. */
  find(page: { condition: EntityCondition; after: string | null; limit: number; asked: AskedRows }): Promise<readonly EntityRow[]>;
  count(condition: EntityCondition, rows: RowRule): Promise<number>;
  shareholders(usccs: readonly string[], asked: AskedRows): Promise<readonly ShareholderRow[]>;
  officers(usccs: readonly string[], asked: AskedRows): Promise<readonly OfficerRow[]>;
  /** On or after a day (null: ever), the latest first. */
  changes(usccs: readonly string[], asked: AskedRows, since: string | null): Promise<readonly ChangeRow[]>;
  reports(asked: { usccs: readonly string[]; years: readonly number[]; asked: AskedRows }): Promise<readonly ReportRow[]>;
  /** The latest first. */
  listings(usccs: readonly string[], asked: AskedRows): Promise<readonly ListingRow[]>;
  close(): Promise<void>;
}

/** The store in PostgreSQL. */
export function openLegalEntityStore(adapter: PrismaPg): LegalEntityStore {
  const prisma = new PrismaClient({ adapter });
  return {
    entities: (usccs, { columns, rows }) =>
      prisma.legalEntity.findMany({
        where: narrowed({ uscc: { in: [...usccs] } }, rows),
        select: selectColumns<LegalEntity>(columns, ['uscc']),
      }),
    represented: (personIds, { columns, rows }) =>
      prisma.legalEntity.findMany({
        where: narrowed({ legalRep: { in: [...personIds] } }, rows),
        select: selectColumns<LegalEntity>(columns, ['uscc', 'legalRep']),
        orderBy: { uscc: 'asc' },
      }),
    find: ({ condition, after, limit, asked: { columns, rows } }) =>
      prisma.legalEntity.findMany({
        where: narrowed(after === null ? whereOf(condition) : { AND: [whereOf(condition), { uscc: { gt: after } }] }, rows),
        select: selectColumns<LegalEntity>(columns, ['uscc']),
        orderBy: { uscc: 'asc' },
        take: limit,
      }),
    count: (condition, rows) => prisma.legalEntity.count({ where: narrowed(whereOf(condition), rows) }),
    shareholders: (usccs, { columns }) =>
      prisma.shareholder.findMany({
        where: { uscc: { in: [...usccs] } },
        select: selectColumns<Shareholder>(columns, ['uscc']),
        orderBy: [{ uscc: 'asc' }, { ordinal: 'asc' }],
      }),
    officers: (usccs, { columns }) =>
      prisma.officer.findMany({
        where: { uscc: { in: [...usccs] } },
        select: selectColumns<Officer>(columns, ['uscc']),
        orderBy: [{ uscc: 'asc' }, { ordinal: 'asc' }],
      }),
    changes: (usccs, { columns }, since) =>
      prisma.registrationChange.findMany({
        where: { uscc: { in: [...usccs] }, ...(since === null ? {} : { on: { gte: new Date(since) } }) },
        select: selectColumns<RegistrationChange>(columns, ['uscc']),
        orderBy: [{ on: 'desc' }, { ordinal: 'desc' }],
      }),
    reports: ({ usccs, years, asked: { columns } }) =>
      prisma.annualReport.findMany({
        where: { uscc: { in: [...usccs] }, year: { in: [...years] } },
        select: selectColumns<AnnualReport>(columns, ['uscc', 'year']),
      }),
    listings: (usccs, { columns }) =>
      prisma.listing.findMany({
        where: { uscc: { in: [...usccs] } },
        select: selectColumns<Listing>(columns, ['uscc']),
        orderBy: [{ on: 'desc' }, { ordinal: 'desc' }],
      }),
    close: () => prisma.$disconnect(),
  };
}

function whereOf({ name, division, industry, state, kind }: EntityCondition): Prisma.LegalEntityWhereInput {
  return {
    ...(name === null ? {} : { OR: spellingsOf(name).map((spelling) => ({ name: { contains: escapeLike(spelling) } })) }),
    ...(division === null ? {} : { division: divisionRange(division) }),
    ...(industry === null ? {} : { industry: { startsWith: escapeLike(industry) } }),
    ...(state === null ? {} : { state }),
    ...(kind === null ? {} : { kind }),
  };
}
