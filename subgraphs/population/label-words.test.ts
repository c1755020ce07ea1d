import { expect, test } from 'vitest';
import { wordOfLabel } from './label-words.ts';

test.each([
  ['SEX', '2', '女', 'female'],
  ['ETHNICITY', '03', '回族', 'Hui'],
  ['MARITAL', '10', '未婚', 'never married'],
  ['AGE_BAND', '30-39', '30 至 39 岁', 'aged 30 to 39'],
  ['AGE_BAND', '90+', '90 岁及以上', 'aged 90 and over'],
  ['DIVISION', '620102', '城关区', '城关区'],
  ['SEX', '7', null, null],
  ['DIVISION', '629900', null, null],
] as const)('%s %s is %s, in English %s', (dimension, label, zh, en) => {
  expect([wordOfLabel(dimension, label, 'zh'), wordOfLabel(dimension, label, 'en')]).toEqual([zh, en]);
});
