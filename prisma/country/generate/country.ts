import { type Boundary, type Division, type Position, type Reference, readReference } from '../../reference/read-reference.ts';
import { cumulate, placeIn, type Random, scramble } from './random.ts';

/** A village or an urban community, with everything above it, where blocks of people live. */
export type Place = Readonly<{
  code: string;
  /** 畅家巷社区, 沙河村: the name without 居委会 and 村委会. */
  name: string;
  isUrban: boolean;
  town: Division;
  county: Division;
  prefecture: Division;
  /** 城关区, 东乡县: as people say it. */
  countyShort: string;
  /** 兰州, 临夏州. */
  prefectureShort: string;
  centre: Position;
  boundary: Boundary;
}>;

export type Country = Readonly<{
  reference: Reference;
  places: readonly Place[];
  /** The place of a block: the first blocks already cover the province in the proportions of the census. */
  placeOf(block: number): Place;
  /** Any place, by chance, as likely as people live there. */
  anyPlace(random: Random): Place;
}>;

/** An urban community holds about as many people as this many villages: half of the province lives in its 1,400 communities. */
const VILLAGES_PER_COMMUNITY = 12;
/** Steps of the golden ratio fill the unit interval evenly, however many are taken. */
const GOLDEN_STEP = 0.618_033_988_749_894_9;
/** Where block 0 lands: in 城关区 of Lanzhou. */
const FIRST_STEP = 0.021;

let opened: Country | undefined;

/** The real divisions as places for blocks; read once, on first use. */
export function openCountry(): Country {
  opened ??= makeCountry(readReference());
  return opened;
}

function makeCountry(reference: Reference): Country {
  const byCode = new Map(reference.divisions.map((division) => [division.code, division]));
  const places = reference.divisions.filter((division) => division.level === 5).flatMap((village) => readPlace(village, byCode, reference));
  places.sort((one, other) => (one.code < other.code ? -1 : 1));
  const cumulative = cumulate(weightsOf(places, reference));
  const total = cumulative.at(-1) ?? 0;
  const placeAt = (mark: number): Place => {
    const place = places[placeIn(cumulative, mark * total)];
    if (place === undefined) throw new RangeError('The reference data holds no villages');
    return place;
  };
  return {
    reference,
    places,
    placeOf: (block) => placeAt((FIRST_STEP + block * GOLDEN_STEP) % 1),
    anyPlace: (random) => placeAt(random.unit()),
  };
}

/** None for the villages of a development zone without a seat and a boundary of its own. */
function readPlace(village: Division, byCode: ReadonlyMap<string, Division>, reference: Reference): Place[] {
  const town = byCode.get(village.parent ?? '');
  const county = byCode.get(town?.parent ?? '');
  const prefecture = byCode.get(county?.parent ?? '');
  const seat = reference.seats.get(county?.code ?? '');
  const boundary = reference.boundaries.get(county?.code ?? '');
  if (!town || !county || !prefecture || !seat || !boundary) return [];
  const isUrban = /居|社区|街道/.test(village.name);
  return [
    {
      code: village.code,
      name: shortenVillage(village.name),
      isUrban,
      town,
      county,
      prefecture,
      countyShort: shortenCounty(county.name),
      prefectureShort: prefecture.name.replace(/(市|(回族|藏族)自治州)$/, (end) => (end === '市' ? '' : '州')),
      centre: scatter([seat.lon, seat.lat], boundary, isUrban ? 0.03 : 0.18, Number(village.code.slice(-9))),
      boundary,
    },
  ];
}

/** A point up to `reach` degrees from `centre` and inside `boundary`; the same number gives the same point. */
export function scatter(centre: Position, boundary: Boundary, reach: number, number: number): Position {
  const east = scramble(number) / 0x8000_0000 - 1;
  const north = scramble(number ^ 0x5bd1e995) / 0x8000_0000 - 1;
  for (let share = 1; share > 0.001; share /= 2) {
    const point = [round(centre[0] + east * reach * share), round(centre[1] + north * reach * 0.8 * share)] as const;
    if (isInside(point, boundary)) return point;
  }
  return centre;
}

function isInside([lon, lat]: Position, { polygons }: Boundary): boolean {
  let isIn = false;
  for (const rings of polygons) {
    for (const ring of rings) {
      let [lon2, lat2] = ring.at(-1) ?? [0, 0];
      for (const [lon1, lat1] of ring) {
        if (lat1 > lat !== lat2 > lat && lon < ((lon2 - lon1) * (lat - lat1)) / (lat2 - lat1) + lon1) isIn = !isIn;
        lon2 = lon1;
        lat2 = lat1;
      }
    }
  }
  return isIn;
}

/** Six decimals: some ten centimetres. */
function round(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}

function weightsOf(places: readonly Place[], { residents }: Reference): number[] {
  const own = (place: Place): number => (place.isUrban ? VILLAGES_PER_COMMUNITY : 1);
  const sums = new Map<string, number>();
  for (const place of places) sums.set(place.prefecture.code, (sums.get(place.prefecture.code) ?? 0) + own(place));
  return places.map((place) => ((residents[place.prefecture.code] ?? 0) * own(place)) / (sums.get(place.prefecture.code) ?? 1));
}

function shortenVillage(name: string): string {
  return name
    .replace(/社区(居民委员会|居委会)$/, '社区')
    .replace(/(村民委员会|村委会)$/, '村')
    .replace(/(居民委员会|居委会)$/, '社区')
    .replace(/村村$/, '村');
}

function shortenCounty(name: string): string {
  const special = name.match(/^(张家川|天祝|肃南|肃北|阿克塞|东乡|积石山)/);
  return special ? `${special[0]}县` : name;
}
