import { expect, test } from 'vitest';
import { askInProcess } from '../../test/ask-in-process.ts';
import { slowOracle } from '../../test/slow-oracle.ts';
import { everyRow } from '../serve/rows/asked-rows.ts';
import { openVerifications } from '../serve/verification/open-verifications.ts';
import { makeLoaders } from './loaders.ts';
import { predicates } from './predicates.ts';
import { resolvers } from './resolvers.ts';
import type { ChangeRow, EntityRow, LegalEntityStore, ReportRow } from './store.ts';
import { isAsRegistered } from './verify-legal-entity.ts';

const A = '91620102MA74000001';
const B = '91620102MA74000002';
const C = '91620102MA74000003';
const WANG = '00000000-0000-4000-8000-000000000001';

const entities: readonly EntityRow[] = [
  {
    uscc: A,
    name: '兰州陇源百货（集团）有限公司',
    legalRepName: '王建国',
    legalRep: WANG,
    kind: 'ENTERPRISE',
    industry: 'F5212',
    typeCode: '1130',
    registeredCapital: null,
    division: '620102001001',
    address: '00000000-0000-4000-8000-00000000000a',
    taxCreditGrade: null,
    taxArrears: false,
    insuredEmployees: null,
    payrollState: null,
    confirmedAt: new Date('2026-06-01T02:00:00Z'),
    establishedOn: new Date('2019-03-04'),
  },
  {
    uscc: B,
    name: '兰州河口粮油店',
    legalRepName: '李梅',
    legalRep: null,
    industry: 'X1',
    typeCode: '0000',
    division: '620102001002',
    taxCreditGrade: null,
    taxArrears: null,
  },
  { uscc: C, name: '兰州陇源物流有限公司', legalRepName: '王建国', legalRep: WANG, division: '620103001001' },
];
const changes: readonly ChangeRow[] = [
  { uscc: A, on: new Date('2024-05-01'), item: '住所', before: null, after: '城关区' },
  { uscc: A, on: new Date('2021-01-09'), item: '名称', before: '陇源百货', after: '陇源集团' },
];
const reports: readonly ReportRow[] = [
  { uscc: A, year: 2024, published: false, employees: 31 },
  { uscc: A, year: 2025, published: true, employees: 40 },
  { uscc: B, year: 2024, published: true, employees: 2 },
];

/** What the store of PostgreSQL answers, from arrays. */
const store: LegalEntityStore = {
  entities: async (usccs) => entities.filter(({ uscc }) => usccs.includes(uscc)).toReversed(),
  represented: async (ids) =>
    entities.flatMap((row) => (row.legalRep && ids.includes(row.legalRep) ? [{ ...row, legalRep: row.legalRep }] : [])),
  find: async ({ condition, after, limit }) =>
    entities.filter(({ uscc, name }) => uscc > (after ?? '') && name?.includes(condition.name ?? '')).slice(0, limit),
  count: async ({ name }) => entities.filter((row) => row.name?.includes(name ?? '')).length,
  shareholders: async () => [
    { uscc: A, name: '兰州河口粮油店', entity: B, person: null, currency: 'CNY' },
    { uscc: A, name: '王建国', entity: null, person: WANG, currency: 'CNY' },
    { uscc: C, name: '外省公司', entity: '91110000MA74000009', person: null, currency: 'CNY' },
  ],
  officers: async () => [{ uscc: A, name: '王建国', position: '执行董事', person: WANG }],
  changes: async (_usccs, _columns, since) => changes.filter(({ on }) => since === null || (on && on >= new Date(since))),
  reports: async ({ usccs, years }) => reports.filter(({ uscc, year }) => usccs.includes(uscc) && years.includes(year)),
  listings: async () => [],
  close: async () => undefined,
};
const ask = askInProcess({ name: 'legal-entity', resolvers, predicates, store, makeLoaders });

test('entities come in the order asked, null where a code belongs to nobody, the same one as often as asked', async () => {
  const { answer, questions } = await ask(`{ legalEntities(usccs: ["${C}", "91620102MA74000009", "${A}", "${C}"]) { uscc } }`);
  expect(answer).toEqual({ data: { legalEntities: [{ uscc: C }, null, { uscc: A }, { uscc: C }] } });
  expect(questions.map(({ name }) => name)).toEqual(['entities']);
});

test('look-ups under several names are one question', async () => {
  const { answer, questions } = await ask(
    `{ a: legalEntity(uscc: "${A}") { legalRepName } b: legalEntity(uscc: "${B}") { legalRepName } }`,
  );
  expect(answer).toEqual({ data: { a: { legalRepName: '王建国' }, b: { legalRepName: '李梅' } } });
  expect(questions).toEqual([{ name: 'entities', asked: [[A, B], everyRow(['legalRepName'])] }]);
});

