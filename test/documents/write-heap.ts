import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Loaded into every process of a hub under test (`node --import`): on SIGUSR2 it collects garbage and writes how many bytes of heap are used
 * into a file of the folder HEAP_FOLDER that has the process id as its name.
 */
const folder = process.env['HEAP_FOLDER'] ?? '';
setFlagsFromString('--expose-gc');
// Node's own types do not know what the flag adds.
const collect: () => void = runInNewContext('gc');

process.on('SIGUSR2', () => void writeHeap());

async function writeHeap(): Promise<void> {
  // What hangs from what is weakly held goes one collection after it.
  for (let times = 0; times < 4; times += 1) {
    collect();
    await turn();
  }
  writeFileSync(join(folder, String(process.pid)), String(process.memoryUsage().heapUsed));
}
