import { defineConfig } from 'vitest/config';

// Node's own loader runs the tests: one copy of graphql, and TypeScript that Node could not run fails here as it would in production.
const experimental = { viteModuleRunner: false };
const exclude = ['**/node_modules/**', '.data/**'];

export default defineConfig({
  test: {
    reporters: ['default', './test/plain-line-reporter.ts'],
    projects: [
      // Pure functions and single packages, beside the code, and what crosses packages without a hub.
      {
        test: {
          name: 'units',
          experimental,
          include: [
            '{settings,trust,telemetry,identity,schema,portal,prisma,subgraphs,gateway,deploy}/**/*.test.ts',
            'test/{architecture,quality-of-rows,signed-list}.test.ts',
          ],
          exclude,
          testTimeout: 60_000,
          hookTimeout: 90_000,
        },
      },
      // Proof across packages, against whole hubs that are started once.
      {
        test: {
          name: 'hub',
          experimental,
          include: ['test/**/*.test.ts'],
          exclude: [...exclude, 'test/{architecture,quality-of-rows,signed-list}.test.ts', 'test/alone/**'],
          globalSetup: ['./test/hubs.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      // Stories that kill and restart: each has a hub of its own, one after the other.
      {
        test: {
          name: 'alone',
          experimental,
          include: ['test/alone/**/*.test.ts'],
          exclude,
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 240_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
