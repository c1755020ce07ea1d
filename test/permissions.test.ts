import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ask } from './ask.ts';
import { openSuiteOver } from './permission-suite.ts';
import type { Suite } from './permissions/open-suite.ts';
import { findRoutes, STYLES } from './permissions/routes.ts';
import { tryTable } from './permissions/table.ts';

const embedded = inject('embedded');
const postgresql = inject('postgresql');
/** How an operation is written is the gateway's affair, whatever database is behind it: over the other one a way is enough. */
const runs = [
  { name: 'embedded', hub: embedded, styles: STYLES },
  ...(postgresql ? [{ name: 'PostgreSQL', hub: postgresql, styles: STYLES.slice(0, 1) }] : []),
];
const TABLE_LIMIT_MS = 400_000;

describe.each(runs)('over $name, every item on every route as every kind of caller', ({ hub, styles }) => {
  let suite: Suite;
  beforeAll(async () => {
    suite = await openSuiteOver(hub, 1);
  });
  afterAll(() => suite?.end());

  test('the routes lead to every item of every library, and to most of them by several ways', () => {
    const targets = new Set(findRoutes(suite.tried.model).map(({ target }) => target));
    const { schema, sharing } = suite.tried.model;
    const owners = new Set(sharing.fields.filter(({ items, owner }) => items.length > 0 && owner.resource).map(({ owner }) => owner.name));
    for (const name of owners) {
      const type = schema.getType(name);
      const abstract = sharing.types.filter(({ name: of }) => sharing.possibleTypes(of).includes(name)).map(({ name: of }) => of);
      expect(type && [name, ...abstract].some((each) => targets.has(each)), name).toBe(true);
    }
  });

  test.each(styles)(
    'written %s: each is answered what the directives say, and no more',
    async (style) => {
      const found: string[] = [];
      let parts = 0;
      for await (const { routes, differences } of tryTable(suite, [style])) {
        parts += 1;
        found.push(...differences.map((each) => `${each} (of ${routes.join(' | ')})`));
      }
      expect(found).toEqual([]);
      expect(parts).toBeGreaterThan(30);
    },
    TABLE_LIMIT_MS,
  );

  test(
    'at the public door, whatever may be asked there is answered in the rows that are open, and in no others',
    async () => {
      const found: string[] = [];
      const types = new Set<string>();
      for await (const { routes, differences } of tryTable(suite.atPublicDoor, ['plain'])) {
        for (const route of routes) types.add(route);
        found.push(...differences.map((each) => `${each} (of ${routes.join(' | ')})`));
      }
      expect(found).toEqual([]);
      const routes = [...types].join('\n');
      for (const way of ['penalties', 'permits', 'publishedPenalties.nodes', 'legalEntity.creditRecords', 'legalEntity.licenses'])
        expect(routes).toContain(way);
    },
    TABLE_LIMIT_MS,
  );

  test('a library that is asked past the gateway answers nobody, whatever is asked', async () => {
    const port = Number(hub.environment['HUB_PORT']);
    for (const { order, name } of readLibraries()) {
      for (const { token } of suite.askers) {
        const { status, data } = await ask(
          { url: `http://127.0.0.1:${port + order}` },
          '{ _entities(representations: []) { __typename } }',
          {},
          '/graphql',
          token,
        );
        expect([name, status, data]).toEqual([name, 401, undefined]);
      }
    }
  });
});
