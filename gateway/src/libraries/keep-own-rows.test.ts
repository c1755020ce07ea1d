import { readAccessFacts } from '@longyuan/access/access-facts.ts';
import { type Caller, PUBLIC } from '@longyuan/access/caller.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { expect, test } from 'vitest';
import { keepOwnRows } from './keep-own-rows.ts';
import type { OrderedCall } from './sealed-calls.ts';

const sharing = readSharingFacts(readLibraries());
const facts = readAccessFacts(sharing);
const fu: Caller = { kind: 'citizen', sub: 's', person: 'fu' };
const cui: Caller = { kind: 'citizen', sub: 's', person: 'cui' };
const department: Caller = { kind: 'department', sub: 's', uscc: 'u', role: 'developer', region: null };
const ADDRESS = ['Query.address', 'StandardAddress.fullText'];
const call = { library: 'geospatial', caller: fu, items: ADDRESS, requestId: 'r', timeoutMs: 1_000 };

/** A population that answers `answer`, or nothing, and notes what it was asked. */
function open(answer: () => string | null = () => 'told', now = Date.now) {
  const asked: Pick<OrderedCall, 'path' | 'body' | 'warrant'>[] = [];
  const tellers: string[] = [];
  const ownRowsFor = keepOwnRows({
    sharing,
    facts,
    now,
    wayTo: (library) => {
      tellers.push(library);
      return {
        callForHub: async ({ path, body, warrant }) => {
          asked.push({ path, body, warrant });
          const told = answer();
          return told === null
            ? { kind: 'unreachable' }
            : { kind: 'answered', status: 200, text: JSON.stringify({ told: `${told} ${asked.length}` }) };
        },
      };
    },
  });
  return { ownRowsFor, asked, tellers };
}

test('population tells geospatial of a citizen who asks for addresses: once, under a warrant for that citizen and for nothing else', async () => {
  const { ownRowsFor, asked, tellers } = open();
  expect(await Promise.all([ownRowsFor(call), ownRowsFor({ ...call, items: ['Person.realEstate'] })])).toEqual([['told 1'], ['told 1']]);
  // Once it is there nobody waits for it.
  expect(ownRowsFor(call)).toEqual(['told 1']);
  expect(tellers).toEqual(['population']);
  expect(asked).toEqual([
    { path: '/own-rows', body: '{"library":"geospatial"}', warrant: { caller: fu, purpose: null, items: ['Library.ownRows'] } },
  ]);
});

test('each citizen has their own', async () => {
  const { ownRowsFor, asked } = open();
  expect(await ownRowsFor(call)).toEqual(['told 1']);
  expect(await ownRowsFor({ ...call, caller: cui })).toEqual(['told 2']);
  expect(asked.map(({ warrant }) => warrant.caller)).toEqual([fu, cui]);
});

test('nobody is asked for other callers, other libraries, and questions that are about no such rows', () => {
  const { ownRowsFor, tellers } = open();
  for (const caller of [PUBLIC, department, { kind: 'agent', sub: 's', uscc: 'u' } as const])
    expect(ownRowsFor({ ...call, caller })).toEqual([]);
  expect(ownRowsFor({ ...call, library: 'credit' })).toEqual([]);
  expect(ownRowsFor({ ...call, items: ['Query.division', 'AdministrativeDivision.name'] })).toEqual([]);
  expect(tellers).toEqual([]);
});

test('what cannot be had is left out, and asked for again the next time', async () => {
  const answers = [null, 'told'];
  const { ownRowsFor } = open(() => answers.shift() ?? null);
  expect(await ownRowsFor(call)).toEqual([]);
  expect(await ownRowsFor(call)).toEqual(['told 2']);
});

test('it is asked for anew after half a minute', async () => {
  let nowMs = 0;
  const { ownRowsFor } = open(undefined, () => nowMs);
  expect(await ownRowsFor(call)).toEqual(['told 1']);
  nowMs = 29_000;
  expect(await ownRowsFor(call)).toEqual(['told 1']);
  nowMs = 31_000;
  expect(await ownRowsFor(call)).toEqual(['told 2']);
});

test('of ever other citizens those who asked last are kept', async () => {
  const { ownRowsFor, asked } = open();
  await ownRowsFor(call);
  for (let at = 0; at < 4_000; at += 1) await ownRowsFor({ ...call, caller: { kind: 'citizen', sub: 's', person: `p${at}` } });
  expect(asked).toHaveLength(4_001);
  await ownRowsFor({ ...call, caller: { kind: 'citizen', sub: 's', person: 'p3999' } });
  expect(asked).toHaveLength(4_001);
  await ownRowsFor(call);
  expect(asked).toHaveLength(4_002);
});
