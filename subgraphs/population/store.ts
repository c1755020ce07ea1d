import {
  type Assistance,
  type Disability,
  type Household,
  type Insurance,
  type InsuranceKind,
  type Kinship,
  type KinshipKind,
  type Marriage,
  type Move,
  type Person,
  Prisma,
  PrismaClient,
} from '@longyuan/prisma/population/client/client.ts';
import type { PrismaPg } from '@prisma/adapter-pg';
import type { AskedRows } from '../serve/rows/asked-rows.ts';
import { divisionRange } from '../serve/rows/division-range.ts';
import { type AskedRow, escapeLike, narrowed, selectColumns } from '../serve/rows/put-to-prisma.ts';
import type { RowRule } from '../serve/rows/row-rule.ts';
import { spellingsOf } from '../serve/verification/same-text.ts';

export type { InsuranceKind, KinshipKind };

export type PersonRow = AskedRow<Person, 'id'>;
export type FoundPerson = AskedRow<Person, 'id' | 'idNumber'>;
export type MemberRow = AskedRow<Person, 'id' | 'householdNo' | 'relationToHead'>;
export type HouseholdRow = AskedRow<Household, 'householdNo'>;
export type MarriageRow = AskedRow<Marriage, 'personId'>;
export type KinshipRow = Readonly<Kinship>;
export type MoveRow = AskedRow<Move, 'personId'>;
export type InsuranceRow = AskedRow<Insurance, 'personId'>;
export type DisabilityRow = AskedRow<Disability, 'personId'>;
export type AssistanceRow = AskedRow<Assistance, 'personId'>;

/** What people are searched by; every condition that is given must hold. Days are YYYY-MM-DD. */
export type PersonFilter = Readonly<{
  name?: string | null;
  division?: string | null;
  sex?: string | null;
  bornFrom?: string | null;
  bornTo?: string | null;
}>;

export type StatDimension = 'SEX' | 'AGE_BAND' | 'ETHNICITY' | 'DIVISION' | 'MARITAL';
/** A head count and the code of each dimension; of AGE_BAND the number of whole decades, 9 at most. */
export type HeadCount = Readonly<{ codes: readonly string[]; count: number }>;

type Keys = readonly string[];

/** The questions this library asks its store. Each is one statement; `asked` says which columns to read besides the key, and of which rows. */
export interface PopulationStore {
  peopleById(ids: Keys, asked: AskedRows): Promise<readonly PersonRow[]>;
  peopleByIdNumber(idNumbers: Keys, asked: AskedRows): Promise<readonly FoundPerson[]>;
  /** The head of each household first, then by citizen number. */
  peopleByHousehold(householdNos: Keys, asked: AskedRows): Promise<readonly MemberRow[]>;
  /** At most `limit` people by their key, from after `after` on. */
  searchPeople(filter: PersonFilter, page: { asked: AskedRows; after: string | null; limit: number }): Promise<readonly PersonRow[]>;
  countPeople(filter: PersonFilter, rows: RowRule): Promise<number>;
  households(householdNos: Keys, asked: AskedRows): Promise<readonly HouseholdRow[]>;
  marriages(personIds: Keys, asked: AskedRows): Promise<readonly MarriageRow[]>;
  kinships(personIds: Keys, kinds: readonly KinshipKind[] | null): Promise<readonly KinshipRow[]>;
  /** The latest first. */
  moves(personIds: Keys, asked: AskedRows): Promise<readonly MoveRow[]>;
  insurances(personIds: Keys, asked: AskedRows, kinds: readonly InsuranceKind[] | null): Promise<readonly InsuranceRow[]>;
  disabilities(personIds: Keys, asked: AskedRows): Promise<readonly DisabilityRow[]>;
  /** The latest first. */
  assistances(personIds: Keys, asked: AskedRows): Promise<readonly AssistanceRow[]>;
  /** The living registered in a division, by the dimensions in the order given; `today` is the day ages are reckoned on, as midnight UTC. */
  countHeads(division: string, by: readonly StatDimension[], today: Date): Promise<readonly HeadCount[]>;
  close(): Promise<void>;
}

