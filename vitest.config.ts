import { defineConfig } from 'vitest/config';
import { measurePace } from './test/patience.ts';
import PlainLineReporter from './test/plain-line-reporter.ts';

// Node's own loader runs the tests: one copy of graphql, and TypeScript that Node could not run fails here as it would in production.
const experimental = { viteModuleRunner: false };
const exclude = ['**/node_modules/**', '.data/**'];

// What Node compiled for one file of tests the next ones read from there: a sixth less of processor time.
process.env['NODE_COMPILE_CACHE'] ??= 'node_modules/.cache/compiled';

// A busy machine is not a fault of the hub: what a test waits for, and how long it may take, grows with how slow this machine is just now.
const pace = Number(process.env['TEST_PACE'] || measurePace());
const limits = (testSeconds: number, hookSeconds: number) => ({
  testTimeout: testSeconds * 1_000 * pace,
  hookTimeout: hookSeconds * 1_000 * pace,
  env: { TEST_PACE: String(pace) },
  expect: { poll: { timeout: 30_000 * pace } },
});

export default defineConfig({
  test: {
    reporters: ['default', new PlainLineReporter(pace)],
    projects: [
      // Pure functions and single packages, beside the code, and what crosses packages without a hub.
      {
        test: {
          name: 'units',
          experimental,
          include: [
            '{settings,trust,telemetry,identity,schema,access,operation,inner,directory,portal,prisma,subgraphs,gateway,deploy}/**/*.test.ts',
            'test/{architecture,quality-of-rows,signed-list,upgrade,backup,patience}.test.ts',
          ],
          exclude,
          ...limits(120, 180),
          // Vitest would leave one of two cores alone.
          maxWorkers: '100%',
        },
      },
      // Proof across packages, against whole hubs that are started once.
      {
        test: {
          name: 'hub',
          experimental,
          include: ['test/**/*.test.ts'],
          exclude: [...exclude, 'test/{architecture,quality-of-rows,signed-list,upgrade,backup,patience}.test.ts', 'test/alone/**'],
          globalSetup: ['./test/hubs.ts'],
          fileParallelism: false,
          ...limits(120, 240),
          sequence: { groupOrder: 1 },
        },
      },
      // Stories that kill and restart: each has a hub of its own. Two at a time, because a hub that starts keeps one core busy and waits a lot.
      {
        test: {
          name: 'alone',
          experimental,
          include: ['test/alone/**/*.test.ts'],
          exclude,
          maxWorkers: 2,
          ...limits(300, 300),
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
