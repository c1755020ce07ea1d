import { anyOf, type RowCondition } from '@longyuan/access/row-condition.ts';
import { Random } from '@longyuan/prisma/country/generate/random.ts';
import { PrismaClient as CreditClient } from '@longyuan/prisma/credit/client/client.ts';
import { PrismaClient as LicenseClient } from '@longyuan/prisma/e-license/client/client.ts';
import { PrismaClient as PopulationClient } from '@longyuan/prisma/population/client/client.ts';
import { adapterFor, openPool } from '@longyuan/prisma/store/connect/open-pool.ts';
import { openScratchServer, type ScratchServer } from '@longyuan/prisma/store/embedded/open-scratch-server.ts';
import { applyMigrations } from '@longyuan/prisma/store/migrate/apply-migrations.ts';
import { openLibraryFolder } from '@longyuan/prisma/store/migrate/find-libraries.ts';
import { readModelsOf } from '@longyuan/prisma/store/read-models.ts';
import { libraryNamed } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { predicates as ofCredit } from '../../credit/predicates.ts';
import { predicates as ofLicenses } from '../../e-license/predicates.ts';
import { narrowed } from './put-to-prisma.ts';
import { makeRowGuard, type Predicates } from './row-guard.ts';
import { every, holds, NO_ROW, type RowRule, some } from './row-rule.ts';

const log = openLog('test', { logLevel: 'silent' });
const random = new Random(13, 0);
let server: ScratchServer;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  server = await openScratchServer(log);
}, 120_000);
afterAll(async () => {
  for (const close of closing) await close();
  await server.close();
});

async function adapterOf(library: string) {
  const settings = { ...server.settings, databaseConnections: 2 };
  const pool = await openPool({ settings, library, log, statementTimeoutMs: 0 });
  await applyMigrations(openLibraryFolder(library), pool);
  closing.push(() => pool.end());
  return adapterFor(pool, library);
}

const DAY_MS = 24 * 60 * 60 * 1000;
const inDays = (days: number) => new Date((Math.floor((Date.now() + DAY_MS / 3) / DAY_MS) + days) * DAY_MS);
const key = (at: number) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
const divisions = ['620102001001', '620102001002', '620103001001', '620502001001', '620000000000'];
const FIRM = '91620102MA74000001';
const day = () => inDays(random.between(-1, 1));
const dayOrNone = () => (random.chance(0.3) ? null : day());

/** Conditions as decisions make them, of every kind and joined. */
function anyCondition(names: readonly string[]): RowCondition {
  const one = (): RowCondition =>
    random.pick<() => RowCondition>([
      () => ({ rows: 'SUBJECT', keys: random.pick([[], [key(3)], [key(1), FIRM], ['no key']]) }),
      () => ({
        rows: 'DIVISION',
        within: random.pick(['620000', '620100', '620102', '620102001', ...divisions]),
        minors: random.chance(0.5),
      }),
      () => (names.length > 0 ? { rows: 'WHEN', predicate: random.pick(names) } : { rows: 'NONE' }),
    ])();
  return anyOf(Array.from({ length: random.between(0, 3) }, one));
}

/** Asks the store and the rows themselves for many rules, and expects the same. */
async function compare<Row extends object>(of: {
  library: string;
  type: string;
  predicates?: Predicates;
  rows: readonly Row[];
  find: (where: <Where>(own: Where) => Where) => Promise<readonly Row[]>;
}) {
  const predicates = of.predicates ?? {};
  const sharing = readSharingFacts([libraryNamed(of.library)]);
  const guard = makeRowGuard({ sharing, predicates, models: readModelsOf(openLibraryFolder(of.library)) });
  const one = (): RowRule => guard.ruleOf(anyCondition(Object.keys(predicates)), of.type);
  const sizes = new Set<number>();
  for (let round = 0; round < 150; round += 1) {
    const rule = random.pick([() => one(), () => every([one(), one()]), () => some([one(), every([one(), one()])]), () => NO_ROW])();
    const found = await of.find((own) => narrowed(own, rule));
    expect(found, JSON.stringify(rule)).toEqual(of.rows.filter((row) => holds(rule, row)));
    sizes.add(found.length);
  }
  // Rules that find everything or nothing alone would prove little.
  expect(sizes.size).toBeGreaterThan(4);
}

