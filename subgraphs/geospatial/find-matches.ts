import type { AskedRows } from '../serve/rows/asked-rows.ts';
import type { StoreWithGazetteer } from './keep-gazetteer.ts';
import { type Match, rankCandidates, readAddressText, withoutRooms } from './match-address/match-address.ts';
import type { Candidate } from './match-address/score-match.ts';
import { refuseUnknownDivision } from './refuse-unknown-division.ts';
import type { AddressRow } from './store/rows.ts';

export type MatchArguments = Readonly<{ text: string; division?: string | null; first?: number | null }>;
/** `comparesRooms`: whether building and room count, which the caller then must be allowed to see of every address. */
type MatchAsked = MatchArguments & Readonly<{ comparesRooms: boolean }>;

/** Most candidates that are read and compared. */
const MOST_CANDIDATES = 200;
const comparedColumns = ['division', 'street', 'number', 'building', 'room'] as const satisfies readonly (keyof Candidate)[];

/**
 * Standard addresses that the text most likely means, the best first; empty where it names none.
 * @throws GraphQLError `BAD_USER_INPUT` for a division that does not exist.
 */
export async function findMatches(store: StoreWithGazetteer, args: MatchAsked, asked: AskedRows): Promise<readonly Match<AddressRow>[]> {
  const { text, division = null, first, comparesRooms } = args;
  const gazetteer = await store.gazetteer();
  const whole = readAddressText(text, gazetteer, division);
  const read = comparesRooms ? whole : withoutRooms(whole);
  const found = await findCandidates(store, read.searches, asked);
  if (found.length === 0) await refuseUnknownDivision(store, 'Query.matchAddress(division:)', division);
  // A caller may write null in place of the SDL's default.
  return rankCandidates(read, found).slice(0, first ?? 5);
}

async function findCandidates(
  store: StoreWithGazetteer,
  searches: ReturnType<typeof readAddressText>['searches'],
  { columns, rows: scope }: AskedRows,
) {
  if (searches.length === 0) return [];
  const asked = { columns: [...comparedColumns, ...columns], rows: scope };
  const rows = await store.findAddresses(searches, asked, Math.floor(MOST_CANDIDATES / searches.length));
  // The compared columns were asked for just above.
  return rows as readonly (AddressRow & Candidate)[];
}
