import { expect, test } from 'vitest';
import { readLanguage, wordErrors } from './answer-language.ts';

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['zh', 'zh'],
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
  ['zh-Hant', 'zh'],
  ['zh-TW', 'zh'],
  ['ZH-hans-cn', 'zh'],
  ['en-US,en;q=0.9,zh;q=0.8', 'en'],
  ['en;q=0.5, zh;q=0.6', 'zh'],
  ['fr, zh;q=0.2', 'zh'],
  ['fr', 'en'],
  ['*', 'en'],
  ['zh;q=0, *', 'en'],
  ['zh;q=0', 'en'],
  ['en;q=0, *;q=0.1', 'zh'],
  [';;;,,q=', 'en'],
  ['zhuang', 'en'],
  ['x'.repeat(8_000), 'en'],
  ['zh,'.repeat(2_000), 'zh'],
] as const)('Accept-Language %s asks for %s', (header, language) => {
  expect(readLanguage(header)).toBe(language);
});

test('of an error its sentence alone differs between the languages', () => {
  const error = {
    message: 'The operation nests 20 fields deep; at most 16 are allowed (HUB_MAX_DEPTH).',
    path: ['a', 0],
    locations: [{ line: 1, column: 2 }],
    extensions: { code: 'OPERATION_TOO_COSTLY', limit: 'HUB_MAX_DEPTH', value: 16 },
  };
  expect(wordErrors([error], 'en')).toEqual([error]);
  expect(wordErrors([error], 'zh')).toEqual([{ ...error, message: '操作的字段嵌套 20 层，最多 16 层（HUB_MAX_DEPTH）。' }]);
});
