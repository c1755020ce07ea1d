import { readWorld } from './world.ts';

if (import.meta.main) {
  // A reader that has seen enough, as `head` has, closes the pipe: that is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  process.stdout.write(`${JSON.stringify(readWorld(), null, 2)}\n`);
}
