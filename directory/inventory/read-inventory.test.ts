import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import { columns } from './inventory-columns.ts';
import { decodeText, rowsOfFile, rowsOfText } from './inventory-rows.ts';
import { type Inventory, readInventory } from './read-inventory.ts';

const example = readFileSync(new URL('../../prisma/directory/examples/civil-affairs.csv', import.meta.url), 'utf8');
const read = (text: string) => readInventory(rowsOfText(text));
const mistakes = (inventory: Inventory) =>
  inventory.kind === 'mistaken' ? inventory.mistakes.map(({ line, reason }) => `${line}: ${reason}`) : [];
/** The example with something else on one of its lines. */
const changed = (line: number, from: string, to: string): string =>
  example
    .split('\n')
    .map((row, place) => (place === line - 1 ? row.replace(from, to) : row))
    .join('\n');

test('an inventory is rows of items put together to resources', () => {
  const inventory = read(example);
  if (inventory.kind !== 'read') throw new Error(mistakes(inventory).join('\n'));
  expect(inventory.providers).toEqual(['1162990100000006XQ']);
  expect(
    inventory.entries.map(({ code, name, shareType, openness, level, items }) => [code, name, shareType, openness, level, items.length]),
  ).toEqual([
    ['307062000013001/1', '城乡居民最低生活保障信息', 'CONDITIONAL', 'NOT_OPEN', 4, 5],
    ['307062000013002/1', '社会组织登记信息', 'UNCONDITIONAL', 'PARTLY_OPEN', 2, 4],
    ['307062000013003/1', '殡葬服务机构信息', 'UNCONDITIONAL', 'OPEN', 1, 3],
  ]);
});

test('the same as JSON, and in GB 18030 with Chinese headings, reads the same', () => {
  const [head = '', ...lines] = example.trim().split('\n');
  const headings = head.split(',');
  const rows = lines.map((line) => Object.fromEntries(line.split(',').map((cell, place) => [headings[place], cell])));
  expect(read(JSON.stringify(rows, null, 2))).toMatchObject({ kind: 'read', entries: entriesOf(read(example)) });
  const english = Object.entries(columns).reduce(
    (text, [name, { heading }]) => text.replace(new RegExp(`(^|,)${heading}(?=,|\n)`), `$1${name}`),
    example,
  );
  expect(english.startsWith('code,name,category,')).toBe(true);
  expect(entriesOf(read(english))).toEqual(entriesOf(read(example)));
  // 低保 in GB 18030, as an office program would write it.
  const bytes = Uint8Array.of(0xb5, 0xcd, 0xb1, 0xa3);
  expect(mistakes(readInventory(rowsOfText(decodeText(bytes))))[0]).toContain('低保');
});

test.each<[story: string, text: string, told: readonly string[]]>([
  ['a wrong check digit', changed(2, '1162990100000006XQ', '116299010000000916'), ['2: 信息资源提供方代码 must be a credit code']],
  ['a day that is none', changed(7, '2026-03-01', '2026-02-30'), ['7: 发布日期 must be a real day, YYYY-MM-DD']],
  ['a class without its basis', changed(3, '《社会救助暂行办法》第六十一条', ''), ['3: 共享依据 is missing']],
  [
    'an open item that is not for all',
    changed(4, '否', '是'),
    ['4: 是否向社会开放 can be 是 only where the item is 无条件共享', '4: 是否向社会开放 can be 是 only where 敏感级别 is 1'],
  ],
  ['a class that there is not', changed(8, '无条件共享', '共享'), ['8: 共享类型 must be one of 无条件共享 (UNCONDITIONAL)']],
  [
    'a code that is none',
    changed(11, '307062000013003/1', '民政-3'),
    ['11: 信息资源代码 must be a resource code', '12: 信息资源名称 is missing', '12: 信息资源分类 is missing'],
  ],
  ['the same item twice', changed(8, ',MC,', ',TYDM,'), ['8: 信息项代码 TYDM is that of line 7 already']],
  [
    'a row that says otherwise',
    changed(8, '307062000013002/1,', '307062000013002/1,社会团体信息'),
    ['8: 信息资源名称 is not what line 7 says of the same resource'],
  ],
  ['a row with a cell too many', changed(5, ',否,', ',否,,'), ['5: has 28 cells, but there are 27 headings']],
  ['a column that no inventory has', changed(1, '来源方', '来源单位'), ['1: has a column "来源单位" that no inventory has']],
  ['a column that is missing', changed(1, '敏感级别', '来源方'), ['1: has no column 敏感级别 (level)', '1: has the column 来源方 twice']],
  ['a quote that does not end', changed(9, '社会组织类别', '"社会组织类别'), ['9: is no CSV']],
  ['nothing at all', '', ['1: holds no row']],
  ['headings alone', `${example.split('\n')[0]}\n`, ['1: holds no row']],
  ['a column with a heading without an end', `${'x'.repeat(100_000)},b\n1,2\n`, [`1: has a column "${'x'.repeat(100)}" that`]],
  ['JSON that is no list', '{\n  "rows": [{"code": "1"}]\n}', ['1: is no list of rows']],
  ['objects one after the other', '{"code": "1"}\n{"code": "2"}\n', ['1: is no JSON']],
  ['objects in each other', `${'{"code":'.repeat(20_000)}1${'}'.repeat(20_000)}`, ['1: ']],
  ['JSON that is none', '[{"code": ', ['1: is no JSON']],
])('%s is told with its line, and nothing is read', (_story, text, told) => {
  const all = mistakes(read(text));
  expect(all.length).toBeGreaterThan(0);
  for (const [place, beginning] of told.entries()) {
    expect(all[place]).toContain(beginning);
  }
});

