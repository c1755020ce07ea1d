import type { AccessSet } from '@longyuan/access/access-set.ts';
import type { ToldKeys } from '@longyuan/access/decide.ts';
import { expect, test } from 'vitest';
import { askInProcess } from '../../test/ask-in-process.ts';
import { slowOracle } from '../../test/slow-oracle.ts';
import { holds } from '../serve/rows/row-rule.ts';
import { makeGeospatialLoaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';
import type { AddressRow, OwnershipRow, UnitRow } from './store/rows.ts';

const id = (at: number) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
const [FU, CUI, HOME, SHOP, FLAT] = [id(1), id(2), id(11), id(12), id(21)];
const addresses: readonly AddressRow[] = [
  { id: HOME, code: '1', fullText: '张掖街281号', division: '620102001001' },
  { id: SHOP, code: '2', fullText: '东岗西路12号', division: '620102001001' },
];
const units: readonly UnitRow[] = [{ id: FLAT, no: '620102010001GB00000F00010014', address: HOME, division: '620102001001' }];
const ownerships: readonly OwnershipRow[] = [FU, CUI].map((person, ordinal) => ({
  ...{ unitId: FLAT, ordinal, share: '共同共有', certificateNo: `N${ordinal}`, person, entity: null },
}));
const store = {
  addresses: async (by: 'id' | 'code', keys: readonly string[], { rows }: { rows: Parameters<typeof holds>[0] }) =>
    addresses.filter((row) => keys.includes(row[by]) && holds(rows, row)),
  units: async (by: 'id' | 'no', keys: readonly string[], { rows }: { rows: Parameters<typeof holds>[0] }) =>
    units.filter((row) => keys.includes(row[by]) && holds(rows, row)),
  ownerships: async (by: 'unitId' | 'person', keys: readonly string[]) => ownerships.filter((row) => keys.includes(row[by] ?? '')),
};
// What these stories ask of it; a question that is none of theirs fails them.
const ask = askInProcess({ name: 'geospatial', resolvers, store: store as never, makeLoaders: makeGeospatialLoaders });
const oracle = slowOracle('geospatial');
const told = (keys: Readonly<Record<string, readonly string[]>>): ToldKeys => ({ of: (type) => keys[type] ?? [] });
const citizen = (person: string, own?: ToldKeys): AccessSet =>
  oracle.accessFor({ caller: { kind: 'citizen', sub: 's', person }, ...(own && { told: own }) });
const OWN = told({ StandardAddress: [HOME], RealEstateUnit: [FLAT] });

const ENTITIES = `query($of: [_Any!]!) { _entities(representations: $of) {
  ... on StandardAddress { fullText } ... on Person { realEstate { no owners { certificateNo person { __typename } } } } } }`;
const addressesOf = (...ids: string[]) => ({ of: ids.map((each) => ({ __typename: 'StandardAddress', id: each })) });

const notYours = (at: number) =>
  expect.objectContaining({
    path: ['_entities', at, 'fullText'],
    extensions: expect.objectContaining({ code: 'ITEM_NOT_SHARED', item: 'StandardAddress.fullText' }),
  });

test('of two addresses a citizen is shown the one that was told to be theirs', async () => {
  const { answer } = await ask(ENTITIES, addressesOf(HOME, SHOP), citizen(FU, OWN));
  expect(answer).toEqual({ data: { _entities: [{ fullText: '张掖街281号' }, null] }, errors: [notYours(1)] });
});

test('where nothing was told nothing is read, whosever it is', async () => {
  for (const access of [citizen(FU), citizen(FU, told({})), citizen(FU, told({ RealEstateUnit: [HOME], StandardAddress: ['HOME'] }))]) {
    const { answer, questions } = await ask(ENTITIES, addressesOf(HOME, SHOP), access);
    expect(answer).toEqual({ data: { _entities: [null, null] }, errors: [notYours(0)] });
    expect(questions).toEqual([]);
  }
});

test('an owner is shown the property with their own certificate alone', async () => {
  const { answer } = await ask(ENTITIES, { of: [{ __typename: 'Person', id: FU }] }, citizen(FU, OWN));
  expect(answer.data).toEqual({
    _entities: [{ realEstate: [{ no: units[0]?.no, owners: [{ certificateNo: 'N0', person: { __typename: 'Person' } }] }] }],
  });
});

test('from the other owner no way leads to it, and nothing is read', async () => {
  const { answer, questions } = await ask(ENTITIES, { of: [{ __typename: 'Person', id: CUI }] }, citizen(FU, OWN));
  expect(answer).toMatchObject({
    data: { _entities: [{ realEstate: null }] },
    errors: [{ path: ['_entities', 0, 'realEstate'], extensions: { code: 'ITEM_NOT_SHARED', item: 'Person.realEstate' } }],
  });
  expect(questions).toEqual([]);
});

test('what cannot be told now is refused as such, and callers who see the same for another reason do not share that', () => {
  const untold = citizen(FU, { of: () => null });
  const decided = untold.ofField('StandardAddress', 'fullText');
  expect(decided).toMatchObject({ visible: { rows: 'NONE' }, refusal: { code: 'LIBRARY_UNAVAILABLE', missing: 'OWN_ROWS' } });
  expect(untold.fingerprint).not.toBe(citizen(FU, OWN).fingerprint);
  expect(citizen(CUI, told({})).fingerprint).toBe(citizen(FU, OWN).fingerprint);
});
