import type { Address } from './addresses.ts';
import type { BlockDraft } from './block-draft.ts';
import { type Day, today, YEAR, yearOf } from './calendar.ts';
import type { Entity } from './entities.ts';
import { padded } from './numbers.ts';
import type { Person } from './people.ts';

export type RealEstateUnit = Readonly<{
  id: string;
  no: string;
  address: Address;
  areaSquareMetres: number;
  use: string;
  registeredOn: Day;
  owners: readonly Readonly<{ person: Person | null; entity: Entity | null; share: string; certificateNo: string }>[];
  encumbrances: readonly Readonly<{ kind: 'MORTGAGE' | 'SEIZURE' | 'OBJECTION'; since: Day; by: string }>[];
}>;

const CERTIFICATE_SLOTS = 256;
const banks = ['兰州银行', '甘肃银行', '甘肃省农村信用社联合社', '中国农业银行甘肃省分行', '中国建设银行甘肃省分行'];

/** Homes that households own, and the premises of some firms. */
export function makeRealEstate(draft: BlockDraft, firms: readonly Entity[]): RealEstateUnit[] {
  const { random, place } = draft;
  const units: RealEstateUnit[] = [];
  for (const household of draft.households) {
    const [head, second] = household.members;
    if (household.kind === 'COLLECTIVE' || head === undefined || !random.chance(place.isUrban ? 0.72 : 0.5)) continue;
    const isShared = second !== undefined && head.marriage?.spouse === second && random.chance(0.6);
    const owners = isShared ? [head, second] : [head];
    addUnit(draft, units, { address: household.address, persons: owners, entity: null, share: isShared ? '共同共有' : '单独所有' });
  }
  for (const firm of firms) {
    const hasPremises = firm.kind === 'ENTERPRISE' && firm.state === 'ACTIVE' && random.chance(0.25);
    if (hasPremises) addUnit(draft, units, { address: firm.address, persons: [], entity: firm, share: '单独所有' });
  }
  return units;
}

type Wanted = Readonly<{ address: Address; persons: readonly Person[]; entity: Entity | null; share: string }>;

function addUnit(draft: BlockDraft, units: RealEstateUnit[], { address, persons, entity, share }: Wanted): void {
  const { random, place, number } = draft;
  const slot = units.length;
  // 宗地代码: county, cadastral area and sub-area, kind of land, parcel; then F and the number of the building.
  const land = place.isUrban ? 'GB' : 'JC';
  const no = `${place.code}${land}${padded(number, 5)}F${padded(10_000 + slot, 8)}`;
  const oldest = Math.max(Math.floor(today - 11 * YEAR), entity?.establishedOn ?? 0);
  const registeredOn = random.between(oldest, today - 10);
  const certificate = (nth: number): string =>
    `甘(${yearOf(registeredOn)})${place.county.name}不动产权第${padded(number * CERTIFICATE_SLOTS + slot * 2 + nth, 7)}号`;
  const holders = entity ? [{ person: null, entity }] : persons.map((person) => ({ person, entity: null }));
  units.push({
    id: draft.opaqueKey('unit', no),
    no,
    address,
    areaSquareMetres: Math.round((place.isUrban ? 55 + random.unit() * 95 : 80 + random.unit() * 160) * 100) / 100,
    use: entity ? random.pick(['商业服务', '办公', '工业']) : place.isUrban ? '城镇住宅' : '农村宅基地',
    registeredOn,
    owners: holders.map((holder, nth) => ({ ...holder, share, certificateNo: certificate(nth) })),
    encumbrances: makeEncumbrances(draft, registeredOn),
  });
}

function makeEncumbrances({ random, place }: BlockDraft, registeredOn: Day): RealEstateUnit['encumbrances'] {
  const encumbrances: RealEstateUnit['encumbrances'][number][] = [];
  const since = (): Day => random.between(registeredOn, today - 5);
  if (random.chance(place.isUrban ? 0.2 : 0.03)) encumbrances.push({ kind: 'MORTGAGE', since: since(), by: random.pick(banks) });
  if (random.chance(0.006)) encumbrances.push({ kind: 'SEIZURE', since: since(), by: `${place.county.name}人民法院` });
  if (random.chance(0.002)) encumbrances.push({ kind: 'OBJECTION', since: since(), by: '利害关系人' });
  return encumbrances;
}
