import { expect, test } from 'vitest';
import { makeWording, readCodeTables, readWords } from './code-tables.ts';
import { readLibraries } from './read-libraries.ts';

const libraries = readLibraries();
const tables = readCodeTables(libraries);
const wordOf = (table: string, code: string) => {
  const found = tables.get(table);
  return found ? makeWording(found)(code) : undefined;
};

test('every value of every table has a Chinese and an English word', () => {
  const wrong = [...tables.values()].flatMap(({ code, values }) =>
    values
      .filter(({ title, titleEn }) => !/\p{Script=Han}/u.test(title) || !/[a-z]{2}/i.test(titleEn) || /\p{Script=Han}/u.test(titleEn))
      .map((value) => `${code}: ${JSON.stringify(value)}`),
  );
  expect(wrong).toEqual([]);
  expect(tables.size).toBeGreaterThan(50);
  expect([...tables.keys()].filter((name) => tables.get(name)?.values.length === 0)).toEqual([]);
});

test('words are told by the code of a standard, or by a value of an enum', () => {
  expect(wordOf('sex', '2')).toEqual({ code: '2', title: '女', titleEn: 'female' });
  expect(wordOf('ethnicity', '26')).toEqual({ code: '26', title: '东乡族', titleEn: 'Dongxiang' });
  expect(wordOf('EntityKind', 'PUBLIC_INSTITUTION')).toEqual({
    code: 'PUBLIC_INSTITUTION',
    title: '事业单位',
    titleEn: 'public institution',
  });
});

test('a code that the table does not have has no word; in a nested table it is of the nearest class above', () => {
  expect(wordOf('sex', '7')).toBeNull();
  expect(wordOf('sex', '')).toBeNull();
  expect(wordOf('ethnicity', '011')).toBeNull();
  expect(wordOf('industry', 'F5212')?.titleEn).toBe('general retail');
  expect(wordOf('industry', 'F5999')?.titleEn).toBe('wholesale and retail trade');
  expect(wordOf('industry', 'Z01')).toBeNull();
});

test('counts are no code table', () => {
  expect([tables.get('gansuCensus2020'), tables.get('frequencyToEU'), tables.get('_note')]).toEqual([undefined, undefined, undefined]);
});

test.each([
  ['企业: enterprise', { title: '企业', titleEn: 'enterprise' }],
  ['A级: grade A, the best', { title: 'A级', titleEn: 'grade A, the best' }],
  ['企业', null],
  ['enterprise', null],
  ['The best of four: 甲', null],
])('words in a description: %s', (description, words) => {
  expect(readWords(description)).toEqual(words);
});
