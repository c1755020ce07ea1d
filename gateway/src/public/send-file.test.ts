import { Agent, get } from 'node:http';
import { composeSupergraph } from '@longyuan/schema/src/compose-supergraph.ts';
import { publicSchema } from '@longyuan/schema/src/public-schema.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { fastify } from 'fastify';
import { buildSchema, isObjectType } from 'graphql';
import readWorkbook from 'read-excel-file/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dictionaryCsv, dictionaryOf } from './data-dictionary.ts';
import { writerOf } from './file-formats.ts';
import { findOpenResources } from './find-datasets.ts';
import type { Measures } from './measure-datasets.ts';
import { type Ask, placeAfter, printPlace, readPages, readPlace, START } from './read-rows.ts';
import { sendWhole } from './send-file.ts';

const libraries = readLibraries();
const publicSdl = publicSchema(libraries, composeSupergraph(libraries).apiSdl);
const open = findOpenResources(libraries, publicSdl);
const datasetOf = (typeName: string) => {
  const dataset = open.find(({ resource }) => resource.typeName === typeName)?.dataset;
  if (!dataset) throw new Error(`There is no file of ${typeName}.`);
  return dataset;
};
const entities = datasetOf('LegalEntity');
const divisions = datasetOf('AdministrativeDivision');

/** A register of so many pages of two firms; from page `breaksAt` on it does not answer. */
function register(pages: number, breaksAt = Number.POSITIVE_INFINITY): Ask {
  return async (_query, { after }) => {
    const page = after === null ? 0 : Number(after);
    if (page >= breaksAt) throw new Error('The library is down.');
    const nodes = [1, 2].map((each) => ({ uscc: `${page}-${each}`, name: '城关区嘉安供应链有限公司'.repeat(20) }));
    return { rows: { nodes, pageInfo: { endCursor: String(page + 1), hasNextPage: page + 1 < pages } } };
  };
}

const app = fastify();
let url = '';
beforeAll(async () => {
  const serve = (path: string, ask: Ask) =>
    app.get(path, async (request, reply) =>
      sendWhole(
        { dataset: entities, format: 'csv', from: START, isResumed: false, limit: null, language: null },
        { ask, measures: null, request, reply, onEnd: () => {} },
      ),
    );
  const measured: Measures = {
    ...{ rows: 2, newestAt: null, oldestAt: null, firstDay: null, lastDay: null, columns: new Map(), withoutGeometry: null },
    ...{ measuredAt: '2026-11-24T08:00:00Z', files: new Map([['csv', { bytes: 1, sha256: 'a'.repeat(64) }]] as const) },
  };
  for (const language of [null, 'zh'] as const)
    app.get(`/measured/${language ?? 'plain'}`, async (request, reply) =>
      sendWhole(
        { dataset: entities, format: 'csv', from: START, isResumed: false, limit: null, language },
        { ask: register(1), measures: measured, request, reply, onEnd: () => {} },
      ),
    );
  serve('/whole', register(200));
  serve('/broken', register(200, 100));
  serve('/down', register(200, 0));
  url = await app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => app.close());

test('a file arrives whole, packed or not', async () => {
  for (const encoding of ['identity', 'gzip', 'br']) {
    const answer = await fetch(`${url}/whole`, { headers: { 'accept-encoding': encoding } });
    expect(answer.headers.get('content-encoding')).toBe(encoding === 'identity' ? null : encoding);
    expect((await answer.text()).trim().split('\r\n')).toHaveLength(401);
  }
});

test('a file in Chinese words has an ETag of its own, and is not sent again to who has it', async () => {
  const tagOf = async (language: string) => (await fetch(`${url}/measured/${language}`)).headers.get('etag') ?? '';
  const [plain, chinese] = [await tagOf('plain'), await tagOf('zh')];
  expect(plain).toBe(`W/"${'a'.repeat(32)}"`);
  expect(chinese).toMatch(/^W\/"[0-9a-f]{32}"$/);
  expect(chinese).not.toBe(plain);
  const again = async (etag: string) => (await fetch(`${url}/measured/zh`, { headers: { 'if-none-match': etag } })).status;
  expect([await again(chinese), await again(plain)]).toEqual([304, 200]);
});

test('files over one connection leave nothing behind on it', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const warnings: Error[] = [];
  const note = (warning: Error) => void warnings.push(warning);
  process.on('warning', note);
  const sockets = new Set<unknown>();
  for (let files = 0; files < 12; files += 1) {
    await new Promise<void>((resolve, reject) => {
      get(`${url}/whole`, { agent }, (answer) => {
        sockets.add(answer.socket);
        answer.resume().once('end', resolve).once('error', reject);
      }).once('error', reject);
    });
  }
  agent.destroy();
  process.off('warning', note);
  expect(sockets.size).toBe(1);
  expect(warnings).toEqual([]);
});

test('a file that a library leaves in the middle breaks off: no client takes it for the whole', async () => {
  for (const encoding of ['identity', 'gzip', 'br']) {
    await expect(fetch(`${url}/broken`, { headers: { 'accept-encoding': encoding } }).then((answer) => answer.text())).rejects.toThrow();
  }
  expect((await fetch(`${url}/down`)).status).toBe(500);
});

