import type { Manner } from './division-names.ts';
import { findNames, type Gazetteer, type NameFound } from './gazetteer.ts';

/**
 * One way to read the divisions at the head of an address. `division` is the lowest one named ('' for none); `manners` says
 * how each level (1 to 5) was named, undefined where it was left out; `rest` is the text after them.
 */
export type Reading = Readonly<{
  division: string;
  level: number;
  prefix: string;
  manners: readonly (Manner | undefined)[];
  /** Characters before and between the names that nothing is known of. */
  skipped: number;
  /** Worth of what was recognised, to put readings in order. */
  worth: number;
  rest: string;
}>;

type State = Readonly<{
  at: number;
  division: string;
  level: number;
  prefix: string;
  manners: readonly (Manner | undefined)[];
  skipped: number;
  worth: number;
}>;

/** Most ways that are followed at a level, and most that are given. */
const MOST_STATES = 400;
/** A reading of less worth than this share of the best is not followed further: it knows far less of the text. */
const LEAST_SHARE = 0.5;
/** A wrong or unknown name of this many characters between two divisions does not stop the reading. */
const LONGEST_SKIP = 7;
const LONGEST_LEAD = 20;

/** Every way to read divisions at the head of a normalised text, the likeliest first; each level may be left out. */
export function recogniseDivisions(text: string, gazetteer: Gazetteer): Reading[] {
  const start: State = { at: 0, division: '', level: 0, prefix: '', manners: [], skipped: 0, worth: 0 };
  const all: State[] = [start];
  for (let states: readonly State[] = [start]; states.length > 0; ) {
    states = mostWorth(states.flatMap((state) => goOn(state, text, gazetteer)));
    all.push(...states);
  }
  const likely = mostWorth(all).filter(({ worth }, _, [best]) => worth >= (best?.worth ?? 0) * LEAST_SHARE);
  return likely.map(({ at, ...reading }) => ({ ...reading, rest: text.slice(at) }));
}

function goOn(state: State, text: string, gazetteer: Gazetteer): State[] {
  const here = findNames(gazetteer, text, state.at, state);
  if (here.length > 0) return here.map((found) => take(state, found, 0));
  const longest = state.level === 0 ? LONGEST_LEAD : LONGEST_SKIP;
  for (let skip = 1; skip <= longest && state.at + skip < text.length; skip++) {
    // A name of a person or a firm may stand before an address; then only a county or higher, fully written, begins it.
    const found = findNames(gazetteer, text, state.at + skip, state).filter(
      ({ division, manner }) => manner === 'exact' && (state.level > 0 || division.level <= 3),
    );
    if (found.length > 0) return found.map((name) => take(state, name, skip));
    if (/\d/.test(text.charAt(state.at + skip - 1))) return [];
  }
  return [];
}

const worthOfManner: Readonly<Record<Manner, number>> = { exact: 1, variant: 0.7, bare: 0.6 };

function take(state: State, { division, manner, length }: NameFound, skip: number): State {
  const manners = [...state.manners];
  manners[division.level] = manner;
  return {
    at: state.at + skip + length,
    division: division.code,
    level: division.level,
    prefix: division.prefix,
    manners,
    skipped: state.skipped + skip,
    worth: state.worth + length * worthOfManner[manner] - skip / 2,
  };
}

function mostWorth(states: readonly State[]): State[] {
  return [...states].sort((one, other) => other.worth - one.worth || (one.division < other.division ? -1 : 1)).slice(0, MOST_STATES);
}
