import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Hub } from '@longyuan/deploy/start-hub.ts';
import { until } from '../ask.ts';

/** What the processes of a hub are started with, so that their heaps can be read from outside; the files lie in `folder`. */
export function heapEnvironment(folder: string): Readonly<Record<string, string>> {
  const preload = pathToFileURL(join(import.meta.dirname, 'write-heap.ts')).href;
  return { NODE_OPTIONS: `--import=${preload}`, HEAP_FOLDER: folder };
}

/** Bytes of heap in use after a forced collection, of every process of the hub by its name. */
export async function readHeaps(hub: Pick<Hub, 'pids'>, folder: string): Promise<ReadonlyMap<string, number>> {
  const heaps = new Map<string, number>();
  for (const [name, pid] of hub.pids()) {
    const file = join(folder, String(pid));
    process.kill(pid, 'SIGUSR2');
    await until(`${name} says how much heap it uses`, 60_000, async () => existsSync(file) && readFileSync(file, 'utf8') !== '');
    heaps.set(name, Number(readFileSync(file, 'utf8')));
    rmSync(file);
  }
  return heaps;
}
