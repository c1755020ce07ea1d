import type { AccessSet } from '@longyuan/access/access-set.ts';
import { maskValue } from '@longyuan/access/mask.ts';
import { Random } from '@longyuan/prisma/country/generate/random.ts';
import { expect, test } from 'vitest';
import { askInProcess } from '../../test/ask-in-process.ts';
import { consumer, grantOf, PURPOSE, type RowFacts, slowOracle } from '../../test/slow-oracle.ts';
import { makeLoaders } from './loaders.ts';
import { predicates } from './predicates.ts';
import { resolvers } from './resolvers.ts';
import type { AuthorizationRow, LicenseStore } from './store.ts';

const FIRM = '91620102MA74000001';
const DEPARTMENT = '116299010000000436';
const [WANG, CHILD] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
const year = new Date().getUTCFullYear();

const license = (at: number, holderKey: string, division: string, holderMinorUntil: Date | null = null) => ({
  id: `10000000-0000-4000-8000-00000000000${at}`,
  identifier: `1.2.156.3005.2.${at}`,
  number: `N${at}`,
  holderName: holderKey === FIRM ? '陇源百货' : '王建国',
  holderKey,
  holderIsEntity: holderKey === FIRM,
  holderMinorUntil,
  division,
  issuedOn: new Date('2020-01-01'),
  state: 'VALID' as const,
  type: `${FIRM}001`,
  checkCode: String(at),
  validFrom: null,
  validTo: null,
});
const licenses = [
  license(1, FIRM, '620102'),
  license(2, WANG, '620102', new Date('1999-03-05')),
  license(3, WANG, '620500', new Date('1999-03-05')),
  license(4, CHILD, '620102', new Date(`${year + 5}-01-01`)),
];
const authorizations: AuthorizationRow[] = [];
const store: LicenseStore = {
  licenses: async (ids) => licenses.filter(({ id }) => ids.includes(id)),
  licensesByIdentifier: async (identifiers) => licenses.filter(({ identifier }) => identifiers.includes(identifier)),
  licensesByCheckCode: async (codes) => licenses.filter(({ checkCode }) => codes.includes(checkCode)),
  held: async (keys) => licenses.filter(({ holderKey }) => keys.includes(holderKey)),
  types: async (codes) => codes.map((code) => ({ code, name: '营业执照' })),
  findTypes: async () => [],
  authorize: async (row) => void authorizations.push(row),
  close: async () => undefined,
};
const ask = askInProcess({ name: 'e-license', resolvers, predicates, store, makeLoaders });
const oracle = slowOracle('e-license');
const citizen = (person: string) => oracle.accessFor({ caller: { kind: 'citizen', sub: 's', person } });

async function answerTo(access: AccessSet, source: string, variables = {}) {
  const { data, errors } = (await ask(source, variables, access)).answer;
  expect(errors).toBeUndefined();
  return data;
}

test('the public sees whose licenses a firm has, and of a person nothing but what is open of each', async () => {
  const source = `query ($of: [_Any!]!) { _entities(representations: $of) {
    ... on LegalEntity { licenses { number holderName holder { __typename } } } ... on Person { licenses { state } } } }`;
  const of = [
    { __typename: 'LegalEntity', uscc: FIRM },
    { __typename: 'Person', id: WANG },
  ];
  expect(await answerTo(oracle.accessFor({}), source, { of })).toEqual({
    _entities: [{ licenses: [{ number: 'N1', holderName: '陇源百货', holder: null }] }, { licenses: [] }],
  });
});

test('a holder gives leave to use the own license; that of another is as one that is not there, and nothing is written', async () => {
  const source = `mutation ($identifier: ID!) { authorizeUse(identifier: $identifier, department: "${DEPARTMENT}", purpose: "办理社保",
    until: "${new Date(Date.now() + 86_400_000).toISOString()}") { purpose license { number } } }`;
  const given = async (identifier: string) => (await ask(source, { identifier }, citizen(WANG))).answer;
  const refused = { data: { authorizeUse: null }, errors: [{ extensions: { code: 'ITEM_NOT_SHARED', item: 'License.identifier' } }] };
  for (const each of [4, 1, 9]) expect(await given(`1.2.156.3005.2.${each}`)).toMatchObject(refused);
  expect(authorizations).toEqual([]);
  expect((await given('1.2.156.3005.2.2')).data).toEqual({ authorizeUse: { purpose: '办理社保', license: { number: 'N2' } } });
  expect(authorizations).toHaveLength(1);
});

const WITHOUT_STATE = expect.not.arrayContaining(['state']);

test('the same question by one after another, and with more included: each time what that caller may have', async () => {
  const source = `query ($of: [_Any!]!, $more: Boolean!) { _entities(representations: $of) {
    ... on Person { licenses { number state @include(if: $more) } } } }`;
  const of = [{ __typename: 'Person', id: WANG }];
  const numbers = { _entities: [{ licenses: [{ number: 'N2' }, { number: 'N3' }] }] };
  const [own, another] = [citizen(WANG), citizen(CHILD)];
  for (const _time of [1, 2]) {
    expect(await answerTo(own, source, { of, more: false })).toEqual(numbers);
    const { answer } = await ask(source, { of, more: false }, another);
    expect(answer).toMatchObject({
      data: { _entities: [{ licenses: null }] },
      errors: [{ extensions: { code: 'ITEM_NOT_SHARED', item: 'Person.licenses' }, path: ['_entities', 0, 'licenses'] }],
    });
    expect(await answerTo(own, source, { of, more: true })).toEqual({
      _entities: [{ licenses: ['N2', 'N3'].map((number) => ({ number, state: 'VALID' })) }],
    });
    for (const more of [false, true]) {
      const { questions } = await ask(source, { of, more }, own);
      expect(questions).toMatchObject([
        { name: 'held', asked: [[WANG], { columns: more ? expect.arrayContaining(['state']) : WITHOUT_STATE }, {}] },
      ]);
    }
  }
});

