import type { Position } from '../../reference/read-reference.ts';
import type { OpaqueKey } from '../../store/opaque-key.ts';
import { type Place, scatter } from './country.ts';
import { padded } from './numbers.ts';
import type { Random } from './random.ts';

/** A door plate, with building and room where there are such. */
export type Address = Readonly<{
  id: string;
  code: string;
  /** Province down to the door plate, without building and room. */
  fullText: string;
  division: string;
  street: string | null;
  number: string;
  building: string | null;
  room: string | null;
  location: Position;
  isActive: boolean;
}>;

/** Most addresses of one block; their numbers are counted over the country in steps of this. */
const ADDRESS_SLOTS = 128;

const streetNames =
  '人民 解放 民主 东大 西关 南环 北环 文化 团结 和平 建设 新华 中山 滨河 胜利 光明 育才 公园 陇海 定西 平凉 天水 庆阳 渭源 金昌 雁滩 白银 武都 静宁 甘南 秦安 皋兰 通渭 永昌 临夏 张掖'.split(
    ' ',
  );

/** Makes the addresses of one block: in a community along two or three streets, in a village by its groups (社). */
export function addressMaker(parts: Readonly<{ random: Random; place: Place; block: number; opaqueKey: OpaqueKey }>): () => Address {
  const { random, place, block, opaqueKey } = parts;
  const above = `甘肃省${place.prefecture.name}${place.county.name}${place.town.name}${place.name}`;
  const streets = place.isUrban ? Array.from({ length: 3 }, () => makeStreet(random)) : [];
  const plates = new Set<string>();
  let made = 0;
  return () => {
    const slot = made++;
    if (slot >= ADDRESS_SLOTS) throw new RangeError(`Block ${block} needs more than ${ADDRESS_SLOTS} addresses`);
    const street = place.isUrban ? random.pick(streets) : null;
    const plate = makePlate(random, street, plates);
    const code = `${place.code}1${padded(block * ADDRESS_SLOTS + slot, 12)}`;
    return {
      id: opaqueKey('address', code),
      code,
      fullText: `${above}${street ?? ''}${plate.number}`,
      division: place.code,
      street,
      ...plate,
      location: scatter(place.centre, place.boundary, place.isUrban ? 0.006 : 0.01, block * ADDRESS_SLOTS + slot),
      isActive: true,
    };
  };
}

function makeStreet(random: Random): string {
  return random.pick(streetNames) + random.pick(['路', '路', '街', '东路', '西路', '巷']);
}

type Plate = Pick<Address, 'number' | 'building' | 'room'>;

/** A plate that no other address of the block has. */
function makePlate(random: Random, street: string | null, plates: Set<string>): Plate {
  for (;;) {
    const plate = street === null ? makeVillagePlate(random) : makeStreetPlate(random);
    const whole = `${street}/${plate.number}/${plate.building}/${plate.room}`;
    if (plates.has(whole)) continue;
    plates.add(whole);
    return plate;
  }
}

function makeVillagePlate(random: Random): Plate {
  return { number: `${random.between(1, 8)}社${random.between(1, 120)}号`, building: null, room: null };
}

function makeStreetPlate(random: Random): Plate {
  const number = `${random.between(1, 460)}号`;
  if (random.chance(0.12)) return { number, building: null, room: null };
  const building = `${random.between(1, 12)}号楼${random.between(1, 4)}单元`;
  return { number, building, room: `${random.between(1, 18)}0${random.between(1, 4)}` };
}
