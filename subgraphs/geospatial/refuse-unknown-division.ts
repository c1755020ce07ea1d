import { shortDivisionCode } from '@longyuan/schema/src/division-prefix.ts';
import { badUserInput } from '@longyuan/schema/src/refuse.ts';
import { everyRow } from '../serve/rows/asked-rows.ts';
import type { GeospatialStore } from './store.ts';

/**
 * Tells an empty answer from a wrong question; asked only when nothing was found.
 * @throws GraphQLError `BAD_USER_INPUT` naming the argument when there is no division with this code.
 */
export async function refuseUnknownDivision(store: GeospatialStore, argument: string, code: string | null): Promise<void> {
  if (code === null) return;
  const found = await store.divisions({ kind: 'codes', codes: [shortDivisionCode(code)] }, everyRow([]));
  if (found.length === 0) throw badUserInput(argument, 'EXISTING_DIVISION');
}
