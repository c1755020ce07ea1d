import { readAccessFacts } from '@longyuan/access/access-facts.ts';
import { makeAccessSet } from '@longyuan/access/access-set.ts';
import { type Caller, PUBLIC } from '@longyuan/access/caller.ts';
import type { Grant } from '@longyuan/access/grant.ts';
import { writeRefusals } from '@longyuan/access/refusal-error.ts';
import { composeSupergraph } from '@longyuan/schema/src/compose-supergraph.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { buildSchema, type DocumentNode, graphql, parse, print } from 'graphql';
import { expect, test } from 'vitest';
import { operationIn } from '../test/operation-in.ts';
import { answerPruned } from './answer-pruned.ts';
import { makePruner } from './keep-operations.ts';

const libraries = readLibraries();
const sharing = readSharingFacts(libraries);
const facts = readAccessFacts(sharing);
const schema = buildSchema(composeSupergraph(libraries).apiSdl);
const accessOf = (caller: Caller) => makeAccessSet(facts, { caller, purpose: null, grants: [], now: new Date('2026-11-24T08:00:00Z') });
const everyone = accessOf(PUBLIC);

function prune(source: string, variables: Record<string, unknown> = {}, caller: Caller = PUBLIC) {
  const operation = operationIn(schema, source);
  return makePruner(facts)(operation, operation.given(variables), accessOf(caller));
}
const text = (document: DocumentNode | null): string | null => document && print(document).replace(/\s+/g, ' ');
const told = (pruned: ReturnType<typeof prune>) =>
  pruned.refused.map(({ path, item, refusal }) => `${path.join('.')} ${item} ${refusal.code}`);

test('an operation of open items alone is left as it came, the very same document', () => {
  const operation = operationIn(schema, '{ legalEntity(uscc: "1") { name creditRecords { source } } }');
  const pruned = makePruner(facts)(operation, {}, everyone);
  expect([pruned.document, pruned.left]).toEqual([operation.document, operation.root]);
  expect(pruned.document).toBe(operation.document);
});

test('refused items go, through aliases, fragments and named fragments, each with one refusal a place', () => {
  const pruned = prune(`
    { legalEntity(uscc: "1") { name tel: phone ... on LegalEntity { phone } ...More } }
    fragment More on LegalEntity { payroll { insured } phone }`);
  expect(text(pruned.document)).toBe('{ legalEntity(uscc: "1") { name } }');
  expect(told(pruned)).toEqual([
    'legalEntity.tel LegalEntity.phone UNAUTHENTICATED',
    'legalEntity.phone LegalEntity.phone UNAUTHENTICATED',
    'legalEntity.payroll LegalEntity.payroll UNAUTHENTICATED',
  ]);
});

test('a root under which nothing is left is not asked for, nor is one that is found by a refused item; what is missing is told all the same', () => {
  const pruned = prune('{ person(idNumber: "1") { name } legalEntity(uscc: "1") { phone } }');
  expect(pruned.document).toBeNull();
  expect(told(pruned)).toEqual([
    'person Person.idNumber UNAUTHENTICATED',
    'person.name Person.name UNAUTHENTICATED',
    'legalEntity.phone LegalEntity.phone UNAUTHENTICATED',
  ]);
});

test('filters read, given as a value, in a variable or as a default of one; a null filter reads nothing', () => {
  const query = 'query ($text: String = "ab") { matchAddress(text: $text) { score } }';
  expect(told(prune(query))).toEqual(['matchAddress StandardAddress.fullText UNAUTHENTICATED']);
  expect(told(prune(query, { text: null }))).toEqual([]);
  expect(told(prune('{ matchAddress(text: "ab") { score } }'))).toHaveLength(1);
  expect(told(prune('query ($i: IdentityInput!) { verifyIdentity(input: $i) { result } }', { i: { name: 'a', idNumber: '1' } }))).toEqual([
    'verifyIdentity Person.name UNAUTHENTICATED',
  ]);
});

const SEARCH = '{ searchPersons { total nodes { name } } }';
const OWNER = '11629901000000019M';
const CONSUMER = '116299010000001667';
const developer = (uscc: string, region: string | null = null): Caller => ({
  kind: 'department',
  sub: 'd',
  uscc,
  role: 'developer',
  region,
});

test('a list that is for the owner alone is asked by its developers: of everyone else nothing is left, the total neither', () => {
  const refused = (caller: Caller) => {
    const { document, refused } = prune(SEARCH, {}, caller);
    return document ?? refused.find(({ item }) => item === 'Query.searchPersons')?.refusal;
  };
  expect(refused(developer(OWNER))).toBeInstanceOf(Object);
  expect(told(prune(SEARCH, {}, developer(OWNER, '620102')))).toEqual([]);
  expect(refused(PUBLIC)).toEqual({ code: 'UNAUTHENTICATED', missing: 'LOGIN' });
  for (const caller of [
    developer(CONSUMER),
    { ...developer(OWNER), role: 'steward' } as const,
    { kind: 'citizen', sub: 'c', person: 'key' } as const,
    { kind: 'agent', sub: 'a', uscc: '92629901MAWF0G467T' } as const,
    { kind: 'auditor', sub: 'a' } as const,
  ]) {
    expect(refused(caller), caller.kind).toEqual({ code: 'ITEM_NOT_SHARED', missing: 'NOTHING_HELPS' });
  }
  expect(refused(developer(OWNER, '620199'))).toEqual({ code: 'ITEM_NOT_GRANTED', missing: 'REGION' });
});

