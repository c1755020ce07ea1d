import type { Position } from '../../reference/read-reference.ts';
import { type Country, type Place, scatter } from './country.ts';
import { padded } from './numbers.ts';
import { scramble } from './random.ts';

export type Poi = Readonly<{
  /** 14 digits: the division's, filled up to nine, and five of its own. */
  code: string;
  name: string;
  category: 'SERVICE_HALL' | 'SCHOOL' | 'HOSPITAL' | 'POLICE_STATION' | 'PARK';
  division: string;
  addressText: string;
  location: Position;
  phone: string;
}>;

type Kind = readonly [category: Poi['category'], name: string];
const ofCounty: readonly Kind[] = [
  ['SERVICE_HALL', '政务服务中心'],
  ['HOSPITAL', '人民医院'],
  ['HOSPITAL', '中医医院'],
  ['HOSPITAL', '妇幼保健院'],
  ['SCHOOL', '第一中学'],
  ['SCHOOL', '第二中学'],
  ['SCHOOL', '实验小学'],
  ['POLICE_STATION', '公安局户政大厅'],
  ['PARK', '人民公园'],
  ['PARK', '文化广场'],
];
const ofStreet: readonly Kind[] = [
  ['SERVICE_HALL', '便民服务中心'],
  ['HOSPITAL', '社区卫生服务中心'],
  ['SCHOOL', '小学'],
  ['POLICE_STATION', '派出所'],
  ['PARK', '文化广场'],
];
const ofTown: readonly Kind[] = [
  ['SERVICE_HALL', '便民服务中心'],
  ['HOSPITAL', '中心卫生院'],
  ['SCHOOL', '初级中学'],
  ['SCHOOL', '中心小学'],
  ['POLICE_STATION', '派出所'],
];

/** The points of interest of every county and town: names as such places bear them, positions near their villages but made up. */
export function makePois(country: Country): Poi[] {
  const firstOf = new Map<string, Place>();
  for (const place of country.places) {
    for (const code of [place.county.code, place.town.code]) {
      const known = firstOf.get(code);
      if (!known || (!known.isUrban && place.isUrban)) firstOf.set(code, place);
    }
  }
  return [...firstOf].sort(([one], [other]) => (one < other ? -1 : 1)).flatMap(([code, place]) => poisOf(code, place));
}

function poisOf(division: string, place: Place): Poi[] {
  const isCounty = division.length === 6;
  const townName = place.town.name.replace(/(街道办事处|街道|镇|乡)$/, '');
  const kinds = isCounty ? ofCounty : place.town.name.endsWith('街道') ? ofStreet : ofTown;
  const where = isCounty ? '' : place.town.name;
  return kinds.map(([category, name], nth) => {
    const code = division.padEnd(9, '0') + padded(nth + 1, 5);
    const number = scramble(Number(code.slice(2)) % 0x7fff_ffff);
    const ownName = isCounty
      ? place.countyShort + name
      : `${place.countyShort}${/小学|中学/.test(name) ? townName : place.town.name}${name}`;
    return {
      code,
      name: ownName,
      category,
      division,
      addressText: `甘肃省${place.prefecture.name}${place.county.name}${where}${place.name}${1 + (number % 300)}号`,
      location: scatter(place.centre, place.boundary, 0.01, number),
      // As people's phones: 109 is nobody's.
      phone: `109${padded(number % 100_000_000, 8)}`,
    };
  });
}
