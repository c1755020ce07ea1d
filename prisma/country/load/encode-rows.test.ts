import { expect, test } from 'vitest';
import { COPY_BYTES, type EncodedRows, openRowEncoder } from './encode-rows.ts';
import type { Row } from './library-seed.ts';

const awkward = [
  ['a\tb', null, true, 12.5, ['x,"y"', 'z']],
  ['back\\slash\nline', '', false, 0, []],
] as const;

function encode(blocks: readonly (readonly Row[])[], encoding: 'copy' | 'arrays'): EncodedRows[] {
  const encoder = openRowEncoder('T', encoding, []);
  for (const rows of blocks) encoder.add(rows);
  return encoder.take(true);
}

function textOf(part: EncodedRows | undefined): string {
  return part?.kind === 'copy' ? new TextDecoder().decode(part.text) : '';
}

test('COPY text escapes what would end a column or a row', () => {
  const [part] = encode([awkward], 'copy');
  expect(textOf(part)).toBe('a\\tb\t\\N\ttrue\t12.5\t{"x,\\\\"y\\\\"","z"}\nback\\\\slash\\nline\t\tfalse\t0\t{}\n');
});

test('COPY text goes in buffers of whole rows; no row is lost or cut where one is full, and one too long for any goes alone', () => {
  const blocks = Array.from({ length: 700 }, (_, block) => Array.from({ length: 9 }, (_, row) => [`${block}.${row}`, '陇'.repeat(100)]));
  const long = [['long', '源'.repeat(COPY_BYTES)]];
  const parts = encode([...blocks.slice(0, 300), long, ...blocks.slice(300)], 'copy');
  expect(parts.map(({ rows }) => rows)).toEqual([2700, 1, 3411, 189]);
  const lines = parts.flatMap((part) => textOf(part).split('\n').slice(0, -1));
  expect(lines.map((line) => line.split('\t')[0])).toEqual(
    [...blocks.slice(0, 300), long, ...blocks.slice(300)].flatMap((block) => block.map(([key]) => key)),
  );
});

test('a buffer stays until it is full, and is written again once it was loaded', () => {
  const spare = [new ArrayBuffer(COPY_BYTES)];
  const encoder = openRowEncoder('T', 'copy', spare);
  encoder.add([['陇']]);
  expect(spare).toEqual([]);
  expect(encoder.take(false)).toEqual([]);
  expect(encoder.take(true).map(textOf)).toEqual(['陇\n']);
});

test('arrays hold one literal a column; a list travels as its text', () => {
  const [part] = encode([awkward], 'arrays');
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
  expect(encode([rows], 'arrays').map((part) => part.rows)).toEqual([5000, 5000, 2000]);
  expect(encode([[]], 'copy')).toEqual([]);
});
