import {
  type CreditPromise,
  type CreditRepair,
  type CreditSummary,
  type DishonestRecord,
  type JointMeasure,
  type Penalty,
  type PermitDecision,
  type Prisma,
  PrismaClient,
} from '@longyuan/prisma/credit/client/client.ts';
import type { PrismaPg } from '@prisma/adapter-pg';
import type { AskedRows } from '../serve/rows/asked-rows.ts';
import { divisionRange } from '../serve/rows/division-range.ts';
import { type AskedRow, escapeLike, narrowed, selectColumns } from '../serve/rows/put-to-prisma.ts';
import type { RowRule } from '../serve/rows/row-rule.ts';
import { spellingsOf } from '../serve/verification/same-text.ts';

export type SummaryRow = AskedRow<CreditSummary, 'subjectKey'>;
export type PermitRow = AskedRow<PermitDecision, 'id' | 'subjectKey' | 'decidedOn'>;
export type PenaltyRow = AskedRow<Penalty, 'id' | 'subjectKey' | 'decidedOn'>;
export type DishonestRow = AskedRow<DishonestRecord, 'id' | 'subjectKey' | 'publishedOn'>;
type MeasureRow = AskedRow<JointMeasure, 'subjectKey'>;
export type RepairRow = AskedRow<CreditRepair, 'subjectKey'>;
type PromiseRow = AskedRow<CreditPromise, 'subjectKey'>;
/** How many records a subject has; subjects without any have no row. */
export type CountRow = Readonly<{ subjectKey: string; count: number }>;

/** Conditions on the list of the courts; null: any. `division` holds everything below it. Only what is public on the day `on` is listed. */
export type DishonestCondition = Readonly<{ isEntity: boolean | null; name: string | null; division: string | null; on: Date }>;
/** A row's place in the list of the courts. */
export type DishonestPlace = Readonly<{ publishedOn: Date; id: number }>;

/** A walk through the published records of one kind by their numbers, beginning behind `after`; of a division and everything below it. */
export type PublishedWalk<Row> = Readonly<{
  find: (page: Readonly<{ division: string | null; after: number | null; limit: number; asked: AskedRows }>) => Promise<readonly Row[]>;
  count: (division: string | null, rows: RowRule) => Promise<number>;
}>;

/**
 * The questions the library asks of what it stores. Each is one statement and reads the asked-for columns and those that order it, of the asked-for rows.
 * A subject is known by the person's opaque key or the entity's credit code. Records come the latest first.
 */
export interface CreditStore {
  summaries(subjectKeys: readonly string[], asked: AskedRows): Promise<readonly SummaryRow[]>;
  permits(subjectKeys: readonly string[], asked: AskedRows): Promise<readonly PermitRow[]>;
  /** Those public on the day `on`; null: all. */
  penalties(subjectKeys: readonly string[], asked: AskedRows, on: Date | null): Promise<readonly PenaltyRow[]>;
  penaltiesById(ids: readonly number[], asked: AskedRows): Promise<readonly PenaltyRow[]>;
  publishedPermits: PublishedWalk<PermitRow>;
  publishedPenalties: PublishedWalk<PenaltyRow>;
  dishonest(subjectKeys: readonly string[], asked: AskedRows): Promise<readonly DishonestRow[]>;
  /** In order of publication, beginning behind `after`. */
  findDishonest(page: {
    condition: DishonestCondition;
    after: DishonestPlace | null;
    limit: number;
    asked: AskedRows;
  }): Promise<readonly DishonestRow[]>;
  countDishonest(condition: DishonestCondition, rows: RowRule): Promise<number>;
  countPermits(subjectKeys: readonly string[]): Promise<readonly CountRow[]>;
  countPenalties(subjectKeys: readonly string[], on: Date): Promise<readonly CountRow[]>;
  measures(subjectKeys: readonly string[], asked: AskedRows): Promise<readonly MeasureRow[]>;
  repairs(subjectKeys: readonly string[], asked: AskedRows): Promise<readonly RepairRow[]>;
  promises(subjectKeys: readonly string[], asked: AskedRows): Promise<readonly PromiseRow[]>;
  close(): Promise<void>;
}

