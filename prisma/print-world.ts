import { readWorld } from './world.ts';

if (import.meta.main) process.stdout.write(`${JSON.stringify(readWorld(), null, 2)}\n`);
