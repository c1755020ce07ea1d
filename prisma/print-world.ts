import { makeWorld } from './world.ts';

if (import.meta.main) process.stdout.write(`${JSON.stringify(makeWorld(), null, 2)}\n`);