const fields = { identifier: 'C010', number: 'C011', holderName: 'C012', issuedOn: 'C015', state: 'C017' };
type Field = keyof typeof fields;

test('random grants: every license and value seen is one that the decision gives, and none it gives is missing', async () => {
  const random = new Random(14, 0);
  const some = <One>(from: readonly One[]): One[] => from.filter(() => random.chance(0.5));
  for (let round = 0; round < 300; round += 1) {
    const grants = Array.from({ length: random.between(0, 3) }, () =>
      grantOf(some(['C010', 'C011', 'C012', 'C013', 'C015']), {
        access: random.pick(['READ', 'READ', 'MASKED', 'VERIFY'] as const),
        division: random.pick(['620000', '620100', '620102', '620500']),
        level: random.pick([2, 3, 4]),
      }),
    );
    const caller = random.pick([
      consumer(random.pick([null, '620500', '620102'])),
      { kind: 'department', sub: 'o', uscc: DEPARTMENT, role: 'developer', region: null } as const,
      { kind: 'citizen', sub: 's', person: random.pick([WANG, CHILD]) } as const,
      { kind: 'agent', sub: 's', uscc: FIRM } as const,
      { kind: 'public' } as const,
    ]);
    const access = oracle.accessFor({ caller, purpose: PURPOSE, grants });
    const selected = some(Object.keys(fields) as Field[]);
    const selection = ['__typename', ...selected].join(' ');
    const { answer } = await ask(
      `query ($of: [_Any!]!, $identifier: ID!) {
        _entities(representations: $of) {
          ... on License { ${selection} }
          ... on LegalEntity { licenses { ${selection} } }
          ... on Person { licenses { ${selection} } }
        }
        license(identifier: $identifier) { ${selection} }
      }`,
      {
        of: [
          ...licenses.map(({ id }) => ({ __typename: 'License', id })),
          { __typename: 'LegalEntity', uscc: FIRM },
          ...[WANG, CHILD].map((id) => ({ __typename: 'Person', id })),
        ],
        identifier: '1.2.156.3005.2.3',
      },
      access,
    );
    const held = (holder: string, edge: string) => ({
      licenses: licenses
        .filter(({ holderKey }) => holderKey === holder)
        .filter((row) => oracle.shown(access, edge, factsOf(row)) === 'WHOLE')
        .flatMap((row) => expectedOf(access, row, selected) ?? []),
    });
    // Whoever has own rows alone is told where a list is another's.
    const ofOthers = [WANG, CHILD].filter((id) => caller.kind === 'agent' || (caller.kind === 'citizen' && caller.person !== id));
    const heldBy = (id: string) => (ofOthers.includes(id) ? { licenses: null } : held(id, 'Person.licenses'));
    const third = licenses[2];
    const told = answer.errors?.flatMap(({ extensions }) => (extensions?.['item'] === 'Person.licenses' ? [] : [extensions?.['item']]));
    const isTold = answer.errors?.some(({ extensions }) => extensions?.['item'] === 'Person.licenses') ?? false;
    expect(isTold, `round ${round}`).toBe(ofOthers.length > 0);
    const seesOwn = caller.kind === 'agent' || caller.kind === 'citizen';
    const mayBeTold = seesOwn ? ['License.identifier', ...selected.map((field) => `License.${field}`)] : [];
    expect(mayBeTold, `round ${round}`).toEqual(expect.arrayContaining([...new Set(told)]));
    expect(answer.data, `round ${round}`).toEqual({
      _entities: [
        ...licenses.map((row) => expectedOf(access, row, selected)),
        held(FIRM, 'LegalEntity.licenses'),
        heldBy(WANG),
        heldBy(CHILD),
      ],
      license: third && oracle.mayRead(access, 'C010', factsOf(third)) ? expectedOf(access, third, selected) : null,
    });
  }
});

function factsOf(row: (typeof licenses)[number]): RowFacts {
  return {
    subject: row.holderKey,
    division: row.division,
    minorUntil: row.holderMinorUntil,
    predicates: { HOLDER_IS_LEGAL_ENTITY: row.holderIsEntity },
  };
}

function expectedOf(access: AccessSet, row: (typeof licenses)[number], selected: readonly Field[]) {
  const shownAt = (field: string) => oracle.shown(access, `License.${field}`, factsOf(row));
  // The state is open: a license is there for whoever asks for nothing else.
  if (selected.length > 0 && selected.every((field) => shownAt(field) === 'HIDDEN')) return null;
  const cells = selected.map((field) => {
    const shown = shownAt(field);
    const value = field === 'issuedOn' ? '2020-01-01' : row[field];
    return [field, shown === 'WHOLE' ? value : shown === 'MASKED' ? maskValue('NAME', value) : null] as const;
  });
  return { __typename: 'License', ...Object.fromEntries(cells) };
}