test('the refusal of a list says whose it is, and not where to apply: nobody is granted it', () => {
  const [refused] = prune('{ searchPersons { total } }', {}, developer(CONSUMER)).refused;
  const error = refused && writeRefusals(sharing)({ ...refused, path: ['searchPersons'] });
  expect(error?.message).toBe('Query.searchPersons (甘肃省公安厅) is not answered: it is never shared with this kind of caller.');
  expect(error?.extensions).toEqual({ code: 'ITEM_NOT_SHARED', item: 'Query.searchPersons', owner: '甘肃省公安厅' });
});

test('no grant opens the list; the pruning that owners have is kept apart from that of others', () => {
  const grant: Grant = {
    ...{ id: 'g', library: 'population', consumer: CONSUMER, resource: '101001/1', purposes: ['p'], basis: 'b', level: 4 },
    ...{ division: '620000', from: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z', callsPerDay: 1, rowsPerDay: 100 },
    items: [{ code: 'P002', access: 'READ' }],
  };
  const standing = { caller: developer(CONSUMER), purpose: 'p', grants: [grant], now: new Date('2026-11-24T08:00:00Z') };
  const pruner = makePruner(facts);
  const asked = operationIn(schema, SEARCH);
  expect(pruner(asked, {}, accessOf(developer(OWNER))).refused).toEqual([]);
  expect(pruner(asked, {}, makeAccessSet(facts, standing)).document).toBeNull();
});

test('an item shown in part opens no list; beside one that is shown whole, and where a key names the row, it is masked', () => {
  const grant: Grant = {
    ...{ id: 'g', library: 'legal-entity', consumer: CONSUMER, resource: '102001/1', purposes: ['p'], basis: 'b', level: 4 },
    ...{ division: '620000', from: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z', callsPerDay: 1, rowsPerDay: 100 },
    items: [{ code: 'L060', access: 'MASKED' }],
  };
  const standing = { caller: developer(CONSUMER), purpose: 'p', grants: [grant], now: new Date('2026-11-24T08:00:00Z') };
  const access = makeAccessSet(facts, standing);
  const refusedOf = (source: string) => {
    const pruned = makePruner(facts)(operationIn(schema, source), {}, access);
    return [text(pruned.document), told(pruned)];
  };
  expect(refusedOf('{ searchLegalEntities { nodes { ... { tel: phone } } } }')).toEqual([
    '{ searchLegalEntities { nodes { __hubType: __typename } } }',
    ['searchLegalEntities.nodes.tel LegalEntity.phone ITEM_NOT_GRANTED'],
  ]);
  expect(refusedOf('{ searchLegalEntities { nodes { phone name } } }')[1]).toEqual([]);
  expect(refusedOf('{ legalEntity(uscc: "1") { phone } }')[1]).toEqual([]);
});

test('open statistics group by items that are for that, and by no other', () => {
  expect(told(prune('{ populationStatistics(division: "620000", by: [SEX, DIVISION]) { labels count } }'))).toEqual([]);
});

test('what a variable skips is neither asked for nor refused', () => {
  const query = 'query ($all: Boolean!) { legalEntity(uscc: "1") { name phone @include(if: $all) } }';
  expect(told(prune(query, { all: false }))).toEqual([]);
  expect(told(prune(query, { all: true }))).toEqual(['legalEntity.phone LegalEntity.phone UNAUTHENTICATED']);
});

test('a pruning is kept by what it depends on, and no caller meets that of another', () => {
  const prune2 = makePruner(facts);
  const query = 'query ($all: Boolean = true, $uscc: ID!) { legalEntity(uscc: $uscc) { name phone @include(if: $all) } }';
  const operation = operationIn(schema, query);
  const ask = (variables: Record<string, unknown>, access = everyone) => prune2(operation, operation.given(variables), access);
  expect(ask({ uscc: '1' })).toBe(ask({ uscc: '2' }));
  expect(ask({ uscc: '1', all: false }).refused).toEqual([]);
  const owner = accessOf({ kind: 'department', sub: 'a', uscc: '11629901000000027G', role: 'developer', region: null });
  expect(ask({ uscc: '1' }, owner).refused).toEqual([]);
  expect(ask({ uscc: '1' }).refused).toHaveLength(1);
});

const agent: Caller = { kind: 'agent', sub: 'a', uscc: '92629901MAWF0G467T' };

test('nulls come back in the order that was asked for, in lists too, and errors point at the first of them', async () => {
  const source = '{ legalEntities(usccs: ["1", "2", "3"]) { name tel: phone payroll { insured } kind } }';
  const pruned = prune(source);
  const answer = await answerPruned(
    pruned,
    async () => ({ data: { legalEntities: [null, { name: 'a', kind: 'OTHER' }, { name: 'b', kind: 'OTHER' }] } }),
    writeRefusals(sharing),
  );
  expect(JSON.stringify(answer.data)).toBe(
    '{"legalEntities":[null,{"name":"a","tel":null,"payroll":null,"kind":"OTHER"},{"name":"b","tel":null,"payroll":null,"kind":"OTHER"}]}',
  );
  expect(answer.errors.map(({ path }) => path)).toEqual([
    ['legalEntities', 1, 'tel'],
    ['legalEntities', 1, 'payroll'],
  ]);
  expect(answer.errors[0]?.toJSON()).toMatchObject({
    extensions: {
      code: 'UNAUTHENTICATED',
      item: 'LegalEntity.phone',
      resource: '102001/1',
      owner: '甘肃省市场监督管理局',
    },
  });
});

const citizen: Caller = { kind: 'citizen', sub: 's', person: 'p' };
const ways: readonly (readonly [Caller, string, readonly string[]])[] = [
  [
    citizen,
    'person(idNumber: "1") { phone marriage { state spouse { name phone } } relatives { kind person { name represents { name } } } }',
    ['person.marriage.spouse.phone Person.phone', 'person.relatives.person.represents Person.represents'],
  ],
  // Among those who live with a citizen is the citizen.
  [citizen, 'person(idNumber: "1") { household { members { name phone } } }', []],
  // What is the entity's is no person's; who represents it is told more, and whose address it is the row alone can tell.
  [
    citizen,
    'legalEntity(uscc: "1") { phone address { fullText } credit { grade repairs { no } } licenses { identifier number } }',
    ['legalEntity.credit.grade CreditSummary.grade', 'legalEntity.licenses.identifier License.identifier'],
  ],
  [
    agent,
    'legalEntity(uscc: "1") { phone credit { grade } licenses { identifier } legalRep { name represents { phone } credit { grade } } }',
    [
      'legalEntity.legalRep.credit Person.credit',
      'legalEntity.legalRep.credit.grade CreditSummary.grade',
      'legalEntity.legalRep.name Person.name',
    ],
  ],
  // Nobody is found by a number whom an agent could be; comparing is no finding.
  [agent, 'person(idNumber: "1") { confirmedAt }', ['person Person.idNumber']],
  [agent, 'verifyItems(person: "1", items: []) { result }', []],
];

test.each(ways)('%j, asking for { %s }, is told before which items are another’s: %j', (caller, inner, refused) => {
  const pruned = prune(`{ ${inner} }`, {}, caller);
  expect(told(pruned).sort()).toEqual(refused.map((each) => `${each} ITEM_NOT_SHARED`));
  for (const { refusal } of pruned.refused) expect(refusal.missing).toBe('OTHERS');
});

test('the fields of a union are decided by the type of each row, and what was refused of one type is no null of another', async () => {
  // An agent sees licenses of its own entity, and of a person nothing at all.
  const source = '{ license(identifier: "1") { holder { ... on Person { name } ... on LegalEntity { name phone } __typename } } }';
  const pruned = prune(source, {}, { kind: 'auditor', sub: 'a' });
  expect(pruned.document).toBeNull();
  const ofAgent = prune(source, {}, agent);
  expect(told(ofAgent)).toEqual(['license.holder.name Person.name ITEM_NOT_SHARED']);
});

test('nothing but the names that were asked for reaches an answer, and the name the hub keeps is given to nobody', async () => {
  const pruned = prune('{ legalEntity(uscc: "1") { legalRep { name } shareholders { person { name } } } }');
  const executed = await graphql({
    schema,
    source: print(pruned.document ?? parse('{ __typename }')),
    rootValue: { legalEntity: { shareholders: [{}] } },
  });
  const answer = await answerPruned(pruned, async () => executed, writeRefusals(sharing));
  expect(JSON.stringify(answer.data)).toBe('{"legalEntity":{"legalRep":null,"shareholders":[{"person":null}]}}');
  expect(() => prune('{ legalEntity(uscc: "1") { phone __hubType: name } }')).toThrow('__hubType');
});

test('a value that does not fit its type is followed no deeper than the type is, and reads nothing', () => {
  let deep: unknown = 'x';
  for (let level = 0; level < 50_000; level += 1) deep = [deep];
  const query = 'query ($i: IdentityInput!) { verifyIdentity(input: $i) { result } }';
  for (const i of [deep, { idNumber: deep, name: [[{ name: 'a' }]] }, [{ idNumber: '1' }], 7, 'x'])
    expect(() => prune(query, { i })).not.toThrow();
  expect(told(prune(query, { i: deep }))).toEqual([]);
});
