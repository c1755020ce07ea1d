import { endWhenTold, tellSupervisor } from '@longyuan/settings/end-process.ts';
import { readSettingsOrLeave } from '@longyuan/settings/environment.ts';
import { describeFault } from '@longyuan/settings/fault.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { logKeyTrouble } from '@longyuan/settings/log-key-trouble.ts';
import { startProvider } from './start-provider.ts';

// The embedded identity provider, a process of its own.

const settings = readSettingsOrLeave();
const log = openLog('identity', settings);

function fail(error: unknown): never {
  // Speaks of ports and files, never of an account.
  log.fatal({ err: error, reason: error instanceof Error ? error.message : String(error) }, 'the identity provider cannot go on');
  process.exit(1);
}

process.once('uncaughtException', (error) => {
  // Met while it answered: what it says may be of an account.
  log.fatal({ err: error, stack: describeFault(error).stack }, 'the identity provider cannot go on');
  process.exit(1);
});

const provider = await startProvider(settings, (error) => logKeyTrouble(log, error)).catch(fail);

endWhenTold(() => void provider.close().then(() => process.exit(0), fail));
tellSupervisor({ kind: 'ready' });
