import type { Manner } from './division-names.ts';
import { normaliseText } from './normalise-text.ts';
import type { Understanding } from './plan-searches.ts';
import { type DoorPlate, readDoorPlate, readHouse } from './read-door-plate.ts';

/** The parts of a standard address that are compared. */
export type Candidate = Readonly<{ division: string; street: string | null; number: string; building: string | null; room: string | null }>;

/** How much each part counts: the lower a division, the more it tells. */
const levelWeights = [0, 1, 2, 3, 3, 4];
const weights = { street: 4, group: 2, number: 5, building: 3, unit: 2, room: 3 };
const mannerValues: Readonly<Record<Manner, number>> = { exact: 1, variant: 0.95, bare: 0.92 };
/** A division left out above one that is named is as good as said; one left out below could be any. */
const IMPLIED = 0.8;
const UNSAID = 0.3;

/**
 * How well a standard address fits one understanding of the text, 0 to 1; 1 only where every part of it down to the door plate
 * is said and agrees. Building, unit and room count where the text says them. 0 where it lies in another division or has another house
 * number than the text says: a wrong door is worse than none.
 */
export function scoreMatch(candidate: Candidate, { reading, plate }: Understanding, textLength: number): number {
  if (!candidate.division.startsWith(reading.prefix)) return 0;
  const own = plateOf(candidate);
  if (plate.number !== null && own.number !== null && mainNumber(plate.number) !== mainNumber(own.number)) return 0;
  const parts = [...compareDivisions(reading.manners, reading.level), ...comparePlates(plate, own)];
  const most = parts.reduce((sum, [weight]) => sum + weight, 0);
  const got = parts.reduce((sum, [weight, value]) => sum + weight * value, 0);
  return Math.max(0, (got / most) * (1 - reading.skipped / Math.max(1, textLength)));
}

type Part = readonly [weight: number, value: number];

function compareDivisions(manners: readonly (Manner | undefined)[], lowest: number): Part[] {
  return levelWeights.map((weight, level) => {
    const manner = manners[level];
    return [weight, manner ? mannerValues[manner] : level < lowest ? IMPLIED : UNSAID];
  });
}

function comparePlates(said: DoorPlate, own: DoorPlate): Part[] {
  const streets: Part[] = said.street === null && own.street === null ? [] : [[weights.street, compareStreets(said.street, own.street)]];
  const groups: Part[] = said.group === null && own.group === null ? [] : [[weights.group, compareWhole(said.group, own.group)]];
  const inside = (['building', 'unit', 'room'] as const).filter((part) => said[part] !== null);
  return [
    ...streets,
    ...groups,
    [weights.number, compareNumbers(said.number, own.number)],
    ...inside.map((part): Part => [weights[part], compareWhole(said[part], own[part])]),
  ];
}

function compareWhole(said: string | null, own: string | null): number {
  if (said === own) return 1;
  return said === null || own === null ? UNSAID : 0;
}

/** 12 and 12-1 or 12附1 are neighbours; doors further away are not compared. */
function compareNumbers(said: string | null, own: string | null): number {
  return said === null || own === null || said === own ? compareWhole(said, own) : 0.5;
}

const mainNumber = (number: string): string => number.replace(/^\D+/, '').replace(/\D.*$/, '');

/** Streets are alike by the share of neighbouring characters that both have; below half they are others. */
function compareStreets(said: string | null, own: string | null): number {
  if (said === null || own === null) return said === own ? 1 : own === null ? 0 : UNSAID;
  if (said === own) return 1;
  const [one, other] = [pairsOf(said), pairsOf(own)];
  const both = [...one].filter((pair) => other.has(pair)).length;
  const alike = (2 * both) / Math.max(1, one.size + other.size);
  return alike < 0.5 ? 0 : 0.8 * alike;
}

function pairsOf(text: string): Set<string> {
  return new Set(Array.from({ length: text.length - 1 }, (_, at) => text.slice(at, at + 2)));
}

function plateOf({ street, number, building, room }: Candidate): DoorPlate {
  const { group, number: own } = readDoorPlate(normaliseText(number));
  const house = readHouse(normaliseText(building ?? ''));
  return {
    street: street === null ? null : normaliseText(street),
    group,
    number: own,
    building: house.building,
    unit: house.unit,
    room: room === null ? null : readHouse(normaliseText(room)).room,
  };
}
