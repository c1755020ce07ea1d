import { expect, test } from 'vitest';
import { encodeRows } from './encode-rows.ts';

const awkward = [
  ['a\tb', null, true, 12.5, ['x,"y"', 'z']],
  ['back\\slash\nline', '', false, 0, []],
] as const;

test('COPY text escapes what would end a column or a row', () => {
  const [part] = encodeRows('T', awkward, 'copy');
  const text = part?.kind === 'copy' ? new TextDecoder().decode(part.text) : '';
  expect(text).toBe('a\\tb\t\\N\ttrue\t12.5\t{"x,\\\\"y\\\\"","z"}\nback\\\\slash\\nline\t\tfalse\t0\t{}\n');
});

test('arrays hold one literal a column; a list travels as its text', () => {
  const [part] = encodeRows('T', awkward, 'arrays');
  expect(part?.kind === 'arrays' ? part.columns : []).toEqual([
    '{"a\tb","back\\\\slash\nline"}',
    '{NULL,""}',
    '{true,false}',
    '{12.5,0}',
    '{"{\\"x,\\\\\\"y\\\\\\"\\",\\"z\\"}","{}"}',
  ]);
});

test('long tables go in several statements of arrays, empty ones in none', () => {
  const rows = Array.from({ length: 12_000 }, (_, place) => [place]);
  expect(encodeRows('T', rows, 'arrays').map((part) => part.rows)).toEqual([5000, 5000, 2000]);
  expect(encodeRows('T', [], 'copy')).toEqual([]);
});