test('reading on from any row gives the rest, none missing and none twice', async () => {
  const all: unknown[] = [];
  const places: string[] = [];
  for await (const page of readPages(entities.slices(false), register(3), START)) {
    for (const [index, row] of page.rows.entries()) {
      all.push(row['uscc']);
      const place = placeAfter(page, index + 1);
      places.push(place ? printPlace(place) : '');
    }
  }
  expect(all).toHaveLength(6);
  for (const [index, text] of places.entries()) {
    const from = readPlace(text);
    const rest: unknown[] = [];
    if (from)
      for await (const page of readPages(entities.slices(false), register(3), from)) rest.push(...page.rows.map((row) => row['uscc']));
    expect(rest).toEqual(all.slice(index + 1));
  }
  for (const nonsense of ['', 'x', printPlace({ ...START, skip: -1 })]) expect(readPlace(nonsense)).toBeNull();
});

test('a plain list is read in parts, each after the key of the last row, so that no answer holds all villages', async () => {
  const villages = Array.from({ length: 2_500 }, (_, n) => ({ code: String(n).padStart(12, '0') }));
  const asked: unknown[] = [];
  const ask: Ask = async (query, { after }) => {
    if (!query.includes('level: 5')) return { rows: [] };
    asked.push(after);
    return { rows: villages.filter(({ code }) => after === null || code > String(after)).slice(0, 1_000) };
  };
  const read: unknown[] = [];
  for await (const page of readPages(divisions.slices(false), ask, START)) read.push(...page.rows);
  expect(read).toEqual(villages);
  expect(asked).toEqual([null, '000000000999', '000000001999']);
});

