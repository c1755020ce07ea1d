import { callNow, duringCall, openCall } from '@longyuan/prisma/store/connect/call.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { expect, test } from 'vitest';
import type { LibraryQuestions } from './measure-library.ts';
import { openQualityRuns } from './quality-runs.ts';
import type { QualityStore } from './quality-store.ts';

test('a library whose rows never end holds up no other: its run fails, and the next has its turn', async () => {
  const told: string[] = [];
  const ended = Promise.withResolvers<void>();
  const questions = {
    outline: async () => ({ tables: ['Row'], unique: [], unmeasurable: [] }),
    rows: async (library: string) => ({ rows: 1, next: library === 'credit' ? 'more' : null, tallies: [], references: [] }),
  } as unknown as LibraryQuestions;
  const store = {
    openRun: async () => {},
    beginRun: async () => {},
    endRun: async ({ library }: { library: string }) => {
      told.push(`${library} is done`);
      ended.resolve();
    },
    failRun: async () => void told.push('failed'),
  } as unknown as QualityStore;
  const runs = openQualityRuns({
    ...{ libraries: ['credit', 'population'], facts: readSharingFacts(readLibraries()), checks: [], questions, store },
    ...{ intervalHours: 0, longestRunMs: 100, log: { info: () => {}, warn: () => {} } },
  });
  await Promise.all([runs.start('credit'), runs.start('population')]);
  await ended.promise;
  expect(told).toEqual(['failed', 'population is done']);
  await runs.close();
});

test('a run is the hub’s own: it goes on when the call that asked for it has been answered', async () => {
  const ended = Promise.withResolvers<unknown>();
  const questions = { outline: async () => ({ tables: [], unique: [], unmeasurable: [] }) } as unknown as LibraryQuestions;
  const store = {
    openRun: async () => {},
    beginRun: async () => {},
    endRun: async () => ended.resolve(callNow()),
    failRun: async () => ended.resolve('failed'),
  } as unknown as QualityStore;
  const runs = openQualityRuns({
    ...{ libraries: ['credit'], facts: readSharingFacts(readLibraries()), checks: [], questions, store },
    ...{ intervalHours: 0, log: { info: () => {}, warn: () => {} } },
  });
  const call = openCall('a steward');
  await duringCall(call, () => runs.start('credit'));
  call.end();
  expect(await ended.promise).toBeNull();
  await runs.close();
});
