import { askToken } from '@longyuan/identity/ask-token.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import type { HubUnderTest } from './hubs.ts';
import { openDatabase } from './open-database.ts';
import { openSuite, type Suite } from './permissions/open-suite.ts';

/** The permission suite over a hub under test; `run` tells its departments from those of other runs over the same hub. */
export async function openSuiteOver(hub: HubUnderTest, run: number): Promise<Suite> {
  const databases = new Map<string, Awaited<ReturnType<typeof openDatabase>>>();
  for (const { name } of readLibraries()) databases.set(name, await openDatabase(hub, name));
  const suite = await openSuite({
    hub: { url: hub.url, tokenFor: (account) => askToken(readEnvironment(hub.environment), account) },
    askRows: async (library, sql) => (await databases.get(library)?.rows(sql)) ?? [],
    reference: hub,
    run,
  });
  const end = async () => {
    await suite.end();
    for (const database of databases.values()) await database.close();
  };
  return { ...suite, end };
}
