import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { readTrouble } from '@longyuan/prisma/store/connect/database-trouble.ts';
import { openPool, type PoolOptions } from '@longyuan/prisma/store/connect/open-pool.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import { openOwnerKey, ownerKeyPath, type SigningKey } from '@longyuan/trust/keys.ts';

type Place = Readonly<{
  settings: PoolOptions['settings'] & Pick<Settings, 'dataDir' | 'healthIntervalMs'>;
  library: string;
  log: PoolOptions['log'];
}>;

/**
 * The key of a library's owner. Where there is none it is made, but only for a store that holds no list of grants; to know that, its database is
 * waited for.
 * @throws Error with what to do, where the store holds a list and its key is gone: under a new key nothing in it would count.
 */
export async function openOwnKey(place: Place): Promise<SigningKey> {
  const { settings, library } = place;
  const path = ownerKeyPath(settings.dataDir, library);
  if (!existsSync(path) && (await holdsGrants(place))) {
    throw new Error(
      `The database of the library ${library} holds grants, and the key of its owner that signed them is gone: ${path} is not there. ` +
        `Restore it from where you keep it. If it is lost for good, npm run grants:accept -- ${library} --sign makes another; ` +
        'nothing that the lost one signed counts then, and what is still needed is granted anew.',
    );
  }
  return openOwnerKey(settings.dataDir, library);
}

async function holdsGrants({ settings, library, log }: Place): Promise<boolean> {
  for (let isTold = false; ; await wait(settings.healthIntervalMs)) {
    try {
      return await askHoldsGrants({ settings, library, log });
    } catch (error) {
      if (readTrouble(error) === null) throw error;
      if (!isTold) log.warn({ err: error }, 'the database does not answer, and no key is made before it does; trying again');
      isTold = true;
    }
  }
}

async function askHoldsGrants({ settings, library, log }: Place): Promise<boolean> {
  const pool = await openPool({ settings, library, log, statementTimeoutMs: 0 });
  try {
    const { rows: there } = await pool.query(`SELECT to_regclass('hub.grant_deed') IS NOT NULL AS "isThere"`);
    if (!there[0]?.isThere) return false;
    // A head may be there before its columns are: any row of it says that there was an owner's list.
    const { rows } = await pool.query(
      'SELECT EXISTS (SELECT FROM hub.grant_deed WHERE library = $1) OR EXISTS (SELECT FROM hub.grant_state WHERE library = $1) AS "isHeld"',
      [library],
    );
    return rows[0]?.isHeld === true;
  } finally {
    await pool.end();
  }
}
