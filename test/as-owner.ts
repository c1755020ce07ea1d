import { askToken } from '@longyuan/identity/ask-token.ts';
import { libraryNamed } from '@longyuan/schema/src/read-libraries.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import type { AskedHub } from './ask.ts';
import type { HubUnderTest } from './hubs.ts';

/** The hub, asked as the department that owns a library: as its developer, or as `role` says; for the whole province where no region is said. */
export async function asOwner(
  hub: HubUnderTest,
  library: string,
  as: Readonly<{ role?: 'developer' | 'steward'; region?: string }> = {},
): Promise<AskedHub> {
  const { role = 'developer', region = null } = as;
  const { uscc } = libraryNamed(library);
  return { url: hub.url, token: await askToken(readEnvironment(hub.environment), { kind: 'department', uscc, role, region }) };
}
