import { type Caller, PUBLIC } from '@longyuan/access/caller.ts';
import { EVERYTHING_VISIBLE } from '@longyuan/access/everything-visible.ts';
import { readDirectorySubgraph } from '@longyuan/schema/src/directory-subgraph.ts';
import { graphql } from 'graphql';
import { expect, test } from 'vitest';
import { buildDirectorySchema } from './answer-directory.ts';

const schema = buildDirectorySchema(readDirectorySubgraph());
const OWNER = '11629901000000019M';
const department = (role: 'developer' | 'steward', region: string | null = null): Caller => ({
  ...{ kind: 'department', sub: 's', uscc: OWNER, role, region },
});
const callers: Readonly<Record<string, Caller>> = {
  public: PUBLIC,
  citizen: { kind: 'citizen', sub: 's', person: 'p' },
  agent: { kind: 'agent', sub: 's', uscc: OWNER },
  developer: department('developer'),
  steward: department('steward'),
  'steward of a region': department('steward', '620102'),
  auditor: { kind: 'auditor', sub: 's' },
};

/** The codes of an answer; an error without one is a resolver that was reached, and found nothing to answer from here. */
async function ask(source: string, caller: Caller | null): Promise<readonly string[]> {
  // As where HUB_WARRANT_CHECK is off: every item is visible, and management data is none.
  const { data, errors = [] } = await graphql({ schema, source, contextValue: { caller, access: EVERYTHING_VISIBLE } });
  if (data === undefined) throw new AggregateError(errors);
  return errors.map(({ extensions }) => String(extensions['code'] ?? 'REACHED'));
}

const application =
  '{ resource: "101001/1", items: [], purposes: [], basis: "", scenario: "", division: "620000", until: "2027-12-31T00:00:00Z", callsPerDay: 1 }';
const roots: readonly [root: string, source: string, refused: readonly string[]][] = [
  ['resource', '{ resource(code: "101001/1") { name } }', []],
  ['_entities', '{ _entities(representations: [{ __typename: "Resource", code: "101001/1" }]) { ... on Resource { name } } }', []],
  ['qualityRuns', '{ qualityRuns { library } }', []],
  ['objection', '{ objection(id: "1") { id } }', []],
  ['raiseObjection', 'mutation { raiseObjection(input: { resource: "101001/1", record: "1", reason: "" }) { id } }', []],
  ['coverage', '{ coverage { score } }', ['public', 'citizen', 'agent', 'developer', 'steward of a region']],
  ['objections', '{ objections { total } }', ['public', 'citizen', 'agent', 'developer', 'steward of a region']],
  [
    'measureQuality',
    'mutation { measureQuality { library } }',
    ['public', 'citizen', 'agent', 'developer', 'steward of a region', 'auditor'],
  ],
  [
    'answerObjection',
    'mutation { answerObjection(input: { id: "1", outcome: CORRECTED, answer: "" }) { id } }',
    ['public', 'citizen', 'agent', 'developer', 'steward of a region', 'auditor'],
  ],
  ['myGrants', '{ myGrants { id } }', ['public', 'citizen', 'agent']],
  ['applications', '{ applications { total } }', ['public', 'citizen', 'agent']],
  [
    'apply',
    `mutation { apply(input: ${application}) { no } }`,
    ['public', 'citizen', 'agent', 'steward', 'steward of a region', 'auditor'],
  ],
  // A developer is refused by the owner of the application, which the sentence names.
  ['answer', 'mutation { answer(no: "population-1", decision: GRANT) { no } }', ['public', 'citizen', 'agent', 'auditor']],
  ['revokeGrant', 'mutation { revokeGrant(id: "population-1", reason: "") { id } }', ['public', 'citizen', 'agent', 'auditor']],
];

test.each(roots)('%s refuses those who may do nothing behind it, though every item were visible', async (_root, source, refused) => {
  for (const [who, caller] of Object.entries(callers)) {
    const code = caller.kind === 'public' ? 'UNAUTHENTICATED' : 'ITEM_NOT_SHARED';
    const codes = await ask(source, caller);
    if (refused.includes(who)) expect(codes, who).toEqual([code]);
    else expect(codes, who).not.toContain(code);
  }
  expect(await ask(source, null)).toEqual(['UNAUTHENTICATED']);
});

test('what a list of nothing would hide is refused: grants and applications by another name, through fragments, beside what is open', async () => {
  const round = `
    { codeTables: myGrants { id } ... on Query { resource(code: "1") { name } ...Round } }
    fragment Round on Query { one: applications { total } two: coverage(division: "620102") { score } }`;
  expect((await ask(round, callers['citizen'] ?? null)).toSorted()).toEqual([...Array(3).fill('ITEM_NOT_SHARED'), 'REACHED']);
});

test('one caller’s answer is not another’s: a steward of a region reads its own division alone, whichever is asked first', async () => {
  const both = '{ own: coverage(division: "620102001") { __typename } other: coverage(division: "621022") { __typename } }';
  const turned = '{ other: coverage(division: "621022") { __typename } own: coverage(division: "620102001") { __typename } }';
  for (const source of [both, turned, both]) {
    const contextValue = { caller: callers['steward of a region'], access: EVERYTHING_VISIBLE };
    const { data, errors } = await graphql({ schema, source, contextValue });
    expect({ ...data }).toEqual({ own: { __typename: 'Coverage' }, other: null });
    expect(errors?.map(({ path, extensions }) => [path?.[0], extensions['code']])).toEqual([['other', 'ITEM_NOT_SHARED']]);
  }
});