test('every mistake of a file is told at once, in the order of its lines', () => {
  const text = changed(3, ',3,', ',7,').replace('每日', '常常');
  expect(mistakes(read(text)).map((mistake) => mistake.slice(0, 8))).toEqual(['3: 敏感级别 ', '7: 更新周期 ']);
});

test('a row of JSON is told by the line it begins on', () => {
  const text = '[\n  {"code": "1[{\\"", "name": "x"},\n\n  7,\n  {"code": "x"}]';
  expect([...new Set(mistakes(read(text)).map((mistake) => mistake.split(':')[0]))]).toEqual(['2', '4', '5']);
});

function entriesOf(inventory: Inventory) {
  return inventory.kind === 'read' ? inventory.entries : mistakes(inventory);
}

test('a file is read as a spreadsheet saves it: days with strokes, empty columns at the right, tabs, semicolons, UTF-16', () => {
  const entries = entriesOf(read(example));
  expect(entriesOf(read(example.replaceAll('2026-03-01', '2026/3/1').replaceAll('2026-05-20', '2026年5月20日')))).toEqual(entries);
  expect(entriesOf(read(example.trim().replaceAll('\n', ',,\n').concat(',,\n,,,\n')))).toEqual(entries);
  const [head = '', ...lines] = example.trim().split('\n');
  expect(entriesOf(read([`${head},,`, ...lines].join('\n')))).toEqual(entries);
  expect(entriesOf(read(`sep=;\r\n${example.replaceAll(',', ';')}`))).toEqual(entries);
  expect(mistakes(read(`sep=;\r\n${changed(3, ',3,', ',7,').replaceAll(',', ';')}`))).toEqual([expect.stringContaining('4: 敏感级别')]);
  for (const delimiter of ['\t', ';']) expect(entriesOf(read(example.replaceAll(',', delimiter)))).toEqual(entries);
  for (const [mark, isBig] of [
    [[0xff, 0xfe], false],
    [[0xfe, 0xff], true],
  ] as const) {
    const bytes = Buffer.from(example.replaceAll(',', '\t'), 'utf16le');
    const text = decodeText(Uint8Array.from([...mark, ...(isBig ? bytes.swap16() : bytes)]));
    expect(entriesOf(read(text))).toEqual(entries);
  }
});

test('a workbook reads as its sheet does as CSV', async () => {
  const cells = example
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(cellOf));
  const bytes = await writeXlsxFile(cells).toBuffer();
  expect(entriesOf(readInventory(await rowsOfFile(bytes)))).toEqual(entriesOf(read(example)));
  expect(mistakes(readInventory(await rowsOfFile(bytes.subarray(0, 900))))).toEqual([expect.stringContaining('1: is no workbook')]);
  const old = Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1);
  expect(mistakes(readInventory(await rowsOfFile(old)))).toEqual([
    expect.stringContaining('(XLS), or one with a password: save it as XLSX'),
  ]);
});

/** Days are days in the sheet, and what a number can hold is a number. */
function cellOf(text: string) {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return { value: new Date(text), type: Date, format: 'yyyy/m/d' } as const;
  if (/^[1-9]\d{0,5}$/.test(text)) return { value: Number(text), type: Number } as const;
  return text === '' ? null : ({ value: text, type: String } as const);
}

test.each<[story: string, text: string, told: string]>([
  ['a nested cell', '[{"code": {"a": 1}}]', '1: holds more than a text, a number or a list of them in code'],
  ['a list of lists', '[{"code": [["a"]]}]', '1: holds more than a text, a number or a list of them in code'],
  ['a NUL', 'code\n1\u00002\n', '2: holds the character U+0000'],
  ['20,000 lists in each other', '['.repeat(20_000) + ']'.repeat(20_000), '1: '],
  ['20,000 lists in a cell', `[{"code": ${'['.repeat(20_000)}${']'.repeat(20_000)}}]`, '1: '],
])('%s is a line and a reason', (_story, text, told) => {
  expect(mistakes(read(text))[0]).toContain(told);
});

test('a cell of JSON that no database could keep is a line and a reason, whole as the file is otherwise', () => {
  const [head = '', ...lines] = example.trim().split('\n');
  const rows = lines.map((line) => Object.fromEntries(head.split(',').map((heading, place) => [heading, line.split(',')[place] ?? ''])));
  expect(entriesOf(read(JSON.stringify(rows)))).toEqual(entriesOf(read(example)));
  for (const broken of ['a\u0000b', '\ud83d']) {
    const [first, ...others] = rows;
    const text = JSON.stringify([{ ...first, 信息项名称: broken }, ...others]);
    expect(mistakes(read(text))).toEqual(['1: 信息项名称 holds the character U+0000, or half a character']);
  }
});
