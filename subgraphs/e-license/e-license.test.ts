import type { AccessSet } from '@longyuan/access/access-set.ts';
import { EVERYTHING_VISIBLE } from '@longyuan/access/everything-visible.ts';
import { expect, test } from 'vitest';
import { askInProcess } from '../../test/ask-in-process.ts';
import { everyRow } from '../serve/rows/asked-rows.ts';
import { openVerifications } from '../serve/verification/open-verifications.ts';
import { authorizeUse } from './authorize-use.ts';
import { isInForce } from './check-license.ts';
import { makeLoaders } from './loaders.ts';
import { predicates } from './predicates.ts';
import { resolvers } from './resolvers.ts';
import type { AuthorizationRow, CheckedRow, HeldRow, LicenseRow, LicenseStore } from './store.ts';

const A = '91620102MA74000001';
const WANG = '00000000-0000-4000-8000-000000000001';
const TYPE = '116299010000000436001';

type FullRow = LicenseRow & HeldRow & CheckedRow & { identifier: string; type: string };
const licenses: readonly FullRow[] = [
  {
    id: 'f0000000-0000-4000-8000-000000000001',
    identifier: '1.2.156.3005.2.1',
    type: TYPE,
    holderKey: A,
    holderIsEntity: true,
    state: 'VALID',
    validFrom: new Date('2020-01-01'),
    validTo: null,
    checkCode: 'CHECKVALID0000000000',
    fileDigest: 'ab12',
    fileSigned: true,
    face: [{ key: 'name', label: '名称', value: '陇源百货' }],
    division: '620102',
  },
  {
    id: 'f0000000-0000-4000-8000-000000000002',
    identifier: '1.2.156.3005.2.2',
    type: TYPE,
    holderKey: WANG,
    holderIsEntity: false,
    state: 'REVOKED',
    validFrom: null,
    validTo: null,
    checkCode: 'CHECKREVOKED00000000',
    fileDigest: null,
    fileSigned: false,
    face: [],
    division: '620102',
  },
];
const written: AuthorizationRow[] = [];

/** What the store of PostgreSQL answers, from arrays. */
const store: LicenseStore = {
  licenses: async (ids) => licenses.filter(({ id }) => ids.includes(id)),
  licensesByIdentifier: async (identifiers) => licenses.filter(({ identifier }) => identifiers.includes(identifier)),
  licensesByCheckCode: async (codes) => licenses.filter(({ checkCode }) => codes.includes(checkCode)),
  held: async (keys, _columns, { types, states }) =>
    licenses
      .filter(({ holderKey }) => keys.includes(holderKey))
      .filter(({ type, state }) => (types?.includes(type) ?? true) && (states?.includes(state) ?? true)),
  types: async (codes) => (codes.includes(TYPE) ? [{ code: TYPE, name: '营业执照', validityYears: null }] : []),
  findTypes: async () => [{ code: TYPE, name: '营业执照' }],
  authorize: async (authorization) => void written.push(authorization),
  close: async () => undefined,
};
const ask = askInProcess({ name: 'e-license', resolvers, predicates, store, makeLoaders });
const holders = {
  of: [
    { __typename: 'LegalEntity', uscc: A },
    { __typename: 'Person', id: WANG },
    { __typename: 'Person', id: '00000000-0000-4000-8000-000000000002' },
  ],
};

test('holders have their valid licenses unless other states are asked for; all holders are one question', async () => {
  const query = (filter: string) =>
    `query ($of: [_Any!]!) { _entities(representations: $of) {
      ... on LegalEntity { licenses${filter} { identifier } } ... on Person { licenses${filter} { identifier } } } }`;
  const valid = await ask(query(''), holders);
  expect(valid.answer.data?.['_entities']).toEqual([
    { licenses: [{ identifier: '1.2.156.3005.2.1' }] },
    { licenses: [] },
    { licenses: [] },
  ]);
  expect(valid.questions).toEqual([
    { name: 'held', asked: [holders.of.map(({ uscc, id }) => uscc ?? id), everyRow(['identifier']), { types: null, states: ['VALID'] }] },
  ]);
  const any = await ask(query('(states: null)'), holders);
  expect(any.answer.data?.['_entities']).toMatchObject([{ licenses: [{}] }, { licenses: [{ identifier: '1.2.156.3005.2.2' }] }, {}]);
  const otherType = await ask(query('(types: ["116299010000000436009"], states: [VALID, REVOKED])'), holders);
  expect(otherType.answer.data?.['_entities']).toEqual([{ licenses: [] }, { licenses: [] }, { licenses: [] }]);
});

