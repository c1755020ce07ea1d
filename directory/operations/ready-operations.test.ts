import { readAccessFacts } from '@longyuan/access/access-facts.ts';
import { type AccessSet, makeAccessSet } from '@longyuan/access/access-set.ts';
import { type Caller, PUBLIC } from '@longyuan/access/caller.ts';
import type { Grant } from '@longyuan/access/grant.ts';
import { checkFormats } from '@longyuan/operation/check-formats.ts';
import { readArgumentFormats } from '@longyuan/schema/src/argument-formats.ts';
import { composeSupergraph } from '@longyuan/schema/src/compose-supergraph.ts';
import { readDirectorySubgraph } from '@longyuan/schema/src/directory-subgraph.ts';
import { findPublicSchema } from '@longyuan/schema/src/public-schema.ts';
import { readDirectory } from '@longyuan/schema/src/read-directory.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { buildSchema, type GraphQLSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { operationIn } from '../../test/operation-in.ts';
import { makeReadyOperations, type ReadyOperation } from './ready-operations.ts';

const libraries = readLibraries();
const { resources } = readDirectory(libraries);
const facts = readAccessFacts(readSharingFacts(libraries));
const formats = readArgumentFormats(libraries);
const directory = readDirectorySubgraph();
const { apiSdl } = composeSupergraph(libraries, [directory]);
const schema = buildSchema(apiSdl);
const publicSchema = buildSchema(findPublicSchema(libraries, apiSdl, [directory]) ?? '');
const operationsFor = makeReadyOperations({ resources, facts, formats });
const readyOperations = (asked: GraphQLSchema, access: AccessSet, resource: string) => operationsFor({ schema: asked, access })(resource);

