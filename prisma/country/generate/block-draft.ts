import type { OpaqueKey } from '../../store/opaque-key.ts';
import type { Address } from './addresses.ts';
import { type Day, today } from './calendar.ts';
import type { Country, Place } from './country.ts';
import { makeName, makeSurname } from './names.ts';
import { citizenNumber, isBirthday, type Sex } from './numbers.ts';
import type { Household, Person } from './people.ts';
import type { Random } from './random.ts';

/** A block while it is being made. */
export type BlockDraft = Readonly<{
  number: number;
  /** How many people it is to hold, the dead among them. */
  count: number;
  random: Random;
  country: Country;
  place: Place;
  opaqueKey: OpaqueKey;
  newAddress: () => Address;
  people: Person[];
  households: Household[];
  /** Sex and day of birth of those who are there. */
  births: Set<number>;
}>;

type Wanted = Readonly<{ sex: Sex; birth: Day; earliest: Day; latest: Day; ethnicity: string; surname?: string; address: Address }>;

/**
 * Adds a person born on the day wanted, or on the nearest one between `earliest` and `latest` that the numbers of this block
 * allow. Null where the block is full or no such day is left.
 */
export function addPerson(draft: BlockDraft, wanted: Wanted): Person | null {
  const { random, people, number, place } = draft;
  if (people.length >= draft.count) return null;
  const birth = findBirthday(draft, wanted);
  if (birth === null) return null;
  const { sex, ethnicity, address } = wanted;
  draft.births.add(birth * 4 + Number(sex));
  const idNumber = citizenNumber(number, sex, birth);
  const surname = wanted.surname ?? makeSurname(random, ethnicity);
  const person: Person = {
    id: draft.opaqueKey('person', idNumber),
    idNumber,
    ordinal: people.length,
    name: makeName(random, { surname, ethnicity, sex, birth }),
    surname,
    sex,
    ethnicity,
    birth,
    lifeStatus: 'ALIVE',
    death: null,
    deathCause: null,
    birthDivision: random.chance(0.86) ? place.county.code : draft.country.anyPlace(random).county.code,
    household: null,
    relationToHead: null,
    registeredAt: address,
    residesAt: null,
    idCard: null,
    education: null,
    occupation: null,
    photo: null,
    phone: null,
    marriage: null,
    kin: [],
    moves: [],
    insurances: [],
    disability: null,
    assistance: [],
  };
  people.push(person);
  return person;
}

function findBirthday(draft: BlockDraft, { sex, birth, earliest, latest }: Wanted): Day | null {
  const last = Math.min(latest, today - 1);
  const isFree = (day: Day): boolean =>
    day >= earliest && day <= last && isBirthday(draft.number, day) && !draft.births.has(day * 4 + Number(sex));
  const farthest = last - earliest;
  const start = Math.min(Math.max(birth, earliest), last);
  for (let away = 0; away <= farthest; away++) {
    if (isFree(start - away)) return start - away;
    if (isFree(start + away)) return start + away;
  }
  return null;
}

/** How many people the block still lacks. */
export function roomIn(draft: BlockDraft): number {
  return draft.count - draft.people.length;
}