/** The store over a Prisma client of this library. */
export function openPopulationStore(adapter: PrismaPg): PopulationStore {
  const prisma = new PrismaClient({ adapter });
  return {
    peopleById: (ids, { columns, rows }) =>
      prisma.person.findMany({ where: narrowed({ id: within(ids) }, rows), select: selectColumns<Person>(columns, ['id']) }),
    peopleByIdNumber: (idNumbers, { columns, rows }) =>
      prisma.person.findMany({
        where: narrowed({ idNumber: within(idNumbers) }, rows),
        select: selectColumns<Person>(columns, ['id', 'idNumber']),
      }),
    peopleByHousehold: (householdNos, { columns, rows }) =>
      prisma.person
        .findMany({
          where: narrowed({ householdNo: within(householdNos) }, rows),
          select: selectColumns<Person>(columns, ['id', 'householdNo', 'relationToHead']),
          orderBy: { idNumber: 'asc' },
        })
        .then(headFirst),
    searchPeople: (filter, { asked: { columns, rows }, after, limit }) =>
      prisma.person.findMany({
        where: narrowed({ ...whereOf(filter), ...(after !== null && { id: { gt: after } }) }, rows),
        select: selectColumns<Person>(columns, ['id']),
        orderBy: { id: 'asc' },
        take: limit,
      }),
    countPeople: (filter, rows) => prisma.person.count({ where: narrowed(whereOf(filter), rows) }),
    households: (householdNos, { columns }) =>
      prisma.household.findMany({
        where: { householdNo: within(householdNos) },
        select: selectColumns<Household>(columns, ['householdNo']),
      }),
    marriages: (personIds, { columns }) =>
      prisma.marriage.findMany({ where: { personId: within(personIds) }, select: selectColumns<Marriage>(columns, ['personId']) }),
    kinships: (personIds, kinds) =>
      prisma.kinship.findMany({
        where: { personId: within(personIds), ...(kinds && { kind: { in: [...kinds] } }) },
        orderBy: [{ kind: 'asc' }, { relativeId: 'asc' }],
      }),
    moves: (personIds, { columns }) =>
      prisma.move.findMany({
        where: { personId: within(personIds) },
        select: selectColumns<Move>(columns, ['personId']),
        orderBy: [{ movedOn: 'desc' }, { id: 'desc' }],
      }),
    insurances: (personIds, { columns }, kinds) =>
      prisma.insurance.findMany({
        where: { personId: within(personIds), ...(kinds && { kind: { in: [...kinds] } }) },
        select: selectColumns<Insurance>(columns, ['personId']),
        orderBy: { kind: 'asc' },
      }),
    disabilities: (personIds, { columns }) =>
      prisma.disability.findMany({ where: { personId: within(personIds) }, select: selectColumns<Disability>(columns, ['personId']) }),
    assistances: (personIds, { columns }) =>
      prisma.assistance.findMany({
        where: { personId: within(personIds) },
        select: selectColumns<Assistance>(columns, ['personId']),
        orderBy: [{ from: 'desc' }, { id: 'desc' }],
      }),
    countHeads: (division, by, today) => prisma.$queryRaw<HeadCount[]>(headCountSql(division, by, today)),
    close: () => prisma.$disconnect(),
  };
}

function within(keys: Keys): { in: string[] } {
  return { in: [...keys] };
}

function headFirst(members: readonly MemberRow[]): readonly MemberRow[] {
  const { true: heads = [], false: others = [] } = Object.groupBy(members, (member) => String(member.relationToHead === '01'));
  return [...heads, ...others];
}

function whereOf({ name, division, sex, bornFrom, bornTo }: PersonFilter): Prisma.PersonWhereInput {
  return {
    ...(name && { OR: spellingsOf(name).map((spelling) => ({ name: { startsWith: escapeLike(spelling) } })) }),
    ...(division && { registeredDivision: divisionRange(division) }),
    ...(sex && { sex }),
    ...((bornFrom || bornTo) && {
      birthDate: { ...(bornFrom && { gte: new Date(bornFrom) }), ...(bornTo && { lte: new Date(bornTo) }) },
    }),
  };
}

/** One statement for any dimensions. Prisma's own groupBy knows neither ages nor a row that is not there. */
function headCountSql(division: string, by: readonly StatDimension[], today: Date): Prisma.Sql {
  const { gte, lt } = divisionRange(division);
  const codes = by.map((dimension) => codeSql(dimension, division, today));
  const grouped = by.length > 0 ? Prisma.sql`GROUP BY 1 ORDER BY 1` : Prisma.empty;
  return Prisma.sql`
    SELECT ARRAY[${codes.length > 0 ? Prisma.join(codes) : Prisma.empty}]::text[] AS codes, count(*)::int AS count
    FROM population."Person" p
    ${by.includes('MARITAL') ? Prisma.sql`LEFT JOIN population."Marriage" m ON m."personId" = p.id` : Prisma.empty}
    WHERE p."lifeStatus" = 'ALIVE' AND p."registeredDivision" >= ${gte} AND p."registeredDivision" < ${lt}
    ${grouped}`;
}

function codeSql(dimension: StatDimension, division: string, today: Date): Prisma.Sql {
  switch (dimension) {
    case 'SEX':
      return Prisma.sql`p.sex`;
    case 'ETHNICITY':
      return Prisma.sql`p.ethnicity`;
    case 'MARITAL':
      return Prisma.sql`coalesce(m.state, '10')`;
    case 'AGE_BAND':
      return Prisma.sql`least(9, extract(year FROM age(${today.toISOString().slice(0, 10)}::date, p."birthDate"))::int / 10)::text`;
    case 'DIVISION':
      return Prisma.sql`rpad(left(p."registeredDivision", ${digitsBelow(division)}::int), ${Math.max(6, digitsBelow(division))}::int, '0')`;
  }
}

/** How many digits of a village's code name the division one level below `code`; a village has nothing below. */
function digitsBelow(code: string): number {
  return { 2: 4, 4: 6, 6: 9 }[divisionRange(code).gte.length] ?? 12;
}