test('an entity is known by one id wherever it stands, and its codes have words; a code of no table has none', async () => {
  const { answer, questions } = await ask(
    `{ legalEntities(usccs: ["${A}", "${B}"]) { id kindWord kindIn: kindWord(in: EN) industryWord(in: EN) typeCodeWord } }`,
  );
  expect(answer).toEqual({
    data: {
      legalEntities: [
        {
          id: `LegalEntity:${A}`,
          kindWord: '企业',
          kindIn: 'enterprise',
          industryWord: 'general retail',
          typeCodeWord: '有限责任公司(自然人投资或控股)',
        },
        { id: `LegalEntity:${B}`, kindWord: null, kindIn: null, industryWord: null, typeCodeWord: null },
      ],
    },
  });
  const [{ asked } = { asked: [] }] = questions;
  expect(asked[1]).toEqual(everyRow(['industry', 'kind', 'typeCode', 'uscc']));
});

test('only the columns of asked-for fields are read', async () => {
  const { questions } = await ask(`{ legalEntity(uscc: "${A}") { registeredCapital { amount } tax { arrears } officers { position } } }`);
  expect(questions).toEqual([
    { name: 'entities', asked: [[A], everyRow(['registeredCapital', 'registeredCapitalCurrency', 'taxArrears', 'taxCreditGrade'])] },
    { name: 'officers', asked: [[A], everyRow(['position']), undefined] },
  ]);
});

test('however many entities, each list of theirs is one question', async () => {
  const { answer, questions } = await ask(`{ legalEntities(usccs: ["${A}", "${B}", "${C}"]) {
    shareholders { name entity { name } person { __typename } }
    officers { name }
    changes { item }
    y2024: annualReport(year: 2024) { employees }
    y2025: annualReport(year: 2025) { employees }
    abnormalListings { reason }
  } }`);
  expect(answer.errors).toBeUndefined();
  expect(answer.data?.['legalEntities']).toMatchObject([
    {
      shareholders: [
        { entity: { name: '兰州河口粮油店' }, person: null },
        { entity: null, person: { __typename: 'Person' } },
      ],
      y2024: { employees: 31 },
      y2025: { employees: 40 },
    },
    { shareholders: [], officers: [], y2024: { employees: 2 }, y2025: null },
    // Its shareholder is registered elsewhere: named, and no entity of this register.
    { shareholders: [{ name: '外省公司', entity: null }], changes: [], abnormalListings: [] },
  ]);
  const asked = questions.map(({ name }) => name);
  expect(asked.toSorted()).toEqual(['changes', 'entities', 'entities', 'listings', 'officers', 'reports', 'shareholders']);
});

test('the gateway asks what a person represents, and what other libraries say of an entity', async () => {
  const { answer, questions } = await ask(
    `query ($of: [_Any!]!) { _entities(representations: $of) {
      ... on Person { represents { uscc } } ... on LegalEntity { name }
    } }`,
    {
      of: [
        { __typename: 'Person', id: WANG },
        { __typename: 'Person', id: '00000000-0000-4000-8000-000000000002' },
        { __typename: 'LegalEntity', uscc: B },
        { __typename: 'LegalEntity', uscc: '91620102MA74000009' },
      ],
    },
  );
  expect(answer).toEqual({
    data: { _entities: [{ represents: [{ uscc: A }, { uscc: C }] }, { represents: [] }, { name: '兰州河口粮油店' }, null] },
  });
  expect(questions.map(({ name }) => name).toSorted()).toEqual(['entities', 'represented']);
});

test('keys of other libraries are handed on; what is not known is null', async () => {
  const { answer } = await ask(`{ a: legalEntity(uscc: "${A}") { ...all } b: legalEntity(uscc: "${B}") { ...all } }
    fragment all on LegalEntity {
      legalRep { id } address { id } division { code } registeredCapital { amount } tax { creditGrade arrears } payroll { insured }
      establishedOn confirmedAt
    }`);
  expect(answer.data).toEqual({
    a: {
      legalRep: { id: WANG },
      address: { id: '00000000-0000-4000-8000-00000000000a' },
      division: { code: '620102001001' },
      registeredCapital: null,
      tax: { creditGrade: null, arrears: false },
      payroll: null,
      establishedOn: '2019-03-04',
      confirmedAt: '2026-06-01T02:00:00Z',
    },
    b: {
      legalRep: null,
      address: null,
      division: { code: '620102001002' },
      registeredCapital: null,
      tax: null,
      payroll: null,
      establishedOn: null,
      confirmedAt: null,
    },
  });
});

