import { readAccessFacts } from '@longyuan/access/access-facts.ts';
import { makeAccessSet } from '@longyuan/access/access-set.ts';
import { type Application, mayApply } from '@longyuan/access/apply-operation.ts';
import { type Caller, PUBLIC } from '@longyuan/access/caller.ts';
import type { Standing } from '@longyuan/access/decide.ts';
import type { Grant } from '@longyuan/access/grant.ts';
import { makePruner } from '@longyuan/operation/keep-operations.ts';
import { composeSupergraph } from '@longyuan/schema/src/compose-supergraph.ts';
import { readDirectorySubgraph } from '@longyuan/schema/src/directory-subgraph.ts';
import { libraryNamed, readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { buildSchema, coerceInputValue, type GraphQLInputType, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { operationIn } from '../../../test/operation-in.ts';
import { wordRefusals } from './word-refusals.ts';

const libraries = readLibraries();
const facts = readSharingFacts(libraries);
const accessFacts = readAccessFacts(facts);
const schema = buildSchema(composeSupergraph(libraries, [readDirectorySubgraph()]).apiSdl);
const prune = makePruner(accessFacts);
const NOW = new Date('2026-11-24T08:00:00Z');
const ERRAND = '1162990100000006XQ2050620000003';
const OTHER_ERRAND = '11629901000000086K2200620000001';
const names = new Map([
  [ERRAND, '社会救助家庭经济状况核对'],
  [OTHER_ERRAND, '新生儿出生一件事'],
]);
const refusalsOf = wordRefusals({ facts, accessFacts, nameOfPurpose: (code) => names.get(code) ?? null, now: () => NOW });

const USCC = '116299010000001667';
const department = (more: Partial<Extract<Caller, { kind: 'department' }>> = {}): Caller => ({
  ...{ kind: 'department', sub: 'd', uscc: USCC, role: 'developer', region: null },
  ...more,
});
const grant: Grant = {
  ...{ id: 'population-1', library: 'population', consumer: USCC, resource: '101001/1', purposes: [ERRAND], basis: 'b' },
  ...{ division: '620000', level: 3, from: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z', callsPerDay: 10, rowsPerDay: 100 },
  items: ['P001', 'P002'].map((code) => ({ code, access: 'READ' as const })),
};
const QUESTION = `{ person(idNumber: "11010519491231002X") { name phone again: phone deathCause represents { name phone } } }`;

/** What a caller is told of what is refused: by its place in the answer. */
function tell(caller: Caller, more: Partial<Standing> = {}, query = QUESTION) {
  const access = makeAccessSet(accessFacts, { caller, purpose: ERRAND, grants: [grant], now: NOW, ...more });
  const operation = operationIn(schema, query);
  const { refused } = prune(operation, operation.given({}), access);
  const write = refusalsOf(
    access.standing,
    refused.flatMap(({ missing }) => missing),
  );
  return new Map(refused.map((each) => [each.path.join('.'), write(each)]));
}
const appliesOf = (told: ReturnType<typeof tell>) =>
  [...told].flatMap(([path, { extensions }]) => (extensions['apply'] ? [[path, extensions['apply'] as Application] as const] : []));

test('a developer gets one application for all that is missing of a resource, with each item that is, and another for the next', () => {
  const applies = appliesOf(tell(department()));
  expect(applies.map(([path]) => path)).toEqual(['person.phone', 'person.represents', 'person.represents.phone']);
  expect(applies[2]?.[1]).toBe(applies[1]?.[1]);
  expect(applies.slice(0, 2).map(([, { variables }]) => variables.input)).toEqual([
    {
      ...{ resource: '101001/1', items: [{ code: 'P032', access: 'READ' }], purposes: [ERRAND], scenario: names.get(ERRAND) },
      ...{ basis: '《个人信息保护法》第三十四条', division: '620000', level: 3, until: '2027-11-24T16:00:00Z', callsPerDay: 1_000 },
    },
    expect.objectContaining({
      resource: '102001/1',
      items: [
        { code: 'L006', access: 'READ' },
        { code: 'L060', access: 'READ' },
      ],
    }),
  ]);
  const type = schema.getType('ApplicationInput') as GraphQLInputType;
  for (const [, { query, variables }] of applies) {
    expect(validate(schema, parse(query))).toEqual([]);
    const wrong: string[] = [];
    coerceInputValue(variables.input, type, (path, value, error) => wrong.push(`${path.join('.')} ${value} ${error.message}`));
    expect(wrong).toEqual([]);
  }
});

test.each<[string, Caller]>([
  ['the public', PUBLIC],
  ['a citizen', { kind: 'citizen', sub: 'c', person: 'key' }],
  ['a firm’s agent', { kind: 'agent', sub: 'a', uscc: '91350100M000100Y43' }],
  ['an auditor', { kind: 'auditor', sub: 'a' }],
  ['a steward', department({ role: 'steward' })],
  ['the owner’s own developer of a region', department({ uscc: libraryNamed('population').uscc, region: '629999' })],
  ['a developer of a region that the province does not have', department({ region: '629999' })],
])('%s cannot apply, and is not told to', (_who, caller) => {
  const told = tell(caller, {}, '{ person(idNumber: "11010519491231002X") { name phone deathCause } }');
  expect(told.size).toBeGreaterThan(0);
  expect(appliesOf(told)).toEqual([]);
});

test('an owner grants itself nothing, and its refusals for another region are not to be applied for', () => {
  const item = accessFacts.ofItem('P032');
  if (!item) throw new Error('There is no item P032.');
  const asks = (caller: Caller) => mayApply(item, { missing: 'REGION' }, { caller }, accessFacts);
  expect([asks(department({ region: '620102' })), asks(department({ uscc: item.owner, region: '620102' }))]).toEqual([true, false]);
  expect(asks(department({ role: 'steward' }))).toBe(false);
});

test('a steward is told who can apply, where somebody can', () => {
  const told = tell(department({ role: 'steward' }));
  expect(told.get('person.phone')?.message).toMatch(
    /never shared with this kind of caller\. A developer of your department applies for it\.$/,
  );
  expect(told.get('person.deathCause')?.message).toMatch(/never shared with this kind of caller\.$/);
});

test('what is never shared is not to be applied for, beside what is', () => {
  const told = tell(department());
  expect(told.get('person.deathCause')?.extensions).toEqual({
    ...{ code: 'ITEM_NOT_SHARED', item: 'Person.deathCause', itemCode: 'P008', resource: '101001/1', owner: '甘肃省公安厅' },
  });
});

test('a purpose that is not granted is told with those that are: the caller’s own, and nobody else’s', () => {
  const others = { ...grant, id: 'population-2', consumer: 'B', purposes: [OTHER_ERRAND] };
  const over = { ...grant, id: 'population-3', purposes: ['1162990100000007XX2050620000009'], until: '2026-02-01T00:00:00Z' };
  for (const [purpose, code] of [
    [OTHER_ERRAND, 'PURPOSE_NOT_GRANTED'],
    [null, 'PURPOSE_REQUIRED'],
  ] as const) {
    const refused = tell(department(), { purpose, grants: [grant, others, over] }).get('person.name');
    expect(refused?.extensions).toMatchObject({ code, purposes: [ERRAND] });
    expect(refused?.message).toContain(`Your department holds it for ${ERRAND} 社会救助家庭经济状况核对.`);
    expect(refused?.message).not.toContain('新生儿');
  }
  expect(tell(department()).get('person.phone')?.extensions['purposes']).toBeUndefined();
});

test('the application is for the region that the account works for, for the purpose that the call named if there is one, and to verify what is only verified', () => {
  const verify = `{ verifyIdentity(input: { idNumber: "11010519491231002X", name: "王", photoDigest: "${'0'.repeat(64)}" }) { result } }`;
  const [[, application] = ['']] = appliesOf(tell(department({ region: '620102' }), { purpose: 'nobody knows', grants: [] }, verify));
  expect(application?.variables.input).toMatchObject({ division: '620102', purposes: [], scenario: '人口基础信息' });
  expect(application?.variables.input.items).toEqual([
    { code: 'P002', access: 'VERIFY' },
    { code: 'P001', access: 'VERIFY' },
    { code: 'P030', access: 'VERIFY' },
  ]);
});

test('where the owner’s grants cannot be told there is nothing to apply for', () => {
  const told = tell(department(), { untoldBy: new Set(['population']) });
  expect(told.get('person.phone')?.extensions).toEqual({
    ...{
      code: 'LIBRARY_UNAVAILABLE',
      item: 'Person.phone',
      itemCode: 'P032',
      resource: '101001/1',
      owner: '甘肃省公安厅',
      library: 'population',
    },
  });
  expect(told.get('person.represents')?.extensions['code']).toBe('ITEM_NOT_GRANTED');
});
