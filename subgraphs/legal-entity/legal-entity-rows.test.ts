import type { AccessSet } from '@longyuan/access/access-set.ts';
import { Prisma } from '@longyuan/prisma/legal-entity/client/client.ts';
import { expect, test } from 'vitest';
import { askInProcess } from '../../test/ask-in-process.ts';
import { consumer, grantOf, PURPOSE, slowOracle } from '../../test/slow-oracle.ts';
import { holds } from '../serve/rows/row-rule.ts';
import { makeLoaders } from './loaders.ts';
import { predicates } from './predicates.ts';
import { resolvers } from './resolvers.ts';
import type { LegalEntityStore } from './store.ts';

const [A, B] = ['91620102MA74000001', '91620502MA74000002'];
const WANG = '00000000-0000-4000-8000-000000000001';
const yuan = (amount: number) => new Prisma.Decimal(amount);
const entity = (uscc: string, division: string, taxCreditGrade: string) => ({
  uscc,
  name: `商行${uscc.at(-1)}`,
  division,
  taxCreditGrade,
  taxArrears: false,
  legalRep: WANG,
  legalRepName: '王五',
  phone: '13800001234',
  insuredEmployees: 3,
  payrollState: 'PAYING' as const,
});
const entities = [entity(A, '620102001001', 'B'), entity(B, '620502001001', 'A')];
const report = (uscc: string, year: number, published: boolean) => ({
  uscc,
  year,
  published,
  employees: 7,
  assets: yuan(100),
  revenue: yuan(50),
});
const reports = [report(A, 2024, true), report(A, 2025, false), report(B, 2025, false)];
const shareholders = [A, B].map((uscc) => ({ uscc, name: '王五', person: WANG, subscribed: yuan(10), paid: yuan(5), currency: 'CNY' }));

const of = (keys: readonly string[]) => (row: { uscc: string }) => keys.includes(row.uscc);
const store: LegalEntityStore = {
  entities: async (usccs) => entities.filter(of(usccs)),
  represented: async (people) => entities.filter(({ legalRep }) => people.includes(legalRep)),
  find: async ({ asked }) => entities.filter((row) => holds(asked.rows, row)),
  count: async (_condition, rows) => entities.filter((row) => holds(rows, row)).length,
  shareholders: async (usccs) => shareholders.filter(of(usccs)),
  officers: async () => [],
  changes: async () => [],
  reports: async ({ usccs, years }) => reports.filter((row) => of(usccs)(row) && years.includes(row.year)),
  listings: async () => [],
  close: async () => undefined,
};
const ask = askInProcess({ name: 'legal-entity', resolvers, predicates, store, makeLoaders });
const oracle = slowOracle('legal-entity');
const PUBLIC_ACCESS = oracle.accessFor({});
const granted = (...grants: ReturnType<typeof grantOf>[]) => oracle.accessFor({ caller: consumer(), purpose: PURPOSE, grants });

async function answerTo(access: AccessSet, source: string, variables = {}) {
  const { answer, questions } = await ask(source, variables, access);
  expect(answer.errors).toBeUndefined();
  return { data: answer.data, questions };
}

test('the public sees figures that the firm chose to publish, and the tax state of those graded A', async () => {
  const source = `{ legalEntities(usccs: ["${A}", "${B}"]) {
    name tax { creditGrade } old: annualReport(year: 2024) { employees assets { amount } } new: annualReport(year: 2025) { year employees assets { amount } }
  } }`;
  const { data, questions } = await answerTo(PUBLIC_ACCESS, source);
  const hidden = { year: 2025, employees: null, assets: null };
  expect(data?.['legalEntities']).toEqual([
    { name: '商行1', tax: null, old: { employees: 7, assets: { amount: 100 } }, new: hidden },
    { name: '商行2', tax: { creditGrade: 'A' }, old: null, new: hidden },
  ]);
  const reading = questions.find(({ name }) => name === 'reports')?.asked[0];
  expect(reading).toMatchObject({ asked: { columns: ['assets', 'employees', 'published', 'year'], rows: { kind: 'all' } } });
});

test('an item of nested rows is in scope where the row above them is', async () => {
  const access = granted(grantOf(['L023', 'L031'], { division: '620500' }));
  const { data } = await answerTo(
    access,
    `{ legalEntities(usccs: ["${A}", "${B}"]) { shareholders { name person { id } } annualReport(year: 2025) { employees } } }`,
  );
  expect(data?.['legalEntities']).toEqual([
    { shareholders: [{ name: '王五', person: null }], annualReport: { employees: null } },
    { shareholders: [{ name: '王五', person: { id: WANG } }], annualReport: { employees: 7 } },
  ]);
});

test('entities that a person represents are those in the scope of the edge', async () => {
  const source = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Person { represents { name phone } } } }';
  const variables = { of: [{ __typename: 'Person', id: WANG }] };
  const access = granted(grantOf(['L006'], { division: '620100' }), grantOf(['L060'], { access: 'MASKED' }));
  expect((await answerTo(access, source, variables)).data).toEqual({
    _entities: [{ represents: [{ name: '商行1', phone: '138****1234' }] }],
  });
  expect((await answerTo(granted(), source, variables)).data).toEqual({ _entities: [{ represents: [] }] });
});

test('an agent sees the entity it acts for whole, and of others what is open', async () => {
  const access = oracle.accessFor({ caller: { kind: 'agent', sub: 's', uscc: A } });
  const { answer } = await ask(
    '{ searchLegalEntities { nodes { name phone payroll { insured } legalRep { id } annualReport(year: 2025) { revenue { amount } } } total } }',
    {},
    access,
  );
  expect(answer.errors?.map(({ path, extensions }) => `${path?.join('.')} ${String(extensions?.['item'])}`)).toEqual([
    'searchLegalEntities.nodes.1.phone LegalEntity.phone',
    'searchLegalEntities.nodes.1.payroll LegalEntity.payroll',
    'searchLegalEntities.nodes.1.legalRep LegalEntity.legalRep',
    'searchLegalEntities.nodes.1.annualReport.revenue AnnualReport.revenue',
  ]);
  expect(answer.data).toEqual({
    searchLegalEntities: {
      nodes: [
        { name: '商行1', phone: '13800001234', payroll: { insured: 3 }, legalRep: { id: WANG }, annualReport: { revenue: { amount: 50 } } },
        { name: '商行2', phone: null, payroll: null, legalRep: null, annualReport: { revenue: null } },
      ],
      total: 2,
    },
  });
});

test('where nothing but a guarded item is asked for, firms outside its scope are not there', async () => {
  const { data } = await answerTo(granted(grantOf(['L060'], { division: '620102' })), '{ searchLegalEntities { nodes { phone } total } }');
  expect(data).toEqual({ searchLegalEntities: { nodes: [{ phone: '13800001234' }], total: 1 } });
});

test('for someone who may see every row the store is asked as if nothing were guarded', async () => {
  const owner = oracle.accessFor({ caller: { kind: 'department', sub: 'o', uscc: '11629901000000027G', role: 'developer', region: null } });
  const source = `{ legalEntity(uscc: "${A}") { name phone tax { creditGrade } shareholders { person { id } } annualReport(year: 2025) { employees } } }`;
  const [guarded, free] = [await answerTo(owner, source), await ask(source)];
  expect(guarded).toEqual({ data: free.answer.data, questions: free.questions });
  const open = `{ legalEntity(uscc: "${A}") { name shareholders { name } annualReport(year: 2025) { filedOn } } }`;
  expect((await answerTo(PUBLIC_ACCESS, open)).questions).toEqual((await ask(open)).questions);
});
