import { divisionRange } from '../../serve/rows/division-range.ts';
import type { DivisionName } from '../store/rows.ts';
import { compareEndings, type Manner, readEnding, type SplitName, splitName } from './division-names.ts';

/** A division as a text can name it. Every division below it has a code that begins with `prefix`. */
type NamedDivision = Readonly<{ code: string; level: number; prefix: string; name: SplitName }>;
export type NameFound = Readonly<{ division: NamedDivision; manner: Manner; length: number }>;

/** All divisions by their stems. */
export type Gazetteer = Readonly<{
  longestStem: number;
  divisionsByStem: ReadonlyMap<string, readonly NamedDivision[]>;
}>;

/** Makes a gazetteer of all divisions; 19,000 take some 100 ms and 6 MB. */
export function makeGazetteer(divisions: readonly DivisionName[]): Gazetteer {
  const named = divisions.map(({ code, name, level }) => ({ code, level, prefix: divisionRange(code).gte, name: splitName(name, level) }));
  return {
    longestStem: Math.max(0, ...named.map(({ name }) => name.stem.length)),
    divisionsByStem: Map.groupBy(named, ({ name }) => name.stem),
  };
}

/** Divisions below `level` inside `prefix` that `text` can name at `at`; of one level and length only those in the best manner. */
export function findNames(gazetteer: Gazetteer, text: string, at: number, scope: Readonly<{ prefix: string; level: number }>): NameFound[] {
  const found: NameFound[] = [];
  for (let length = Math.min(gazetteer.longestStem, text.length - at); length >= 2; length--) {
    const named = gazetteer.divisionsByStem.get(text.slice(at, at + length));
    if (!named) continue;
    const rest = text.slice(at + length, at + length + 12);
    const read = named
      .filter(({ level, prefix }) => level > scope.level && prefix.startsWith(scope.prefix))
      .flatMap((division) => readName(gazetteer, division, rest, length));
    found.push(...bestManners(read));
  }
  return found;
}

function readName(gazetteer: Gazetteer, division: NamedDivision, rest: string, stemLength: number): NameFound[] {
  const read = division.name.ending === '' ? '' : readEnding(rest, division.level);
  const ending = read ?? (beginsNameBelow(gazetteer, division, rest) ? '' : null);
  if (ending === null) return [];
  return [{ division, manner: compareEndings(ending, division.name, division.level), length: stemLength + ending.length }];
}

/** In 庆阳镇原 what follows 庆阳 is not its ending 镇 but 镇原, a county in it. */
function beginsNameBelow({ divisionsByStem }: Gazetteer, { level, prefix }: NamedDivision, rest: string): boolean {
  const stems = [2, 3, 4].map((length) => rest.slice(0, length));
  return stems.some((stem) => divisionsByStem.get(stem)?.some((below) => below.level > level && below.prefix.startsWith(prefix)));
}

const manners: readonly Manner[] = ['exact', 'variant', 'bare'];

function bestManners(found: readonly NameFound[]): NameFound[] {
  const best = new Map<number, number>();
  for (const { division, manner } of found)
    best.set(division.level, Math.min(best.get(division.level) ?? manners.length, manners.indexOf(manner)));
  return found.filter(({ division, manner }) => manners.indexOf(manner) === best.get(division.level));
}
