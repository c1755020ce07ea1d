import { countyAuthority } from './authorities.ts';
import type { Place } from './country.ts';

/** Who issues identity cards and household registers in a place. */
export function registrationOffice(place: Place): string {
  return countyAuthority(place, 'police').name;
}
