import { readDirectorySubgraph } from '@longyuan/schema/src/directory-subgraph.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { graphql } from 'graphql';
import { expect, test } from 'vitest';
import { buildDirectorySchema } from '../answer-directory.ts';
import { openCodeTables } from './code-tables.ts';

const schema = buildDirectorySchema(readDirectorySubgraph());
const tables = openCodeTables(readLibraries());
const DEPARTMENT = { kind: 'department' };
const PUBLIC = { kind: 'public' };

async function ask(caller: Readonly<{ kind: string }>, source: string) {
  const { data, errors } = await graphql({ schema, source, contextValue: { caller, codeTables: tables(caller) } });
  expect(errors).toBeUndefined();
  return JSON.parse(JSON.stringify(data));
}

test('a code table is told with its words in both languages', async () => {
  const { sex, kind, none } = await ask(
    DEPARTMENT,
    `{ sex: codeTable(code: "sex") { code standard values { code title titleEn } }
       kind: codeTable(code: "LicenseState") { standard values { code title titleEn } }
       none: codeTable(code: "gansuCensus2020") { code } }`,
  );
  expect(sex).toEqual({
    code: 'sex',
    standard: 'GB/T 2261.1',
    values: [
      { code: '0', title: '未知的性别', titleEn: 'sex unknown' },
      { code: '1', title: '男', titleEn: 'male' },
      { code: '2', title: '女', titleEn: 'female' },
      { code: '9', title: '未说明的性别', titleEn: 'sex not stated' },
    ],
  });
  expect(kind.standard).toBeNull();
  expect(kind.values[0]).toEqual({ code: 'VALID', title: '有效', titleEn: 'valid' });
  expect(none).toBeNull();
});

test('the public is told tables of standards and those of open items; the values of what is not open are not its business', () => {
  const [known, all] = [tables(PUBLIC), tables(DEPARTMENT)];
  for (const open of ['sex', 'EntityKind', 'LicenseState', 'PoiCategory']) expect(known.table(open)?.code).toBe(open);
  for (const closed of ['Kinship', 'InsuranceKind', 'LifeStatus', 'AddressState']) {
    expect(known.table(closed)).toBeNull();
    expect(all.table(closed)?.code).toBe(closed);
  }
  expect(known.all().length).toBeLessThan(all.all().length);
});

test('an item names its tables, those below it too', () => {
  const of = (item: string) =>
    tables(DEPARTMENT)
      .ofItem(item)
      .map(({ code }) => code);
  expect(of('P003')).toEqual(['sex']);
  expect(of('P020')).toEqual(['marital']);
  expect(of('P010')).toEqual(['relationToHead', 'HouseholdKind']);
  expect(of('P002')).toEqual([]);
});
