import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'longyuan-end-'));
afterAll(() => rmSync(folder, { recursive: true }));
const endProcess = pathToFileURL(join(import.meta.dirname, 'end-process.ts')).href;

/** A process that listens to its supervisor once it is told to go on, and says on its output why it was told to end, each time. */
const file = join(folder, 'process.ts');
writeFileSync(
  file,
  `import { once } from 'node:events';
  import { endWhenTold, tellSupervisor } from '${endProcess}';
  process.stdout.write('here ');
  await once(process.stdin, 'data');
  endWhenTold((why) => {
    process.stdout.write(why + ';');
    setTimeout(() => process.exit(0), 200);
  });
  tellSupervisor({ kind: 'ready' });`,
);

async function start() {
  const child = fork(file, { stdio: ['pipe', 'pipe', 'inherit', 'ipc'] });
  let said = '';
  child.stdout?.on('data', (text) => (said += text));
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  const ended = once(child, 'exit').then(([code]) => ({ code, said }));
  return { child, ended, goOn: () => child.stdin?.write('go on') };
}

test('signals of a terminal and of a supervisor end a process once', async () => {
  const { child, ended, goOn } = await start();
  goOn();
  await once(child, 'message');
  child.kill('SIGINT');
  child.kill('SIGTERM');
  child.disconnect();
  const { code, said } = await ended;
  expect(code).toBe(0);
  expect(said).toMatch(/^here (SIGINT|SIGTERM|the supervisor is gone);$/);
});

test('a process whose supervisor went before it listened closes in order, and trips over no word that it cannot say', async () => {
  const { child, ended, goOn } = await start();
  child.disconnect();
  goOn();
  expect(await ended).toEqual({ code: 0, said: 'here the supervisor is gone;' });
});
