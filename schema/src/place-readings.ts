import { readFileSync } from 'node:fs';

const FILE = new URL('../reference/place-readings.json', import.meta.url);

/** How places of the province are really read where a dictionary reads them otherwise: syllables with their tones, by the name without its ending. */
export function readPlaceReadings(): Readonly<Record<string, string>> {
  // The file is the repository's own, and a test walks it.
  return JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, string>;
}