/** The store in PostgreSQL. */
export function openCreditStore(adapter: PrismaPg): CreditStore {
  const prisma = new PrismaClient({ adapter });
  return {
    summaries: (subjectKeys, { columns, rows }) =>
      prisma.creditSummary.findMany({
        where: narrowed(of(subjectKeys), rows),
        select: selectColumns<CreditSummary>(columns, ['subjectKey']),
      }),
    permits: (subjectKeys, { columns, rows }) =>
      prisma.permitDecision.findMany({
        where: narrowed(of(subjectKeys), rows),
        select: selectColumns<PermitDecision>(columns, ['id', 'subjectKey', 'decidedOn']),
        orderBy: [{ decidedOn: 'desc' }, { id: 'desc' }],
      }),
    penalties: (subjectKeys, { columns, rows }, on) =>
      prisma.penalty.findMany({
        where: narrowed(on === null ? of(subjectKeys) : { ...of(subjectKeys), ...publicOn(on) }, rows),
        select: selectColumns<Penalty>(columns, ['id', 'subjectKey', 'decidedOn']),
        orderBy: [{ decidedOn: 'desc' }, { id: 'desc' }],
      }),
    penaltiesById: (ids, { columns, rows }) =>
      prisma.penalty.findMany({
        where: narrowed({ id: { in: [...ids] } }, rows),
        select: selectColumns<Penalty>(columns, ['id', 'subjectKey', 'decidedOn']),
      }),
    publishedPermits: {
      find: ({ division, after, limit, asked: { columns, rows } }) =>
        prisma.permitDecision.findMany({
          where: narrowed(placed(division, after), rows),
          select: selectColumns<PermitDecision>(columns, ['id', 'subjectKey', 'decidedOn']),
          orderBy: { id: 'asc' },
          take: limit,
        }),
      count: (division, rows) => prisma.permitDecision.count({ where: narrowed(placed(division, null), rows) }),
    },
    publishedPenalties: {
      find: ({ division, after, limit, asked: { columns, rows } }) =>
        prisma.penalty.findMany({
          where: narrowed(placed(division, after), rows),
          select: selectColumns<Penalty>(columns, ['id', 'subjectKey', 'decidedOn']),
          orderBy: { id: 'asc' },
          take: limit,
        }),
      count: (division, rows) => prisma.penalty.count({ where: narrowed(placed(division, null), rows) }),
    },
    dishonest: (subjectKeys, { columns, rows }) =>
      prisma.dishonestRecord.findMany({
        where: narrowed(of(subjectKeys), rows),
        select: selectColumns<DishonestRecord>(columns, ['id', 'subjectKey', 'publishedOn']),
        orderBy: [{ publishedOn: 'desc' }, { id: 'desc' }],
      }),
    findDishonest: ({ condition, after, limit, asked: { columns, rows } }) =>
      prisma.dishonestRecord.findMany({
        where: narrowed(after === null ? whereOf(condition) : { AND: [whereOf(condition), behind(after)] }, rows),
        select: selectColumns<DishonestRecord>(columns, ['id', 'subjectKey', 'publishedOn']),
        orderBy: [{ publishedOn: 'asc' }, { id: 'asc' }],
        take: limit,
      }),
    countDishonest: (condition, rows) => prisma.dishonestRecord.count({ where: narrowed(whereOf(condition), rows) }),
    countPermits: async (subjectKeys) => {
      const groups = await prisma.permitDecision.groupBy({ by: ['subjectKey'], where: of(subjectKeys), _count: { _all: true } });
      return groups.map(countOf);
    },
    countPenalties: async (subjectKeys, on) => {
      const where = { ...of(subjectKeys), ...publicOn(on) };
      const groups = await prisma.penalty.groupBy({ by: ['subjectKey'], where, _count: { _all: true } });
      return groups.map(countOf);
    },
    measures: (subjectKeys, { columns }) =>
      prisma.jointMeasure.findMany({
        where: of(subjectKeys),
        select: selectColumns<JointMeasure>(columns, ['subjectKey']),
        orderBy: [{ subjectKey: 'asc' }, { ordinal: 'asc' }],
      }),
    repairs: (subjectKeys, { columns }) =>
      prisma.creditRepair.findMany({
        where: of(subjectKeys),
        select: selectColumns<CreditRepair>(columns, ['subjectKey']),
        orderBy: [{ appliedOn: 'desc' }, { no: 'desc' }],
      }),
    promises: (subjectKeys, { columns }) =>
      prisma.creditPromise.findMany({
        where: of(subjectKeys),
        select: selectColumns<CreditPromise>(columns, ['subjectKey']),
        orderBy: [{ promisedOn: 'desc' }, { no: 'desc' }],
      }),
    close: () => prisma.$disconnect(),
  };
}

function of(subjectKeys: readonly string[]) {
  return { subjectKey: { in: [...subjectKeys] } };
}

function placed(division: string | null, after: number | null) {
  return {
    ...(division === null ? {} : { division: divisionRange(division) }),
    ...(after === null ? {} : { id: { gt: after } }),
  };
}

/** Inside the publish period on a day: its last day still counts. */
function publicOn(day: Date) {
  return { OR: [{ publishUntil: null }, { publishUntil: { gte: day } }] };
}

function whereOf({ isEntity, name, division, on }: DishonestCondition): Prisma.DishonestRecordWhereInput {
  return {
    AND: [
      publicOn(on),
      ...(name === null ? [] : [{ OR: spellingsOf(name).map((spelling) => ({ subjectName: { contains: escapeLike(spelling) } })) }]),
    ],
    ...(isEntity === null ? {} : { subjectIsEntity: isEntity }),
    ...(division === null ? {} : { division: divisionRange(division) }),
  };
}

function behind({ publishedOn, id }: DishonestPlace): Prisma.DishonestRecordWhereInput {
  // The first condition follows from the second; it lets the index on (publishedOn, id) begin at the place.
  return { publishedOn: { gte: publishedOn }, OR: [{ publishedOn: { gt: publishedOn } }, { id: { gt: id } }] };
}

function countOf({ subjectKey, _count }: { subjectKey: string; _count: { _all: number } }): CountRow {
  return { subjectKey, count: _count._all };
}