test('people: PostgreSQL and a row that was read agree on every rule', async () => {
  const prisma = new PopulationClient({ adapter: await adapterOf('population') });
  closing.unshift(() => prisma.$disconnect());
  await prisma.person.createMany({
    data: Array.from({ length: 40 }, (_, at) => ({
      id: key(at),
      idNumber: `6201021985030500${String(at).padStart(2, '0')}`,
      name: '王五',
      sex: '1',
      ethnicity: '01',
      birthDate: inDays(-5000),
      minorUntil: day(),
      lifeStatus: 'ALIVE' as const,
      birthDivision: '620102',
      registeredDivision: random.pick(divisions),
      confirmedAt: new Date(),
    })),
  });
  const rows = await prisma.person.findMany({ orderBy: { id: 'asc' } });
  const find = (where: <Where>(own: Where) => Where) => prisma.person.findMany({ where: where({}), orderBy: { id: 'asc' } });
  await compare({ library: 'population', type: 'Person', rows, find });
});

test('penalties: PostgreSQL and a row that was read agree on every rule', async () => {
  const prisma = new CreditClient({ adapter: await adapterOf('credit') });
  closing.unshift(() => prisma.$disconnect());
  await prisma.penalty.createMany({
    data: Array.from({ length: 40 }, (_, id) => {
      const subjectIsEntity = random.chance(0.5);
      return {
        id,
        subjectIsEntity,
        subjectKey: subjectIsEntity ? FIRM : key(random.between(1, 3)),
        division: random.pick([...divisions, '620102', '620100']),
        documentNo: '1',
        violation: '1',
        facts: '1',
        basis: '1',
        content: '1',
        decidedOn: day(),
        authority: '1',
        authorityUscc: FIRM,
        procedure: 'SIMPLE' as const,
        recordedOn: day(),
        source: '1',
        publishUntil: dayOrNone(),
        repaired: false,
        confirmedAt: new Date(),
      };
    }),
  });
  const rows = await prisma.penalty.findMany({ orderBy: { id: 'asc' } });
  const find = (where: <Where>(own: Where) => Where) => prisma.penalty.findMany({ where: where({}), orderBy: { id: 'asc' } });
  await compare({ library: 'credit', type: 'Penalty', predicates: ofCredit, rows, find });
});

test('licenses: PostgreSQL and a row that was read agree on every rule', async () => {
  const prisma = new LicenseClient({ adapter: await adapterOf('e-license') });
  closing.unshift(() => prisma.$disconnect());
  const code = `${FIRM}001`;
  const type = { code, name: '证', definedBy: '局', definedByUscc: FIRM, holderKind: 'MIXED' as const, confirmedAt: new Date() };
  await prisma.licenseType.create({ data: type });
  await prisma.license.createMany({
    data: Array.from({ length: 40 }, (_, at) => {
      const holderIsEntity = random.chance(0.5);
      return {
        id: key(at),
        identifier: `1.2.156.3005.2.${at}`,
        type: code,
        number: '1',
        version: '001',
        holderName: '1',
        holderKey: holderIsEntity ? FIRM : key(random.between(1, 3)),
        holderIsEntity,
        holderMinorUntil: dayOrNone(),
        authorityName: '1',
        authorityCode: FIRM,
        issuedOn: day(),
        state: 'VALID' as const,
        division: random.pick(divisions),
        checkCode: String(at).padStart(20, '0'),
        face: [],
        fileSigned: false,
        confirmedAt: new Date(),
      };
    }),
  });
  const rows = await prisma.license.findMany({ orderBy: { id: 'asc' } });
  const find = (where: <Where>(own: Where) => Where) => prisma.license.findMany({ where: where({}), orderBy: { id: 'asc' } });
  await compare({ library: 'e-license', type: 'License', predicates: ofLicenses, rows, find });
});
