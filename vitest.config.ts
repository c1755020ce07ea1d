import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Node's own loader runs the tests: one copy of graphql, and TypeScript that Node could not run fails here as it would in production.
    experimental: { viteModuleRunner: false },
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '.data/**'],
  },
});