test('a license names its type, its holder, its face and its file; types of all licenses are one question', async () => {
  const { answer, questions } = await ask(`{
    a: license(identifier: "1.2.156.3005.2.1") { ...shown }
    b: license(identifier: "1.2.156.3005.2.2") { ...shown }
    c: license(identifier: "1.2.156.3005.2.3") { ...shown }
  } fragment shown on License {
    type { name validityYears } holder { __typename ... on LegalEntity { uscc } ... on Person { id } }
    file { format digestAlgorithm digest signed } face { key label value } division { code } validTo
  }`);
  expect(answer).toEqual({
    data: {
      a: {
        type: { name: '营业执照', validityYears: null },
        holder: { __typename: 'LegalEntity', uscc: A },
        file: { format: 'OFD', digestAlgorithm: 'SHA-256', digest: 'ab12', signed: true },
        face: [{ key: 'name', label: '名称', value: '陇源百货' }],
        division: { code: '620102' },
        validTo: null,
      },
      b: {
        type: { name: '营业执照', validityYears: null },
        holder: { __typename: 'Person', id: WANG },
        file: null,
        face: [],
        division: { code: '620102' },
        validTo: null,
      },
      c: null,
    },
  });
  const columns = ['division', 'face', 'fileDigest', 'fileSigned', 'holderIsEntity', 'holderKey', 'type', 'validTo'];
  expect(questions).toEqual([
    { name: 'licensesByIdentifier', asked: [['1.2.156.3005.2.1', '1.2.156.3005.2.2', '1.2.156.3005.2.3'], everyRow(columns)] },
    { name: 'types', asked: [[TYPE], everyRow(['name', 'validityYears'])] },
  ]);
});

test('the gateway asks for licenses and types by their keys', async () => {
  const { answer } = await ask(
    'query ($of: [_Any!]!) { _entities(representations: $of) { ... on License { identifier } ... on LicenseType { name } } }',
    {
      of: [
        { __typename: 'License', id: 'f0000000-0000-4000-8000-000000000002' },
        { __typename: 'License', id: 'f0000000-0000-4000-8000-000000000009' },
        { __typename: 'LicenseType', code: TYPE },
      ],
    },
  );
  expect(answer).toEqual({ data: { _entities: [{ identifier: '1.2.156.3005.2.2' }, null, { name: '营业执照' }] } });
});

test('a check code tells whether the license is in force, and an unknown one is simply not valid', async () => {
  const { answer, questions } = await ask(`{
    valid: checkLicense(code: "CHECKVALID0000000000") { valid state }
    revoked: checkLicense(code: "CHECKREVOKED00000000") { valid state }
    unknown: checkLicense(code: "CHECKUNKNOWN00000000") { valid state }
  }`);
  expect(answer.data).toEqual({
    valid: { valid: true, state: 'VALID' },
    revoked: { valid: false, state: 'REVOKED' },
    unknown: { valid: false, state: null },
  });
  expect(questions).toHaveLength(1);
});

test.each([
  'checkvalid0000000000',
  'CHECKVALID0000000000 ',
  'CHEC KVAL ID00 0000 0000',
  'chec-kval-id00-0000-0000',
  'ＣＨＥＣＫＶＡＬＩＤ００００００００００',
  'CHEC\u2013KVAL\u2013ID00\u20130000\u20130000',
  'CHEC.KVAL.ID00.0000.0000',
  '\u200bCHECKVALID0000000000\ufeff',
  '查验码：CHECKVALID0000000000',
])('a check code is read by its meaning, not its typing: %s', async (typed) => {
  const { answer } = await ask('query ($code: String!) { checkLicense(code: $code) { valid } }', { code: typed });
  expect(answer.data).toEqual({ checkLicense: { valid: true } });
});

