import { type Caller, PUBLIC } from '@longyuan/access/caller.ts';
import { expect, test } from 'vitest';
import { qualityResolvers } from './resolvers.ts';

const OWNER = '11629901000000019M';
const department = (uscc: string, role: 'developer' | 'steward', region: string | null = null): Caller => ({
  ...{ kind: 'department', sub: 'a', uscc, role, region },
});
const finding = { resource: '101001/1', rows: 8, failing: 2, sampleKeys: ['k1'] };
const objection = { recordKey: 'k1', providerUscc: OWNER };

/** What a resolver reads of the quality desk where it decides: whose a resource is, which libraries there are, and which were measured. */
function asked(caller: Caller) {
  const measured: string[] = [];
  const quality = {
    ownerOf: (resource: string) => (resource === finding.resource ? OWNER : null),
    libraries: [
      { name: 'population', uscc: OWNER },
      { name: 'credit', uscc: '11629901000000027G' },
    ],
    runs: { start: async (library: string) => measured.push(library) },
    store: { runs: async () => [] },
    objectionStore: { page: async () => [], count: async () => 0 },
  };
  return { measured, context: { caller, quality } as never };
}

test.each<[who: string, caller: Caller, figures: boolean, keys: boolean, record?: boolean]>([
  ['the public', PUBLIC, false, false],
  ['a citizen', { kind: 'citizen', sub: 'a', person: 'p' }, false, false],
  ["the owner's developer", department(OWNER, 'developer'), false, false, true],
  ["the owner's developer of one county", department(OWNER, 'developer', '620102'), false, false],
  ["the owner's steward", department(OWNER, 'steward'), true, true],
  ["the owner's steward of one county", department(OWNER, 'steward', '620102'), false, false],
  ["another department's steward", department('11629901000000027G', 'steward'), false, false],
  ['the auditor', { kind: 'auditor', sub: 'a' }, true, false],
])('%s', (_who, caller, figures, keys, record = false) => {
  const { context } = asked(caller);
  const { QualityFinding, Objection } = qualityResolvers;
  expect(QualityFinding.failing(finding as never, null, context)).toBe(figures ? 2 : null);
  expect(QualityFinding.rows(finding as never, null, context)).toBe(figures ? 8 : null);
  expect(QualityFinding.ratio(finding as never, null, context)).toBe(figures ? 0.25 : null);
  expect(QualityFinding.sampleKeys(finding as never, null, context)).toEqual(keys ? ['k1'] : null);
  expect(Objection.recordKey(objection as never, null, context)).toBe(record ? 'k1' : null);
  // Of a resource that nobody on the hub owns, the auditor alone is told.
  const ofNobody = QualityFinding.failing({ ...finding, resource: '999999/9' } as never, null, context);
  expect(ofNobody).toBe(caller.kind === 'auditor' ? 2 : null);
});

test('a steward has the own libraries measured, and is told of no other', async () => {
  const { measured, context } = asked(department(OWNER, 'steward'));
  const { measureQuality } = qualityResolvers.Mutation;
  await measureQuality(null, {}, context);
  expect(measured).toEqual(['population']);
  await expect(measureQuality(null, { library: 'credit' }, context)).rejects.toThrow('Mutation.measureQuality(library:)');
  expect(measured).toEqual(['population']);
});

test('a steward lists the objections to the own department, and has to name it', () => {
  const { context } = asked(department(OWNER, 'steward'));
  const { objections } = qualityResolvers.Query;
  for (const filter of [null, {}, { provider: null }, { provider: '' }, { provider: '11629901000000027G' }])
    expect(() => objections(null, { filter: filter as never }, context)).toThrow('ObjectionFilter.provider');
});
