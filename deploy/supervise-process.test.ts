import { expect, test } from 'vitest';
import { startProcess, stopProcess } from './supervise-process.ts';

test('a process of the hub leads a group of its own: Ctrl-C at a terminal ends none of them before its turn', async () => {
  const child = startProcess({ name: 'nobody', file: 'subgraphs/main.ts', args: ['nobody'], nodeOptions: [], environment: {} });
  try {
    // Whoever is there can be asked; where there is no such group this throws.
    expect(() => process.kill(-(child.pid ?? 0), 0)).not.toThrow();
  } finally {
    await stopProcess(child);
  }
});
