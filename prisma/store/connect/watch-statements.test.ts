import { expect, test } from 'vitest';
import { withoutLiterals } from './watch-statements.ts';

test('a statement stands in a trace without what somebody wrote into it', () => {
  expect(
    withoutLiterals('SELECT "population"."Person"."name" FROM "population"."Person" WHERE "id" = $1 AND "level2" IN ($2,$3) LIMIT $4'),
  ).toBe('SELECT "population"."Person"."name" FROM "population"."Person" WHERE "id" = $1 AND "level2" IN ($2,$3) LIMIT $4');
  for (const sql of [
    "select * from t where n = '629901198704270021' limit 10",
    "select 'it''s 629901198704270021', 13812345678",
    "select E'a\\'629901198704270021' || $x$ 13812345678 $x$ || $$629901198704270021$$",
    "select 1e13812345678, '629901198704270021",
    'where n=629901198704270021::text',
  ])
    expect(withoutLiterals(sql)).not.toMatch(/\d{5}/);
  expect(withoutLiterals(`select ${'"a", '.repeat(2_000)} 1`)).toHaveLength(4_001);
});
