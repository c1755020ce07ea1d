import { readModels } from '@longyuan/prisma/store/read-models.ts';
import { readLibrary } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { expect, test } from 'vitest';
import { checkRows } from './check-rows.ts';
import { fitToModel } from './fit-to-model.ts';
import type { Predicates } from './row-guard.ts';
import { absent, is, NO_ROW, oneOf } from './row-rule.ts';

const models = readModels(
  `model Paper {
  /// A comment.
  id       String    @id @db.Uuid
  area     String    @db.Char(12)
  holder   String    @db.VarChar(36)
  isFirm   Boolean
  endsOn   DateTime? @db.Date
  tags     String[]  @db.VarChar(10)

  @@index([area])
  @@schema("test")
}

enum Kind {
  A
}
`,
);

const item = 'code: "T001", title: "纸", level: 3, type: C';
const closed = `@item(${item}, share: CONDITIONAL, basis: "法", open: false)`;
function check(fields: string, { rows = '{ division: "area" }', predicates = {} }: { rows?: string; predicates?: Predicates } = {}) {
  const sdl = `extend schema @library(name: "test", title: "试", department: "局", uscc: "11629901000000019M", order: 9)
    type Paper @key(fields: "id") @resource(code: "1/1", title: "纸", category: "类", updateCycle: DAILY, publishedOn: "2026-01-15", rows: ${rows}) {
      id: ID! ${fields}
    }`;
  return () => checkRows({ library: 'test', sharing: readSharingFacts([readLibrary('test.graphql', sdl)]), predicates, models });
}

test('a library whose SDL, predicates and tables fit starts', () => {
  const when = `@item(${item}, share: UNCONDITIONAL, open: true, when: HOLDER_IS_LEGAL_ENTITY)`;
  expect(check(`holder: String ${closed} ${when}`, { predicates: { HOLDER_IS_LEGAL_ENTITY: is('isFirm', true) } })).not.toThrow();
});

test('what does not fit is said before anything is served', () => {
  const when = `@item(${item}, share: UNCONDITIONAL, open: true, when: HOLDER_IS_LEGAL_ENTITY)`;
  expect(check(`holder: String ${closed}`, { rows: '{ division: "region" }' })).toThrow('Paper names region, which is no column');
  expect(check(`holder: String ${closed} ${when}`)).toThrow('the predicate HOLDER_IS_LEGAL_ENTITY is not declared');
  expect(check(`holder: String ${closed} ${when}`, { predicates: { HOLDER_IS_LEGAL_ENTITY: is('isEntity', true) } })).toThrow(
    'HOLDER_IS_LEGAL_ENTITY at Paper.holder looks at Paper.isEntity, which is no column',
  );
  expect(check(`holder: String ${closed}`, { predicates: { TAX_GRADE_IS_A: is('isFirm', true) } })).toThrow(
    'TAX_GRADE_IS_A is no predicate of its SDL',
  );
  expect(check(`holder(of: String @reads(item: "T002")): String ${closed}`)).toThrow("reads an item that is not the field's own");
});

test('a rule is fitted to the table: no null where every row has a value, no UUID where none can be', () => {
  expect(fitToModel(absent('area'), 'Paper', models)).toBe(NO_ROW);
  expect(fitToModel(absent('endsOn'), 'Paper', models)).toEqual(absent('endsOn'));
  const key = '00000000-0000-4000-8000-000000000001';
  expect(fitToModel(oneOf('id', ['91620102MA74000001', key]), 'Paper', models)).toEqual(oneOf('id', [key]));
  expect(fitToModel(oneOf('id', ['91620102MA74000001']), 'Paper', models)).toBe(NO_ROW);
  expect(fitToModel(oneOf('holder', ['91620102MA74000001']), 'Paper', models)).toEqual(oneOf('holder', ['91620102MA74000001']));
  expect(() => fitToModel(is('nothing', true), 'Paper', models)).toThrow('no column nothing');
});
