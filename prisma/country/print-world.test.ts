import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { readWorld } from './world.ts';

const printWorld = () => spawn(process.execPath, [join(import.meta.dirname, 'print-world.ts')], { stdio: ['ignore', 'pipe', 'pipe'] });

test('the world is printed as JSON', async () => {
  expect(JSON.parse(await text(printWorld().stdout))).toEqual(readWorld());
});

test('a reader who closes early hears no complaint', async () => {
  const printing = printWorld();
  printing.stdout.destroy();
  const [complaint, [code]] = await Promise.all([text(printing.stderr), once(printing, 'exit')]);
  expect({ complaint, code }).toEqual({ complaint: '', code: 0 });
});
