import { expect, test } from 'vitest';
import { isKnownDivision, nameOfDivision, readDivisions } from './division-table.ts';
import { readPlaceReadings } from './place-readings.ts';

test('the table holds the province, 14 prefectures, 88 counties, 1,403 towns and 17,718 villages, each once', () => {
  const divisions = readDivisions();
  const counts = [1, 2, 3, 4, 5].map((level) => divisions.filter((division) => division.level === level).length);
  expect(counts).toEqual([1, 14, 88, 1403, 17718]);
  expect(new Set(divisions.map((division) => division.code)).size).toBe(divisions.length);
});

test('every division but the province lies in one that is there', () => {
  expect(readDivisions().filter(({ parent }) => parent !== null && !isKnownDivision(parent))).toEqual([]);
});

test('a division has its name by its code, however many digits that is written with', () => {
  expect(['620102', '620102000000', '62', '629999', '620000'].map(nameOfDivision)).toEqual(['城关区', '城关区', null, null, '甘肃省']);
});

test('places are spelled as they are really read, with an apostrophe where a syllable begins with a vowel', () => {
  const plain = (text: string) => text.normalize('NFD').replace(/[\u0300-\u036f\s]/g, '');
  const divisions = readDivisions();
  for (const [name, reading] of Object.entries(readPlaceReadings())) {
    const places = divisions.filter((division) => division.pinyin !== null && division.name.startsWith(name));
    expect(places, name).not.toEqual([]);
    for (const place of places) expect(place.pinyin?.toLowerCase().replaceAll("'", '')).toMatch(new RegExp(`^${plain(reading)}`));
  }
  const spellingOf = (code: string) => divisions.find((division) => division.code === code)?.pinyin;
  expect(['620522', '621202', '620722', '621223'].map(spellingOf)).toEqual(["Qin'anxian", 'Wuduqu', 'Minlexian', 'Tanchangxian']);
});
