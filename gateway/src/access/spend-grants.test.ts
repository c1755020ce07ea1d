import { readAccessFacts } from '@longyuan/schema/src/access/access-facts.ts';
import { makeAccessSet } from '@longyuan/schema/src/access/access-set.ts';
import type { Grant } from '@longyuan/schema/src/access/grant.ts';
import { makePruner } from '@longyuan/schema/src/access/keep-prunings.ts';
import { composeSupergraph } from '@longyuan/schema/src/compose-supergraph.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import { countCalls } from '../grants/count-calls.ts';
import { spendGrants } from './spend-grants.ts';

const libraries = readLibraries();
const facts = readAccessFacts(readSharingFacts(libraries));
const prune = makePruner(buildSchema(composeSupergraph(libraries).apiSdl), facts);
const USCC = '116299010000001667';
const PURPOSE = `${USCC}2050620000001`;

function grantOf(id: string, items: Grant['items'], more: Partial<Grant> = {}): Grant {
  return {
    ...{ id, items, library: 'population', consumer: USCC, resource: '101001/1', purposes: [PURPOSE], basis: 'test', division: '620000' },
    ...{ level: 4, from: '2026-01-01T00:00:00Z', until: '2026-12-31T00:00:00Z', callsPerDay: 2 },
    ...more,
  };
}

/** A department with these grants: asks, and is told what each of them has counted, or the code of the refusal. */
function departmentWith(...grants: readonly Grant[]) {
  const now = new Date('2026-11-24T08:00:00Z');
  const caller = { kind: 'department', sub: 'd', uscc: USCC, role: 'developer', region: null } as const;
  const access = makeAccessSet(facts, { caller, purpose: PURPOSE, grants, now });
  const calls = countCalls(() => now.getTime());
  return (source: string, variables: Record<string, unknown> = {}) => {
    const { told } = prune({ document: parse(source), operationName: null, variables }, access);
    const refused = spendGrants(told, access, calls);
    return refused ? refused.extensions['code'] : Object.fromEntries(grants.map(({ id }) => [id, calls.used(id)]));
  };
}
const read = (...codes: string[]) => codes.map((code) => ({ code, access: 'READ' as const }));

test('a call counts once for each grant that opens an item it is answered by, and for no other', () => {
  const ask = departmentWith(
    grantOf('names', read('P001', 'P002')),
    grantOf('phones', read('P032')),
    grantOf('photos', read('P030'), { level: 1 }),
    grantOf('past', read('P002'), { until: '2026-02-01T00:00:00Z' }),
    grantOf('elsewhere', read('P002'), { purposes: [`${USCC}2050620000002`] }),
  );
  expect(ask('{ person(idNumber: "1") { name again: name photoDigest } }')).toMatchObject({ names: 1, phones: 0, photos: 0, past: 0 });
  expect(ask('{ a: person(idNumber: "1") { phone } }')).toEqual({ names: 2, phones: 1, photos: 0, past: 0, elsewhere: 0 });
});

test('asking by an item is a call of its grant, though nothing of it is shown', () => {
  const ask = departmentWith(grantOf('numbers', read('P001')));
  expect(ask('query ($n: String) { person(idNumber: $n) { confirmedAt } }', { n: '1' })).toEqual({ numbers: 1 });
  expect(ask('query ($n: String) { person(idNumber: $n) { confirmedAt } }')).toEqual({ numbers: 1 });
});

test('verifying is a call of the grants that verify, and reading is none of theirs', () => {
  const verify = ['P001', 'P002'].map((code) => ({ code, access: 'VERIFY' as const }));
  const ask = departmentWith(grantOf('checks', verify), grantOf('names', read('P001', 'P002'), { callsPerDay: 5 }));
  const input = { name: '王五', idNumber: '1' };
  expect(ask('{ person(idNumber: "1") { name } }')).toEqual({ checks: 0, names: 1 });
  expect(ask('query ($i: IdentityInput!) { verifyIdentity(input: $i) { result } }', { i: input })).toEqual({ checks: 1, names: 2 });
});

test('where the calls of one are used up the request is refused, and is counted for none', () => {
  const ask = departmentWith(grantOf('names', read('P001', 'P002'), { callsPerDay: 1 }), grantOf('phones', read('P032')));
  expect(ask('{ person(idNumber: "1") { name } }')).toEqual({ names: 1, phones: 0 });
  expect(ask('{ person(idNumber: "1") { phone name } }')).toBe('QUOTA_EXCEEDED');
  expect(ask('{ divisions { total } }')).toEqual({ names: 1, phones: 0 });
});

test('what is open, or refused, is a call of no grant', () => {
  const ask = departmentWith(grantOf('phones', read('P032')));
  expect(ask('{ legalEntity(uscc: "1") { name phone } }')).toEqual({ phones: 0 });
  expect(ask('{ person(idNumber: "1") { phone } }')).toEqual({ phones: 0 });
});
