import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readPurposes } from './purposes.ts';

const folder = mkdtempSync(join(tmpdir(), 'longyuan-purposes-'));
const file = join(folder, 'purposes.json');
afterAll(() => rmSync(folder, { recursive: true }));

const CODE = '1162990100000006XQ2050620000003';
const USCC = '1162990100000006XQ';
const read = (text: string) => {
  writeFileSync(file, text);
  return readPurposes(file);
};

test('purposes and departments are known by the names that the file gives them, and no others', () => {
  const purposes = read(JSON.stringify({ serviceItems: { [CODE]: '社会救助家庭经济状况核对' }, departments: { [USCC]: '甘肃省民政厅' } }));
  expect([purposes.nameOf(CODE), purposes.nameOfDepartment(USCC)]).toEqual(['社会救助家庭经济状况核对', '甘肃省民政厅']);
  const other = CODE.replace(/3$/, '4');
  expect([purposes.nameOf(other), purposes.nameOfDepartment('11629901000000019M'), purposes.nameOf('toString')]).toEqual([
    null,
    null,
    null,
  ]);
  expect([purposes.has(CODE), purposes.has(other), purposes.has('toString')]).toEqual([true, false, false]);
});

test('a byte order mark, as editors of Windows write it, is no part of the file', () => {
  expect(read(`\uFEFF${JSON.stringify({ serviceItems: {}, departments: { [USCC]: '甘肃省民政厅' } })}`).nameOfDepartment(USCC)).toBe(
    '甘肃省民政厅',
  );
});

test('without a file no name is known, and a code is held against its form', () => {
  const purposes = readPurposes(null);
  expect([purposes.nameOf(CODE), purposes.nameOfDepartment(USCC)]).toEqual([null, null]);
  expect([purposes.has(CODE), purposes.has('x')]).toEqual([true, false]);
});

test.each([
  ['{', /: \S+purposes\.json is no JSON: .+\. It is \{"serviceItems"/],
  ['[]', /is not as it should be: .+ expected object, received array\. It is/],
  ['{"serviceItems":{}}', /: departments \(holds names by their codes; a credit code has 18 characters \(GB 32100\)\)\./],
  ['{"serviceItems":{"x":"y"},"departments":{}}', /: serviceItems\.x \(holds names by their codes; a code is a credit code and 13 digits/],
  [
    `{"serviceItems":{"${CODE}":" "},"departments":{"${USCC}":3}}`,
    /: serviceItems\.1\S+3 \(a name is text\), departments\.\S+ \(a name is text\)\./,
  ],
  ['{"serviceItems":{},"departments":{},"items":{}}', /: Unrecognized key: "items"\./],
])('what is wrong with the file is told with its place, and how it should be: %s', (text, told) => {
  expect(() => read(text)).toThrow(told);
  expect(() => read(text)).toThrow(/^HUB_PURPOSES_FILE: .*without HUB_PURPOSES_FILE the hub knows no names\.$/s);
});

test('a file that is not there is told by its path', () => {
  expect(() => readPurposes(join(folder, 'none.json'))).toThrow(/none\.json cannot be read: ENOENT/);
});
