import { today } from '@longyuan/schema/src/province-day.ts';
import { type AskedRows, everyRow } from '../serve/rows/asked-rows.ts';
import { manyByKey, oneByKey } from '../serve/rows/batch.ts';
import { authorizeUse, type Leave } from './authorize-use.ts';
import { checkLicense } from './check-license.ts';
import type { AuthorizationRow, CheckedRow, HeldFilter, HeldRow, LicenseStore, TypeCondition } from './store.ts';

export type Loaders = ReturnType<typeof makeLoaders>;

/** One request's way to the store: everything asked in the same turn is one question of the store for each kind. */
export function makeLoaders(store: LicenseStore) {
  const byIdentifier = oneByKey(store.licensesByIdentifier, (row) => row.identifier);
  const byCheckCode = oneByKey<CheckedRow>(store.licensesByCheckCode, (row) => row.checkCode);
  return {
    license: oneByKey(store.licenses, (row) => row.id),
    byIdentifier,
    held: manyByKey<HeldRow, HeldFilter>(store.held, (row) => row.holderKey),
    type: oneByKey(store.types, (row) => row.code),
    types: (condition: TypeCondition, asked: AskedRows) => store.findTypes(condition, asked),
    check: async (checkCode: string) => checkLicense(await byCheckCode.load(checkCode, everyRow([])), today()),
    /** Writes down the holder's leave; null where there is no such license in force among those asked for. */
    async authorize(identifier: string, asked: AskedRows, leave: Leave): Promise<AuthorizationRow | null> {
      const authorization = authorizeUse(await byIdentifier.load(identifier, asked), leave);
      if (authorization) await store.authorize(authorization);
      return authorization;
    },
  };
}
