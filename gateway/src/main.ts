import { openDirectory } from '@longyuan/directory/open-directory.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { endWhenTold, tellSupervisor } from '@longyuan/settings/end-process.ts';
import { readSettingsOrLeave } from '@longyuan/settings/environment.ts';
import { describeFault } from '@longyuan/settings/fault.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { logKeyTrouble } from '@longyuan/settings/log-key-trouble.ts';
import { readPurposes } from '@longyuan/settings/purposes.ts';
import { openTracing } from '@longyuan/telemetry/open-tracing.ts';
import { openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { startGateway } from './start-gateway.ts';

// A fault is logged with all of its frames. Refusals, which are made by the thousand, take none.
Error.stackTraceLimit = 25;

const settings = readSettingsOrLeave();
const log = openLog('gateway', settings);

function fail(error: unknown): never {
  log.fatal({ err: error, stack: describeFault(error).stack }, 'the gateway cannot go on');
  process.exit(1);
}
process.once('uncaughtException', fail);

/** Before the first request an error speaks of SDL, ports and files, and may be read in full. */
function failToStart(error: unknown): Promise<never> {
  const reason = error instanceof Error ? error.message : String(error);
  log.fatal({ err: error, reason }, 'the gateway cannot start');
  // The supervisor tells it to people; a message under way would be lost when the process exits.
  return new Promise(() => (process.send ? process.send({ kind: 'refused', reason }, () => process.exit(1)) : process.exit(1)));
}

const tracing = await openTracing('gateway', settings, log);
const gateway = await openWarrantKeys(settings, (error) => logKeyTrouble(log, error))
  .then((warrantKeys) => {
    const libraries = readLibraries(settings.schemaFolder);
    const purposes = readPurposes(settings.purposesFile);
    const directory = openDirectory({ settings, log, libraries, purposes });
    return startGateway({ settings, log, warrantKeys, libraries, tracing, purposes, inner: [directory], stores: directory.stores });
  })
  .catch(failToStart);

endWhenTold(() => {
  // Ends the process also where a handle is left; all that matters is closed by then.
  gateway
    .close()
    .then(tracing.close)
    .then(() => process.exit(0), fail);
});
tellSupervisor({ kind: 'ready' });
