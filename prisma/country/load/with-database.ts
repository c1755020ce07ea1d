import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Settings } from '@longyuan/settings/environment.ts';
import { embeddedAddress, isEmbedded } from '../../store/connect/database-url.ts';
import { findSeeds } from './find-seeds.ts';

/**
 * Does something with the databases up. Where a library lives in the embedded PostgreSQL and none is running, one is started and
 * stopped again afterwards.
 * @throws Error with its reason when it refuses to start.
 */
export async function withDatabase<Outcome>(settings: Settings, use: () => Promise<Outcome>): Promise<Outcome> {
  const isNeeded = findSeeds().some(({ name }) => isEmbedded(settings, name));
  if (!isNeeded || (await isListening(embeddedAddress(settings)))) return await use();
  const server = fork(join(import.meta.dirname, '../../store/embedded/main.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    await untilReady(server);
    return await use();
  } finally {
    if (server.exitCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
  }
}

async function isListening({ host, port }: Readonly<{ host: string; port: number }>): Promise<boolean> {
  const socket = connect(port, host);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

type Word = Readonly<{ kind: 'ready' }> | Readonly<{ kind: 'refused'; reason: string }>;

function untilReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    server.on('message', (word: Word) => (word.kind === 'ready' ? resolve() : reject(new Error(word.reason))));
    server.once('exit', (code) => reject(new Error(`The embedded PostgreSQL ended with code ${code} before it was ready`)));
  });
}