test('changes are asked for since a day', async () => {
  const { answer } = await ask(`{ legalEntity(uscc: "${A}") { changes(since: "2024-01-01") { on item } } }`);
  expect(answer.data).toEqual({ legalEntity: { changes: [{ on: '2024-05-01', item: '住所' }] } });
});

test('a search walks every entity once, and counts only when the total is asked for', async () => {
  const page = `query ($after: String) { searchLegalEntities(name: "兰州", first: 2, after: $after) {
    nodes { name } pageInfo { endCursor hasNextPage } } }`;
  const first = await ask(page);
  const found = { nodes: [{ name: '兰州陇源百货（集团）有限公司' }, { name: '兰州河口粮油店' }], pageInfo: { hasNextPage: true } };
  expect(first.answer.data?.['searchLegalEntities']).toMatchObject(found);
  expect(first.questions).toEqual([
    {
      name: 'find',
      asked: [
        {
          condition: { name: '兰州', division: null, industry: null, state: null, kind: null },
          after: null,
          limit: 3,
          asked: everyRow(['name']),
        },
      ],
    },
  ]);
  const { endCursor } = (first.answer.data as { searchLegalEntities: { pageInfo: { endCursor: string } } }).searchLegalEntities.pageInfo;
  const second = await ask(page, { after: endCursor });
  const rest = { nodes: [{ name: '兰州陇源物流有限公司' }], pageInfo: { hasNextPage: false } };
  expect(second.answer.data?.['searchLegalEntities']).toMatchObject(rest);

  const counted = await ask('{ searchLegalEntities(name: "陇源", first: 1) { nodes { uscc } total } }');
  expect(counted.answer.data).toEqual({ searchLegalEntities: { total: 2, nodes: [{ uscc: A }] } });
  expect(counted.questions.map(({ name }) => name)).toEqual(['find', 'count']);
});

test('a forged cursor is bad input', async () => {
  const forged = Buffer.from('["x"]').toString('base64url');
  for (const condition of [`after: "${forged}"`, 'after: "abc"']) {
    const { answer, questions } = await ask(`{ searchLegalEntities(${condition}) { total } }`);
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(questions).toEqual([]);
  }
});

test('a claim matches only as a whole, and an unknown entity is a mismatch', async () => {
  const { answer } = await ask(`{
    same: verifyLegalEntity(uscc: "${A}", name: "兰州陇源百货(集团)有限公司", legalRepName: "王建国") { result }
    otherRep: verifyLegalEntity(uscc: "${A}", name: "兰州陇源百货（集团）有限公司", legalRepName: "李梅") { result }
    unknown: verifyLegalEntity(uscc: "91620102MA7400000Y", name: "兰州陇源百货（集团）有限公司") { result }
  }`);
  expect(answer.data).toEqual({ same: { result: 'MATCH' }, otherRep: { result: 'MISMATCH' }, unknown: { result: 'MISMATCH' } });
  expect(isAsRegistered({ uscc: A, name: '甲', legalRepName: null }, { name: '甲', legalRepName: '王' })).toBe(false);
  expect(isAsRegistered({ uscc: A, name: '甲', legalRepName: null }, { name: '甲', legalRepName: null })).toBe(true);
});

test('what is open to everyone can be compared as often as it can be read', async () => {
  const noKey = () => Promise.reject(new Error('no receipt is asked for'));
  const verificationsFor = openVerifications({
    name: 'legal-entity',
    mostMismatches: { ofSubject: 1, ofCaller: 1 },
    keys: { current: noKey, receiptSecret: noKey },
  });
  const asking = askInProcess({ name: 'legal-entity', resolvers, predicates, store, makeLoaders, verificationsFor });
  const caller = { kind: 'department', sub: 'd', uscc: '116299010000001667', role: 'developer', region: null } as const;
  const guesses = Array.from({ length: 20 }, (_, at) => `a${at}: verifyLegalEntity(uscc: "${A}", name: "第${at}公司") { result }`);
  const { answer } = await asking(`{ ${guesses.join(' ')} }`, {}, slowOracle('legal-entity').accessFor({ caller }));
  expect(Object.values(answer.data ?? {})).toEqual(Array.from({ length: 20 }, () => ({ result: 'MISMATCH' })));
});

test('an entity whose issued code breaks the check rule is answered, and a mistyped code is told so', async () => {
  const { answer } = await ask(`{
    issued: legalEntity(uscc: "${A}") { name }
    mistyped: legalEntity(uscc: "91620102MA74000009") { name }
  }`);
  expect(answer.data).toEqual({ issued: { name: expect.any(String) }, mistyped: null });
  expect(answer.errors).toEqual([
    expect.objectContaining({
      message: expect.stringContaining('Query.legalEntity(uscc:) must be a unified social credit code'),
      extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }),
    }),
  ]);
});