test('unknown check codes are bounded for whoever is known, and for nobody else: the public is one account', async () => {
  const noKey = () => Promise.reject(new Error('no receipt is asked for'));
  const verificationsFor = openVerifications({
    name: 'e-license',
    mostMismatches: { ofSubject: 3, ofCaller: 10 },
    keys: { current: noKey, receiptSecret: noKey },
  });
  const asking = askInProcess({ name: 'e-license', resolvers, predicates, store, makeLoaders, verificationsFor });
  const guesses = `{ ${Array.from({ length: 20 }, (_, at) => `a${at}: checkLicense(code: "GUESS${String(at).padStart(15, '0')}") { valid }`).join(' ')} }`;
  const known = '{ revoked: checkLicense(code: "CHECKREVOKED00000000") { valid } }';
  const citizen: AccessSet = {
    ...EVERYTHING_VISIBLE,
    standing: { ...EVERYTHING_VISIBLE.standing, caller: { kind: 'citizen', sub: 's', person: WANG } },
  };
  const answered = async (access?: AccessSet) =>
    Object.values((await asking(guesses, {}, access)).answer.data ?? {}).filter(Boolean).length;
  for (let call = 0; call < 20; call += 1) {
    expect((await asking(known, {}, citizen)).answer.data).toEqual({ revoked: { valid: false } });
  }
  expect(await answered(citizen)).toBe(10);
  expect(await answered(citizen)).toBe(0);
  expect(await answered()).toBe(20);
});

test('a license is in force from its first to its last day', () => {
  const license = { state: 'VALID', validFrom: new Date('2026-01-01'), validTo: new Date('2026-12-31') } as const;
  const onDays = ['2025-12-31', '2026-01-01', '2026-12-31', '2027-01-01'].map((day) => isInForce(license, new Date(day)));
  expect(onDays).toEqual([false, true, true, false]);
});

test('a holder gives leave to use a valid license, and it is written down', async () => {
  const inAMonth = `${new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 19)}Z`;
  const authorize = (identifier: string) => `authorizeUse(
    identifier: "${identifier}", department: "116299010000000511", purpose: "办理贷款", until: "${inAMonth}"
  ) { no purpose department until license { identifier } }`;
  const { answer, questions } = await ask(
    `mutation { a: ${authorize('1.2.156.3005.2.1')} b: ${authorize('1.2.156.3005.2.2')} c: ${authorize('1.2.156.3005.2.3')} }`,
  );
  expect(answer.data).toMatchObject({
    a: { purpose: '办理贷款', department: '116299010000000511', until: inAMonth, license: { identifier: '1.2.156.3005.2.1' } },
    b: null,
    c: null,
  });
  expect(written).toMatchObject([{ licenseId: 'f0000000-0000-4000-8000-000000000001', purpose: '办理贷款' }]);
  expect(questions.filter(({ name }) => name === 'authorize')).toHaveLength(1);
});

test('leave ends in the future and within a year', () => {
  const now = new Date('2026-06-30T08:00:00Z');
  const until = (moment: string) => () => authorizeUse(null, { department: '', purpose: '', until: moment }, now);
  expect(until('2026-06-30T08:00:00Z')).toThrow('Mutation.authorizeUse(until:) must be in the future');
  expect(until('2026-06-30T15:59:59+08:00')).toThrow('Mutation.authorizeUse(until:) must be in the future');
  expect(until('2027-06-30T08:00:01Z')).toThrow('Mutation.authorizeUse(until:) must be at most one year ahead');
  expect(until('2027-06-30T08:00:00Z')()).toBe(null);
});

test('leave is kept in whole seconds, and never longer than given', () => {
  const leave = { department: '', purpose: '', until: '2026-07-01T00:00:00.900Z' };
  const given = authorizeUse({ id: 'f0000000-0000-4000-8000-000000000001', state: 'VALID' }, leave, new Date('2026-06-30T08:00:00.600Z'));
  expect(given).toMatchObject({ authorizedAt: new Date('2026-06-30T08:00:00Z'), until: new Date('2026-07-01T00:00:00Z') });
});

test('types are listed with what was asked for', async () => {
  const { answer, questions } = await ask('{ licenseTypes(holderKind: PERSON) { name } }');
  expect(answer.data).toEqual({ licenseTypes: [{ name: '营业执照' }] });
  expect(questions).toEqual([{ name: 'findTypes', asked: [{ authority: null, holderKind: 'PERSON' }, everyRow(['name'])] }]);
});
