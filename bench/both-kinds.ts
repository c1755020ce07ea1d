import { openDirectory } from '@longyuan/directory/open-directory.ts';
import { startGateway } from '@longyuan/gateway/src/start-gateway.ts';
import { libraryNamed, readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readEnvironment, type Settings } from '@longyuan/settings/environment.ts';
import { openLog } from '@longyuan/settings/log.ts';
import type { LibraryDefinition } from '@longyuan/subgraphs/serve/define-library.ts';
import { startLibrary } from '@longyuan/subgraphs/serve/start-library.ts';
import { openWarrantCheckingKeys, openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { openOwnerKey } from '@longyuan/trust/keys.ts';

/** From the first port of the one that decides to that of the one that does not. */
export const APART = 10;

/**
 * `node bench/both-kinds.ts gateway|<library> <port>`: two of it in one process, one that decides and one with HUB_WARRANT_CHECK=off, over the
 * database and the keys of a running hub whose settings are in the environment. They share code, compiled and not, and garbage collection: what
 * their CPU differs by is what deciding costs, and not by how much two processes differ that do the same.
 */
async function main(what: string, port: number): Promise<void> {
  const ofHub = readEnvironment();
  const kinds = [
    { settings: ofHub, port },
    { settings: { ...ofHub, warrantCheck: false }, port: port + APART },
  ];
  for (const kind of kinds) await (what === 'gateway' ? openGateway(kind) : openLibrary(what, kind));
  process.send?.({ kind: 'ready' });
  for (const end of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(end, () => process.exit(0));
}

type Kind = Readonly<{ settings: Settings; port: number }>;

async function openLibrary(name: string, { settings, port }: Kind): Promise<void> {
  const module: { default: LibraryDefinition } = await import(`@longyuan/subgraphs/${name}/server.ts`);
  const running = await startLibrary(module.default, {
    settings,
    port: port + libraryNamed(name, readLibraries(settings.schemaFolder)).order,
    warrantKeys: await openWarrantCheckingKeys(settings),
    ownerKey: await openOwnerKey(settings.dataDir, name),
    log: openLog(name, settings),
  });
  await running.ready;
}

async function openGateway({ settings, port }: Kind): Promise<void> {
  // As gateway/src/main.ts does.
  Error.stackTraceLimit = 4;
  const libraries = readLibraries(settings.schemaFolder);
  const log = openLog('gateway', settings);
  const directory = openDirectory({ settings, log, libraries });
  await startGateway({
    settings: { ...settings, port },
    log,
    warrantKeys: await openWarrantKeys(settings),
    libraries,
    libraryUrl: (name) => `http://127.0.0.1:${port + libraryNamed(name, libraries).order}`,
    ...{ inner: [directory], stores: directory.stores },
  });
}

if (import.meta.main) {
  const [what = '', port] = process.argv.slice(2);
  await main(what, Number(port));
}
