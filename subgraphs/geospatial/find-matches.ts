import type { StoreWithGazetteer } from './keep-gazetteer.ts';
import { type Match, rankCandidates, readAddressText } from './match-address/match-address.ts';
import type { Candidate } from './match-address/score-match.ts';
import { refuseUnknownDivision } from './refuse-unknown-division.ts';
import type { AddressRow } from './store/rows.ts';

export type MatchArguments = Readonly<{ text: string; division?: string | null; first?: number | null }>;

/** Most candidates that are read and compared. */
const MOST_CANDIDATES = 200;
const comparedColumns = ['division', 'street', 'number', 'building', 'room'] as const satisfies readonly (keyof Candidate)[];

/**
 * Standard addresses that the text most likely means, the best first; empty where it names none.
 * @throws GraphQLError `BAD_USER_INPUT` for a division that does not exist.
 */
export async function findMatches(
  store: StoreWithGazetteer,
  args: MatchArguments,
  columns: readonly string[],
): Promise<readonly Match<AddressRow>[]> {
  const { text, division = null, first } = args;
  const gazetteer = await store.gazetteer();
  const read = readAddressText(text, gazetteer, division);
  const found = await findCandidates(store, read.searches, columns);
  if (found.length === 0) await refuseUnknownDivision(store, 'division', division);
  // A caller may write null in place of the SDL's default.
  return rankCandidates(read, found).slice(0, first ?? 5);
}

async function findCandidates(
  store: StoreWithGazetteer,
  searches: ReturnType<typeof readAddressText>['searches'],
  columns: readonly string[],
) {
  if (searches.length === 0) return [];
  const rows = await store.findAddresses(searches, [...comparedColumns, ...columns], Math.floor(MOST_CANDIDATES / searches.length));
  // The compared columns were asked for just above.
  return rows as readonly (AddressRow & Candidate)[];
}
