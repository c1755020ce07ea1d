import { expect, test } from 'vitest';
import { findLibraries } from './migrate/find-libraries.ts';
import { readModels, readModelsOf } from './read-models.ts';

test('columns, keys and references are read, relations and comments are not', () => {
  const [license, use] = readModels(`
generator client {
  provider = "prisma-client"
}
/// All of them.
model License {
  id       String    @id @db.Uuid
  /// isGone Boolean
  validTo  DateTime? @db.Date
  tags     String[]  @db.VarChar(12)
  seat     Unsupported("geometry(Point, 4490)")?
  uses     Use[]
  @@index([validTo])
  @@schema("e_license")
}

model Use {
  licenseId String @db.Uuid
  ordinal   Int
  state     State
  license   License @relation(fields: [licenseId], references: [id], onDelete: Restrict)

  @@id([licenseId, ordinal])
}
enum State {
  OPEN
}
`);
  expect(license).toEqual({
    name: 'License',
    key: ['id'],
    references: [],
    columns: [
      { name: 'id', type: 'String', isOptional: false, isList: false, isUuid: true },
      { name: 'validTo', type: 'DateTime', isOptional: true, isList: false, isUuid: false },
      { name: 'tags', type: 'String', isOptional: false, isList: true, isUuid: false },
      { name: 'seat', type: 'Unsupported("geometry(Point, 4490)")', isOptional: true, isList: false, isUuid: false },
    ],
  });
  expect(use).toMatchObject({ key: ['licenseId', 'ordinal'], references: ['licenseId'] });
  expect(use?.columns.map(({ name }) => name)).toEqual(['licenseId', 'ordinal', 'state']);
});

test.each(findLibraries().map((library) => [library.name, library] as const))('every table of %s has a key', (_name, library) => {
  const models = readModelsOf(library);
  expect(models.length).toBeGreaterThan(0);
  for (const { columns, key } of models) expect(columns.map(({ name }) => name)).toEqual(expect.arrayContaining([...key]));
});
