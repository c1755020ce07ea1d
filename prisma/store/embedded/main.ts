import { Worker } from 'node:worker_threads';
import { openDataFolder } from '@longyuan/settings/data-folder.ts';
import { endWhenTold, tellSupervisor } from '@longyuan/settings/end-process.ts';
import { readSettingsOrLeave } from '@longyuan/settings/environment.ts';
import { describeFault } from '@longyuan/settings/fault.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { lockFolder } from './lock-folder.ts';
import type { StoreWord } from './serve-store.ts';

// The embedded PostgreSQL, a process of its own. Its supervisor hears { kind: 'ready' } or { kind: 'refused', reason }.
// This thread keeps the folder; the store is served by another, because only the stack of a thread can be chosen.

/**
 * PostgreSQL counts the stack of its WebAssembly and refuses a statement that goes too deep (54001), but what its functions take of the
 * thread's own stack is some ten times as much in the worst case, and when that one ends first, PostgreSQL does.
 */
const STACK_MB = 64;

const settings = readSettingsOrLeave();
const log = openLog('embedded-postgres', settings);

let close = (): void => process.exit(0);
// Staying would keep the folder locked.
endWhenTold((why) => {
  log.info({ why }, 'the embedded PostgreSQL closes');
  close();
});

try {
  openDataFolder(settings.dataDir);
} catch (error) {
  await refuse(error instanceof Error ? error.message : String(error));
}
const lock = await lockFolder(settings.dataDir, 5_000);
if (lock.kind === 'refused') {
  await refuse(
    `The folder ${settings.dataDir} is in use by a hub that is running (process ${lock.holder}). ` +
      'Stop that one, or give this one a folder of its own with HUB_DATA_DIR.',
  );
} else {
  const { release } = lock;
  const store = new Worker(new URL('./serve-store.ts', import.meta.url), { resourceLimits: { stackSizeMb: STACK_MB } });
  // Before the store is open there is nothing to close: it survives being left just as it survives kill -9.
  close = () => leave(0);
  store.on('message', (word: StoreWord) => {
    if (word.kind === 'refused') {
      release();
      void refuse(word.reason);
    } else {
      close = () => store.postMessage('close');
      tellSupervisor(word);
    }
  });
  // What PostgreSQL's WebAssembly throws is beyond repair here: leave, and let the next start recover.
  store.on('error', (error) => {
    log.fatal({ err: error, stack: describeFault(error).stack }, 'the embedded PostgreSQL failed; it will recover at its next start');
    leave(1);
  });
  store.on('exit', (code) => leave(code));

  function leave(code: number): void {
    release();
    process.exit(code);
  }
}

async function refuse(reason: string): Promise<never> {
  log.fatal(reason);
  // Said before leaving: a message under way is lost when the process exits.
  await new Promise<void>((resolve) =>
    process.send === undefined ? resolve() : process.send({ kind: 'refused', reason }, () => resolve()),
  );
  process.exit(1);
}
