import { shortDivisionCode } from '@longyuan/schema/src/division-prefix.ts';
import { divisionRange } from '../../serve/rows/division-range.ts';
import type { AddressSearch } from '../store/rows.ts';
import type { Gazetteer } from './gazetteer.ts';
import { normaliseText } from './normalise-text.ts';
import { planSearches, type Understanding } from './plan-searches.ts';
import { readDoorPlate } from './read-door-plate.ts';
import { type Reading, recogniseDivisions } from './recognise-divisions.ts';
import { type Candidate, scoreMatch } from './score-match.ts';

/** A text taken apart: where to look, and what to compare with what is found. */
export type ReadText = Readonly<{ length: number; understood: readonly Understanding[]; searches: readonly AddressSearch[] }>;
export type Match<Row> = Readonly<{ address: Row; score: number }>;

/** Below this a candidate is no answer. */
const LEAST_SCORE = 0.4;

/** Reads an address as people write it; `within` is the code of the division it has to lie in, null for any. */
export function readAddressText(text: string, gazetteer: Gazetteer, within: string | null = null): ReadText {
  const normalised = normaliseText(text);
  const readings = recogniseDivisions(normalised, gazetteer).flatMap((reading) => (within === null ? [reading] : narrow(reading, within)));
  const understood = readings.flatMap(understand);
  return { length: normalised.length, understood, searches: planSearches(understood) };
}

/** The same, for someone who may not learn buildings and rooms: neither looked for nor compared. */
export function withoutRooms({ length, understood, searches }: ReadText): ReadText {
  return {
    length,
    understood: understood.map(({ reading, plate }) => ({ reading, plate: { ...plate, building: null, unit: null, room: null } })),
    searches: searches.filter(({ rooms }) => rooms === null),
  };
}

/** With a village or town that nobody knows between the divisions and the street, the street is also looked for without it. */
function understand(reading: Reading): Understanding[] {
  const plate = readDoorPlate(reading.rest);
  const unknown = reading.level < 5 ? unknownPlace.exec(plate.street ?? '') : null;
  if (!unknown) return [{ reading, plate }];
  const [place, street] = [unknown[1] ?? '', unknown[2] || null];
  return [
    { reading, plate },
    { reading: { ...reading, skipped: reading.skipped + place.length }, plate: { ...plate, street } },
  ];
}

const unknownPlace = /^(.{1,10}?(?:街道|镇|乡|社区居民委员会|社区居委会|社区|居委会|村民委员会|村委会|村))(.*)$/;

/** A reading of a division that holds `within` speaks of `within`; one of a division elsewhere is none. */
function narrow(reading: Reading, within: string): Reading[] {
  const prefix = divisionRange(within).gte;
  if (reading.prefix.startsWith(prefix)) return [reading];
  return prefix.startsWith(reading.prefix) ? [{ ...reading, division: shortDivisionCode(within), prefix }] : [];
}

/** Puts candidates in order, the best first and equals by code; what hardly fits is left out. */
export function rankCandidates<Row extends Candidate & Readonly<{ code: string }>>(
  { length, understood }: ReadText,
  candidates: readonly Row[],
): Match<Row>[] {
  const addressByCode = new Map(candidates.map((candidate) => [candidate.code, candidate]));
  return [...addressByCode.values()]
    .map((address) => ({ address, score: Math.max(0, ...understood.map((understanding) => scoreMatch(address, understanding, length))) }))
    .filter(({ score }) => score >= LEAST_SCORE)
    .sort((one, other) => other.score - one.score || (one.address.code < other.address.code ? -1 : 1));
}