test('cells that a spreadsheet would run are text, numbers stay numbers, and quotes are doubled', () => {
  const writer = writerOf(entities, 'csv', true);
  const line = (name: string) => String(writer.rows([{ uscc: 'U', name, registeredCapital: { amount: -5, currency: 'CNY' } }], true));
  for (const start of ['=', '+', '-', '@', '\t', '\r']) expect(line(`${start}1`)).toMatch(/^U,"?'/);
  expect(line('甲"乙,丙')).toContain('U,"甲""乙,丙",');
  expect(line('甲')).toContain(',-5,CNY,');
  expect(line('甲').endsWith('\r\n')).toBe(true);
});

test('files are of what their owner hands out as files: by page, by level, by category', () => {
  expect(open.flatMap(({ resource, dataset }) => (dataset ? [resource.typeName] : []))).toEqual([
    'LegalEntity',
    'AdministrativeDivision',
    'Poi',
    'LicenseType',
    'PermitDecision',
    'Penalty',
    'DishonestRecord',
  ]);
  expect(open.filter(({ resource, dataset }) => resource.shareModes.includes('FILE_DOWNLOAD') !== (dataset !== null))).toEqual([]);
  expect(divisions.slices(false).map(({ query }) => query.slice(0, 74))).toEqual(
    [1, 2, 3, 4, 5].map((level) => `query ($after: ID) { rows: divisions(level: ${level}, first: 1000, after: $after)`),
  );
  expect(divisions.slices(false)[0]?.query).not.toContain('boundary');
  expect(divisions.slices(true)[0]?.query).toContain('boundary');
  expect(datasetOf('Poi').slices(false)).toHaveLength(5);
});

test('a place on the map is its boundary, or its seat where none is known', () => {
  const seat = { type: 'Point', coordinates: [103.8, 36] };
  const boundary = { type: 'MultiPolygon', coordinates: [] };
  const writer = writerOf(divisions, 'geojson', false);
  const rows = [
    { code: '620100', seat, boundary },
    { code: '620102001', seat, boundary: null },
  ];
  const { features } = JSON.parse(`${writer.head()}${writer.rows(rows, true)}${writer.foot()}`);
  expect(features.map((feature: { geometry: unknown }) => feature.geometry)).toEqual([boundary, seat]);
});

const firm = {
  uscc: '91350100M000100Y43',
  name: '=1+1 <康兴茂> & "副食"\u0007',
  kind: 'PUBLIC_INSTITUTION',
  registeredCapital: { amount: 12.345678, currency: 'CNY' },
  division: { code: '620102' },
};

test('in Chinese a table has Chinese headings, each once, and the word of a code beside it', () => {
  const writer = writerOf(entities, 'csv', false, 'zh');
  const headings = String(writer.head()).replace('\uFEFF', '').trim().split(',');
  expect(new Set(headings).size).toBe(headings.length);
  expect(headings.filter((heading) => !/\p{Script=Han}/u.test(heading))).toEqual([]);
  // A heading that needs the name of a field to be told from another has no words of its own in the schema.
  const inFiles = open.flatMap(({ dataset }) => dataset?.columns.map(({ titleZh }) => titleZh) ?? []);
  expect(inFiles.filter((heading) => /[A-Za-z]/.test(heading))).toEqual([]);
  const kind = headings.indexOf('主体类型');
  expect(headings[kind + 1]).toBe('主体类型（代码）');
  const cells = String(writer.rows([{ ...firm, name: '甲' }], true)).split(',');
  expect(cells.slice(kind, kind + 2)).toEqual(['事业单位', 'PUBLIC_INSTITUTION']);
  expect(cells[headings.indexOf('统一社会信用代码')]).toBe('91350100M000100Y43');
});

test('a workbook holds what the CSV holds, as text and numbers that nothing runs, and the same rows are the same file', async () => {
  const written = () => {
    const writer = writerOf(entities, 'xlsx', false);
    return Buffer.concat(
      [writer.head(), writer.rows([firm], true), writer.rows([firm, firm], false), writer.foot()].map((part) => Buffer.from(part)),
    );
  };
  expect(written().equals(written())).toBe(true);
  const [sheet] = await readWorkbook(written());
  const [headings = [], ...rows] = sheet?.data ?? [];
  expect(sheet?.sheet).toBe('法人单位基础信息');
  expect(headings.join()).toBe(entities.columns.map(({ name }) => name).join());
  expect(rows).toHaveLength(3);
  const cell = (name: string) => rows[2]?.[headings.indexOf(name)];
  expect([cell('uscc'), cell('name'), cell('registeredCapital.amount'), cell('state')]).toEqual([
    '91350100M000100Y43',
    '=1+1 <康兴茂> & "副食"',
    12.345678,
    null,
  ]);
});

test('a file is called by what it is, in Chinese where the client can', async () => {
  const { headers, body } = await fetch(`${url}/whole`);
  await body?.cancel();
  expect(headers.get('content-disposition')).toBe(
    `attachment; filename="legal-entity-102001~1.csv"; filename*=UTF-8''${encodeURIComponent('法人单位基础信息-102001~1.csv')}`,
  );
});

test('the dictionary lists the values of a code with their words, and they are those of the files', () => {
  const resource = open.find(({ resource: { code } }) => code === '102001/1');
  if (!resource) throw new Error('Firms are open.');
  const schema = buildSchema(publicSdl, { noLocation: true });
  const fieldAt = (coordinate: string) => {
    const [type = '', field = ''] = coordinate.split('.');
    const found = schema.getType(type);
    return isObjectType(found) ? found.getFields()[field] : undefined;
  };
  const kind = dictionaryOf(resource, fieldAt).items.find(({ field }) => field === 'LegalEntity.kind');
  expect(kind?.values).toContainEqual({ value: 'PUBLIC_INSTITUTION', zh: '事业单位', en: 'public institution' });
  expect(kind?.length).toBe('INDIVIDUAL_BUSINESS'.length);
  expect(dictionaryCsv(dictionaryOf(resource, fieldAt))).toContain('PUBLIC_INSTITUTION=事业单位 public institution');
});

test('the dictionary has an entry for each column of a table, in its order and under its headings', () => {
  for (const resource of open) {
    const { dataset } = resource;
    if (!dataset) continue;
    const { columns } = dictionaryOf(resource, () => undefined);
    const headings = (language: 'zh' | null) =>
      String(writerOf(dataset, 'csv', false, language).head())
        .replace('\uFEFF', '')
        .trim()
        .split(',');
    const inTables = columns.filter(({ formats }) => formats.includes('csv'));
    expect(inTables.map(({ column }) => column)).toEqual(headings(null));
    // Beside the code of a word stands the word.
    expect(inTables.flatMap(({ wordHeadingZh, headingZh }) => (wordHeadingZh ? [wordHeadingZh, headingZh] : [headingZh]))).toEqual(
      headings('zh'),
    );
  }
});

test('what a column holds is told as it is written, with the words of a code table, and which rows alone have it', () => {
  const columnOf = (code: string, column: string) => {
    const resource = open.find((each) => each.resource.code === code);
    return resource && dictionaryOf(resource, () => undefined).columns.find((each) => each.column === column);
  };
  expect(columnOf('104002/1', 'categories')).toMatchObject({
    ...{ headingZh: '处罚类别（代码）', type: 'code', isList: true, length: 2 },
    ...{ openRowsZh: '相对人为法人且在公示期内' },
    values: expect.arrayContaining([{ value: '02', zh: '罚款', en: 'fine' }]),
  });
  expect(columnOf('104002/1', 'subject.uscc')).toMatchObject({ headingZh: '行政相对人代码', type: 'text' });
  expect(columnOf('104002/1', 'fine')).toMatchObject({ type: 'decimal', typeZh: '小数' });
  // Its item is of the type of a date: the reason beside the date is a text all the same.
  expect(columnOf('102001/1', 'endReason')).toMatchObject({ type: 'text', length: null });
  // What is called a code holds codes, and its words are not.
  expect(columnOf('102001/1', 'industry')).toMatchObject({ wordHeadingZh: '行业', headingZh: '行业代码', type: 'text' });
  expect(columnOf('102001/1', 'tax.creditGrade')).toMatchObject({ openRowsZh: '纳税信用A级', length: 1 });
});
