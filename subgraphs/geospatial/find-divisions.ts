import { shortDivisionCode } from '@longyuan/schema/src/division-prefix.ts';
import type { AskedRows } from '../serve/rows/asked-rows.ts';
import { refuseUnknownDivision } from './refuse-unknown-division.ts';
import type { DivisionRow, DivisionsAsked } from './store/rows.ts';
import type { GeospatialStore } from './store.ts';

export type DivisionsArguments = Readonly<{ parent?: string | null; level?: number | null; first?: number | null; after?: string | null }>;

/**
 * Divisions right below `parent`, or all of `level` in it, by code; of these the `first` that come after the code `after`.
 * @throws GraphQLError `BAD_USER_INPUT` for a parent that does not exist.
 */
export async function findDivisions(store: GeospatialStore, args: DivisionsArguments, asked: AskedRows): Promise<readonly DivisionRow[]> {
  const found = await store.divisions(readArguments(args), asked, { after: args.after ?? null, limit: args.first ?? null });
  if (found.length === 0) await refuseUnknownDivision(store, 'Query.divisions(parent:)', args.parent ?? null);
  return found;
}

function readArguments({ parent: asked = null, level = null }: DivisionsArguments): DivisionsAsked {
  const parent = asked && shortDivisionCode(asked);
  if (level !== null) return { kind: 'level', level, inside: parent };
  return parent === null ? { kind: 'belowProvince' } : { kind: 'children', parents: [parent] };
}
