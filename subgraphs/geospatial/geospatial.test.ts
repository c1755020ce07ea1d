import { encodeCursor } from '@longyuan/schema/src/paging/cursor.ts';
import { expect, test } from 'vitest';
import { askInProcess } from '../../test/ask-in-process.ts';
import { everyRow } from '../serve/rows/asked-rows.ts';
import { keepGazetteer } from './keep-gazetteer.ts';
import { makeGeospatialLoaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';
import { linkPaths } from './store/link-paths.ts';
import type { AddressRow, DivisionRow, EncumbranceRow, OwnershipRow, UnitRow } from './store/rows.ts';
import type { GeospatialStore } from './store.ts';

const division = (code: string, name: string, level: number, parent: string | null) => ({ code, name, level, parent, replacedBy: [] });
const divisions = [
  division('620000', '甘肃省', 1, null),
  division('620100', '兰州市', 2, '620000'),
  division('620102', '城关区', 3, '620100'),
  division('620103', '七里河区', 3, '620100'),
  division('620102001', '酒泉路街道', 4, '620102'),
  division('620102001001', '畅家巷社区居委会', 5, '620102001'),
];
const withPaths = linkPaths(divisions);

const [HOUSE, FLAT] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
const address = (id: string, number: string): AddressRow => ({
  id,
  code: `6201020010011${id.slice(-1).charCodeAt(0)}`,
  fullText: `甘肃省兰州市城关区酒泉路街道畅家巷社区人民路${number}`,
  division: '620102001001',
  street: '人民路',
  number,
  building: null,
  room: null,
});
const addresses = [address(HOUSE, '12号'), address(FLAT, '208号')];

const [WANG, ZHAO, NOBODY] = [
  '00000000-0000-4000-8000-000000000001',
  '00000000-0000-4000-8000-000000000002',
  '00000000-0000-4000-8000-000000000003',
];
const [U1, U2] = ['00000000-0000-4000-8000-0000000000a1', '00000000-0000-4000-8000-0000000000a2'];
const units: readonly UnitRow[] = [
  { id: U1, no: '620102001001GB00001F00010001', address: HOUSE, use: '住宅' },
  { id: U2, no: '620102001001GB00001F00010002', address: FLAT, use: '办公' },
];
const ownerships: readonly OwnershipRow[] = [
  { unitId: U1, ordinal: 1, share: '共同共有', person: WANG, entity: null },
  { unitId: U1, ordinal: 2, share: '共同共有', person: ZHAO, entity: null },
  { unitId: U2, ordinal: 1, share: '50%', person: WANG, entity: null },
  { unitId: U2, ordinal: 2, share: '50%', person: null, entity: '91620102MA74000001' },
];
const encumbrances: readonly EncumbranceRow[] = [
  { unitId: U1, ordinal: 1, kind: 'MORTGAGE', since: new Date('2020-05-01'), by: '甘肃银行' },
];

/** What the store of PostgreSQL answers, from arrays. */
const store: GeospatialStore = {
  divisions: async (asked, { columns }, part) => {
    const rows: readonly DivisionRow[] = columns.includes('path') ? withPaths : divisions;
    if (asked.kind === 'codes') return rows.filter(({ code }) => asked.codes.includes(code));
    if (asked.kind === 'children') return rows.filter(({ parent }) => asked.parents.includes(parent ?? ''));
    const below = rows.filter(({ parent, code }) => parent === '620000' && code > (part?.after ?? ''));
    return below.slice(0, part?.limit ?? below.length);
  },
  boundaries: async (codes, toleranceDegrees) =>
    codes
      .filter((code) => code.length === 6)
      .map((code) => ({ code, boundary: { type: 'MultiPolygon', coordinates: [toleranceDegrees] } })),
  divisionNames: async () => divisions,
  unitsOwnedBy: async (person) =>
    units.flatMap(({ id, address = '' }) =>
      ownerships.some((each) => each.unitId === id && each.person === person) ? [{ id, address }] : [],
    ),
  addresses: async (by, keys) => addresses.filter((row) => keys.includes(row[by])),
  findAddresses: async () => addresses,
  pois: async () => [],
  countPois: async () => 0,
  units: async (by, keys) => units.filter((row) => keys.includes(row[by])),
  ownerships: async (by, keys) => ownerships.filter((row) => keys.includes(row[by] ?? '')),
  encumbrances: async (unitIds) => encumbrances.filter(({ unitId }) => unitIds.includes(unitId)),
  close: async () => undefined,
};
const ask = askInProcess({ name: 'geospatial', resolvers, store: keepGazetteer(store), makeLoaders: makeGeospatialLoaders });
const named = (questions: readonly { name: string }[]) => questions.map(({ name }) => name);

test('fifty addresses with the paths of their divisions are one question for each table', async () => {
  const of = Array.from({ length: 50 }, (_, at) => ({ __typename: 'StandardAddress', id: at % 2 ? HOUSE : FLAT }));
  const { answer, questions } = await ask(
    'query ($of: [_Any!]!) { _entities(representations: $of) { ... on StandardAddress { number division { name path { name } parent { name } } } } }',
    { of },
  );
  expect(answer.data?.['_entities']).toHaveLength(50);
  expect(answer.data).toMatchObject({
    _entities: expect.arrayContaining([
      {
        number: '12号',
        division: {
          name: '畅家巷社区居委会',
          path: ['甘肃省', '兰州市', '城关区', '酒泉路街道', '畅家巷社区居委会'].map((name) => ({ name })),
          parent: { name: '酒泉路街道' },
        },
      },
    ]),
  });
  expect(questions.map(({ name, asked }) => [name, asked.at(-1)])).toEqual([
    ['addresses', everyRow(['division', 'number'])],
    ['divisions', everyRow(['name', 'parent', 'path'])],
  ]);
});

test('a division that is asked for no more than its code is not read', async () => {
  const { answer, questions } = await ask(
    'query { address(code: "6201020010011000000000097") { code } realEstateUnit(no: "620102001001GB00001F00010001") { no address { id } } }',
  );
  expect(answer.data?.['realEstateUnit']).toMatchObject({ address: { id: HOUSE } });
  expect(named(questions)).toEqual(['addresses', 'units']);
});

test('a county written with twelve digits is the county, wherever a division is asked for', async () => {
  const { answer } = await ask(`{
    division(code: "620102000000") { code name }
    town: division(code: "620102001000") { name }
    divisions(parent: "620102000000") { code }
  }`);
  expect(answer.data).toMatchObject({
    division: { code: '620102', name: '城关区' },
    town: { name: '酒泉路街道' },
    divisions: [{ code: '620102001' }],
  });
});

test('a long list of divisions is read in parts, each after the last code of the one before', async () => {
  const { answer } = await ask('{ one: divisions(first: 1) { code } two: divisions(first: 5, after: "620100") { code } }');
  expect(answer).toEqual({ data: { one: [{ code: '620100' }], two: [] } });
});

test('children come for many divisions at once, and boundaries for each tolerance', async () => {
  const { answer, questions } = await ask(
    '{ divisions(parent: "620100") { code children { code } fine: boundary(tolerance: 0) coarse: boundary(tolerance: 0.1) } }',
  );
  expect(answer.data?.['divisions']).toMatchObject([
    { code: '620102', children: [{ code: '620102001' }], fine: { coordinates: [0] }, coarse: { coordinates: [0.1] } },
    { code: '620103', children: [] },
  ]);
  expect(named(questions)).toEqual(['divisions', 'divisions', 'boundaries', 'boundaries']);
});

test('an unknown division is told from one with nothing below it', async () => {
  const unknown = await ask('{ divisions(parent: "629999") { code } pois(category: PARK, within: "629999") { nodes { code } } }');
  expect(unknown.answer.errors?.map(({ message }) => message)).toEqual([
    'Query.divisions(parent:) must be the code of a division that exists',
    'Query.pois(within:) must be the code of a division that exists',
  ]);
  const village = await ask(
    '{ divisions(parent: "620102001001") { code } pois(category: PARK, within: "620102") { total nodes { code } } }',
  );
  expect(village.answer).toEqual({ data: { divisions: [], pois: { total: 0, nodes: [] } } });
});

test('what people own is two questions, with owners and encumbrances one each', async () => {
  const { answer, questions } = await ask(
    `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Person { realEstate {
      no address { number } owners { share person { id } entity { uscc } } encumbrances { kind since by } } } } }`,
    { of: [WANG, ZHAO, NOBODY].map((id) => ({ __typename: 'Person', id })) },
  );
  expect(answer.data?.['_entities']).toMatchObject([
    {
      realEstate: [
        {
          address: { number: '12号' },
          owners: [{ person: { id: WANG } }, { person: { id: ZHAO } }],
          encumbrances: [{ kind: 'MORTGAGE', since: '2020-05-01' }],
        },
        {
          address: { number: '208号' },
          owners: [{ person: { id: WANG } }, { share: '50%', person: null, entity: { uscc: '91620102MA74000001' } }],
          encumbrances: [],
        },
      ],
    },
    { realEstate: [{ no: '620102001001GB00001F00010001' }] },
    { realEstate: [] },
  ]);
  expect(named(questions)).toEqual(['ownerships', 'units', 'addresses', 'ownerships', 'encumbrances']);
});

test('the names of divisions are read once for many texts, and again after an hour', async () => {
  let [now, read] = [0, 0];
  const divisionNames = async () => {
    read++;
    return divisions;
  };
  const counting = { ...store, divisionNames };
  const kept = keepGazetteer(counting, () => now);
  await Promise.all([kept.gazetteer(), kept.gazetteer()]);
  expect(read).toBe(1);
  now += 60 * 60 * 1000;
  await kept.gazetteer();
  expect(read).toBe(2);
});

test('a text is matched with the best address first, and nothing is looked for in hopeless text', async () => {
  const found = await ask('{ matchAddress(text: "兰州市城关区畅家巷社区人民路208号", first: 1) { score address { number } } }');
  expect(found.answer.data?.['matchAddress']).toEqual([{ score: expect.closeTo(0.92, 1), address: { number: '208号' } }]);
  expect(named(found.questions)).toEqual(['gazetteer', 'findAddresses']);
  const hopeless = await ask('{ matchAddress(text: "hello world") { score } }');
  expect(hopeless.answer.data?.['matchAddress']).toEqual([]);
  expect(named(hopeless.questions)).toEqual(['gazetteer']);
});

test('a radius needs the point it is measured from, and a cursor the order it was given in', async () => {
  const { answer } = await ask('{ pois(category: PARK, radius: 100) { total } }');
  expect(answer.errors?.map(({ message }) => message)).toEqual(['Query.pois(radius:) needs near, the point it is measured from']);
  const walk = 'query ($after: String, $near: PointInput) { pois(category: PARK, after: $after, near: $near) { total } }';
  const [here, there] = [
    { lon: 104, lat: 36 },
    { lon: 104.5, lat: 36 },
  ];
  const byCode = { field: 'Query.pois', order: 'code' };
  const fromHere = { field: 'Query.pois', order: 'from 104 36' };
  for (const [after, near, taken] of [
    [encodeCursor(byCode, ['620102P1']), null, true],
    [encodeCursor(fromHere, [12, '620102P1']), here, true],
    [encodeCursor(fromHere, [12, '620102P1']), there, false],
    [encodeCursor(byCode, ['620102P1']), here, false],
    [encodeCursor(fromHere, [12, '620102P1']), null, false],
    [encodeCursor({ field: 'Query.searchLegalEntities' }, ['91620102MA74000001']), null, false],
    ['WyJ4Il0', null, false],
  ] as const) {
    const refused = { code: 'BAD_USER_INPUT', argument: 'Query.pois(after:)' };
    const { errors } = (await ask(walk, { after, near })).answer;
    expect(errors?.map(({ extensions }) => extensions)).toEqual(taken ? undefined : [refused]);
  }
});
