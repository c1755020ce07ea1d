import { divisionPrefix, isWithin } from '@longyuan/schema/src/division-prefix.ts';
import { isKnownDivision } from '@longyuan/schema/src/division-table.ts';

/**
 * The part of a division that lies in the region that a department's account works for; null where nothing does. No region is no bound; one
 * that the province does not have bounds to nothing, whatever its digits begin with.
 */
export function withinRegion(division: string, region: string | null): string | null {
  if (region === null) return division;
  if (!isKnownDivision(region)) return null;
  if (isWithin(division, region)) return division;
  return isWithin(region, division) ? region : null;
}

/** Whether all of a division lies in the region: what is done for a division that reaches beyond it is not the region's to do. */
export function isOfRegion(division: string, region: string | null): boolean {
  return withinRegion(division, region) === division;
}

/** The codes of a region and of every division that holds it, the province last; none where the province does not have it. */
export function divisionsOver(region: string): readonly string[] {
  if (!isKnownDivision(region)) return [];
  const digits = divisionPrefix(region);
  const over = [12, 9, 6, 4, 2].filter((length) => length <= digits.length);
  return over.map((length) => digits.slice(0, length).padEnd(6, '0'));
}
