import type { AddressSearch } from '../store/rows.ts';
import type { DoorPlate } from './read-door-plate.ts';
import type { Reading } from './recognise-divisions.ts';

/** One way to understand the whole text. */
export type Understanding = Readonly<{ reading: Reading; plate: DoorPlate }>;

const MOST_SEARCHES = 8;

/** Few searches that find what the text can mean, the strictest first. None where it says too little: a division alone is no address. */
export function planSearches(understood: readonly Understanding[]): AddressSearch[] {
  const groups = [
    ...Map.groupBy(
      understood,
      ({ reading, plate }) => `${JSON.stringify(plate)}/${reading.level === 5 ? 'village' : reading.division}`,
    ).values(),
  ];
  const searches = [...groups.flatMap(searchExactly), ...groups.flatMap(searchLoosely)];
  return [...new Map(searches.map((search) => [JSON.stringify(search), search])).values()].slice(0, MOST_SEARCHES);
}

type Where = AddressSearch['where'];

function searchExactly(alike: readonly Understanding[]): AddressSearch[] {
  const { plate, where } = describe(alike);
  const { street, room } = plate;
  const numbers = numbersOf(plate);
  if (numbers === null || (street === null && !isSmall(where))) return [];
  const search = { where, street, numbers, rooms: null };
  // One plate can have more rooms than a search may find.
  return room === null ? [search] : [{ ...search, rooms: [room, `${room}室`] }, search];
}

/** Whether a number alone is worth looking for: in villages and in a town. */
function isSmall(where: Where): boolean {
  return where.kind === 'villages' || (where.kind === 'inside' && where.division.length > 6);
}

/** In a known village a street or number that nobody has is a slip; with a street, the number may be. */
function searchLoosely(alike: readonly Understanding[]): AddressSearch[] {
  const { plate, where } = describe(alike);
  const numbers = numbersOf(plate);
  const sameNumber = { where, street: null, numbers, rooms: null };
  const sameStreet = { where, street: plate.street, numbers: null, rooms: null };
  const sameVillage = { where, street: null, numbers: null, rooms: null };
  if (where.kind === 'villages')
    return plate.street === null ? [sameVillage] : numbers ? [sameNumber, sameStreet, sameVillage] : [sameStreet, sameVillage];
  return plate.street !== null && where.kind === 'inside' ? [sameStreet] : [];
}

function describe(alike: readonly Understanding[]): Readonly<{ plate: DoorPlate; where: Where }> {
  // A group has at least one member.
  const [{ plate, reading }] = alike as [Understanding];
  return { plate, where: whereOf(reading, alike) };
}

function whereOf(reading: Reading, alike: readonly Understanding[]): Where {
  if (reading.division === '') return { kind: 'anywhere' };
  if (reading.level < 5) return { kind: 'inside', division: reading.division };
  return { kind: 'villages', codes: [...new Set(alike.map((one) => one.reading.division))] };
}

/** The forms in which a plate may be stored. */
function numbersOf({ group, number }: DoorPlate): string[] | null {
  if (number === null) return null;
  if (group === null) return [`${number}号`, number];
  return ['社', '组', '队'].map((word) => `${group}${word}${number}号`);
}
