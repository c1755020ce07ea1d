import { readEnvironment } from '@longyuan/settings/environment.ts';
import { expect, test } from 'vitest';
import { databaseUrl, isEmbedded } from './database-url.ts';

const where = (environment: Record<string, string>, library: string): readonly [string, boolean] => {
  const settings = readEnvironment(environment);
  return [databaseUrl(settings, library), isEmbedded(settings, library)];
};

test('with no URL at all a library is in the embedded PostgreSQL, 21 ports above the hub', () => {
  expect(where({ HUB_PORT: '5000' }, 'credit')).toEqual(['postgresql://longyuan@127.0.0.1:5021/longyuan_credit', true]);
});

test('one server for all holds a database for each library; its user and options stay', () => {
  const environment = { HUB_POSTGRES_URL: 'postgresql://hub:s%40cret@db.internal:5433/postgres?sslmode=require' };
  expect(where(environment, 'e-license')).toEqual(['postgresql://hub:s%40cret@db.internal:5433/longyuan_e_license?sslmode=require', false]);
});

test("a library's own URL wins over the server for all, and says which database", () => {
  const environment = { HUB_POSTGRES_URL: 'postgresql://db.internal', LEGAL_ENTITY_DATABASE_URL: 'postgresql://samr/registry' };
  expect(where(environment, 'legal-entity')).toEqual(['postgresql://samr/registry', false]);
  expect(where(environment, 'population')).toEqual(['postgresql://db.internal/longyuan_population', false]);
});
