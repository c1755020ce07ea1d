import { readSettingsOrLeave } from '@longyuan/settings/environment.ts';
import { startHub } from './start-hub.ts';

/** `npm start`: the whole hub on one machine, until Ctrl-C. */
const settings = readSettingsOrLeave();
const say = (line: string) => void process.stdout.write(`${line}\n`);

const hub = startHub(settings, say);
let leaving = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (leaving) return;
    leaving = true;
    say('Stopping …');
    hub.stop().then(() => process.exit(0));
  });
}
hub.started.catch(async (error: Error) => {
  if (leaving) return;
  leaving = true;
  process.stderr.write(`${error.message}\n`);
  await hub.stop();
  process.exit(1);
});
