import type { OpaqueKey } from '../../store/opaque-key.ts';
import { type Address, addressMaker } from './addresses.ts';
import type { BlockDraft } from './block-draft.ts';
import type { Country, Place } from './country.ts';
import { type CreditRecords, makeCreditRecords } from './credit-records.ts';
import type { Entity } from './entities.ts';
import { makeFirms } from './firms.ts';
import { addHouseholds } from './households.ts';
import { type License, makeLicenses } from './licenses.ts';
import { addLifeFacts } from './life-facts.ts';
import { MOST_BLOCKS } from './numbers.ts';
import type { Household, Person } from './people.ts';
import { Random } from './random.ts';
import { makeRealEstate, type RealEstateUnit } from './real-estate.ts';

/** People of one block, the dead among them. */
export const BLOCK_SIZE = 100;
/** Changing it makes another country; then `seedVersion` must rise too. */
const COUNTRY_SEED = 629_906;

/** Some thirty households of one village or community, with all that any library knows of them. */
export type Block = Readonly<{
  number: number;
  place: Place;
  people: readonly Person[];
  households: readonly Household[];
  addresses: readonly Address[];
  units: readonly RealEstateUnit[];
  entities: readonly Entity[];
  licenses: readonly License[];
  credit: CreditRecords;
}>;

/**
 * Makes block `number` with `count` people: the same arguments give the same block, whatever other blocks there are, so a country
 * of N people is the beginning of every larger one.
 * @throws RangeError past the last block there are citizen numbers for.
 */
export function makeBlock(parts: Readonly<{ country: Country; opaqueKey: OpaqueKey; number: number; count?: number }>): Block {
  const { country, opaqueKey, number, count = BLOCK_SIZE } = parts;
  if (number >= MOST_BLOCKS) throw new RangeError(`There are citizen numbers for ${MOST_BLOCKS * BLOCK_SIZE} people, no more`);
  const random = new Random(COUNTRY_SEED, number);
  const place = country.placeOf(number);
  const addresses: Address[] = [];
  const makeAddress = addressMaker({ random, place, block: number, opaqueKey });
  const newAddress = (): Address => {
    const address = makeAddress();
    addresses.push(address);
    return address;
  };
  const draft: BlockDraft = { number, count, random, country, place, opaqueKey, newAddress, people: [], households: [], births: new Set() };
  addHouseholds(draft);
  addLifeFacts(draft);
  const entities = makeFirms(draft);
  const units = makeRealEstate(draft, entities);
  const licenses = makeLicenses(draft, entities, units);
  const credit = makeCreditRecords(draft, entities, licenses);
  return { number, place, people: draft.people, households: draft.households, addresses, units, entities, licenses, credit };
}

/** How many people each block of a country of `persons` holds: all full but the last. */
export function countOf(block: number, persons: number): number {
  return Math.min(BLOCK_SIZE, persons - block * BLOCK_SIZE);
}