const USCC = '116299010000001667';
const PURPOSE = '1162990100000006XQ2050620000003';
const NOW = new Date('2026-11-24T08:00:00Z');
const department = (more: Partial<Extract<Caller, { kind: 'department' }>> = {}): Caller => ({
  ...{ kind: 'department', sub: 'd', uscc: USCC, role: 'developer', region: null },
  ...more,
});
const grantOf = (resource: string, ...codes: string[]): Grant => ({
  ...{ id: `g-${resource}`, library: 'x', consumer: USCC, resource, purposes: [PURPOSE], basis: 'b', division: '620000', level: 4 },
  ...{ from: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z', callsPerDay: 10, rowsPerDay: 100 },
  items: codes.map((code) => ({ code, access: 'READ' })),
});
const everything = resources.map(({ code, items }) => grantOf(code, ...items.map((item) => item.code)));
const accessOf = (caller: Caller, grants: readonly Grant[] = [], purpose: string | null = null) =>
  makeAccessSet(facts, { caller, purpose, grants, now: NOW });
const schemaOf = ({ standing: { caller } }: AccessSet) => (caller.kind === 'public' ? publicSchema : schema);

const readers: readonly (readonly [string, AccessSet])[] = [
  ['the public', accessOf(PUBLIC)],
  ['a citizen', accessOf({ kind: 'citizen', sub: 'c', person: 'key' })],
  ['a firm’s agent', accessOf({ kind: 'agent', sub: 'a', uscc: '91350100M000100Y43' })],
  ['a developer without a grant', accessOf(department())],
  ['a developer who was granted everything', accessOf(department(), everything, PURPOSE)],
  ['a developer who names no purpose', accessOf(department(), everything)],
  ['the owner’s developer', accessOf(department({ uscc: '11629901000000019M' }))],
];

test.each(readers)(
  'what %s is taught is valid, with examples in the right form, and asks for nothing that is never had',
  (_who, access) => {
    const taught = resources.flatMap(({ code }) => readyOperations(schemaOf(access), access, code));
    expect(taught.length).toBeGreaterThan(4);
    for (const { query, variables, arguments: given } of taught) {
      const document = parse(query);
      expect(validate(schemaOf(access), document).map(String), query).toEqual([]);
      const operation = operationIn(schemaOf(access), query);
      expect(checkFormats(operation, operation.given(JSON.parse(variables)), formats).map(String), query).toEqual([]);
      for (const { name, form, description, example } of given) {
        expect(`${form}${description}`.length, `${query} $${name}`).toBeGreaterThan(10);
        expect(JSON.parse(variables)[name]).toEqual(JSON.parse(example));
      }
    }
  },
);

test('stewards and auditors see no values, so they are taught no way to any', () => {
  for (const caller of [department({ role: 'steward' }), { kind: 'auditor', sub: 'a' } as const]) {
    expect(resources.flatMap(({ code }) => readyOperations(schema, accessOf(caller), code))).toEqual([]);
  }
});

test.each([
  ['104001/1', 'publishedPermits', 'permits'],
  ['104002/1', 'publishedPenalties', 'penalties'],
])('of %s the list %s comes first, for which nobody has to know a firm, and then %s of one', (resource, list, keyed) => {
  for (const [who, access] of readers) {
    const queries = readyOperations(schemaOf(access), access, resource).map(({ query }) => query.split('\n')[1]?.trim());
    expect(queries.slice(0, 2), who).toEqual([`${list} {`, `${keyed}(uscc: $uscc) {`]);
    expect(readyOperations(schemaOf(access), access, resource)[0]).toMatchObject({ arguments: [], variables: '{}' });
  }
});

const first = (access: AccessSet, resource: string): ReadyOperation | undefined => readyOperations(schemaOf(access), access, resource)[0];

test('people are read one by their number, and not by the owner’s search, by the owner too', () => {
  for (const uscc of [USCC, '11629901000000019M']) {
    const operation = first(accessOf(department({ uscc })), '101001/1');
    expect(operation?.query).toMatch(/^query ReadPerson\(\$idNumber: String!\) \{\n {2}person\(idNumber: \$idNumber\) \{\n {4}idNumber\n/);
    expect(operation?.arguments).toMatchObject([{ name: 'idNumber', form: { zh: expect.stringContaining('GB 11643') }, type: 'String!' }]);
  }
});

test('what is missing is told, and the purposes that the reader’s own grants are for, and no others', () => {
  const other = { ...grantOf('101001/1', 'P002'), id: 'g-other', consumer: 'B', purposes: ['1162990100000008112200620000001'] };
  const access = accessOf(department(), [grantOf('101001/1', 'P001', 'P002'), other]);
  const operation = first(access, '101001/1');
  expect(operation?.purposes).toEqual([PURPOSE]);
  expect(operation?.missing).toContain('P032');
  expect(operation?.missing).not.toContain('P002');
  // 不予共享, and what is verified alone: never.
  expect(operation?.items).not.toContain('P008');
  expect(operation?.items).not.toContain('P030');
  expect(first(accessOf(department(), everything, PURPOSE), '101001/1')?.missing).toEqual([]);
});

test('the number that a record is found by is told as missing beside what is read of it, and what is granted is not', () => {
  const represents = (...grants: readonly Grant[]) =>
    readyOperations(schema, accessOf(department(), grants, PURPOSE), '102001/1').find(({ query }) => query.startsWith('query ReadPerson'));
  expect(represents()).toMatchObject({ items: ['L006', 'P001'], missing: ['L006', 'P001'] });
  expect(represents(grantOf('102001/1', 'L006'))?.missing).toEqual(['P001']);
  expect(represents(grantOf('101001/1', 'P001'))?.missing).toEqual(['L006']);
  expect(represents(grantOf('101001/1', 'P001'), grantOf('102001/1', 'L006'))?.missing).toEqual([]);
});

test('the public is taught the open items of a record, in the schema of its own door', () => {
  const firm = first(accessOf(PUBLIC), '102001/1');
  expect(firm?.items).toContain('L002');
  expect(firm?.items).not.toContain('L060');
  expect(readyOperations(publicSchema, accessOf(PUBLIC), '101001/1').map(({ items }) => items)).toEqual([['P090']]);
  expect(readyOperations(publicSchema, accessOf(PUBLIC), '103004/1')).toEqual([]);
});
