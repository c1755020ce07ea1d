import { expect, test } from 'vitest';
import { answerAnyone } from './answer-anyone.ts';

test('a library without the check of warrants says so, and refuses to be reached from elsewhere', async () => {
  const warned: unknown[] = [];
  const log = { warn: (...line: unknown[]) => warned.push(line) };
  expect((await answerAnyone('credit', '127.0.0.1', log)()).items.has('Penalty.fine')).toBe(true);
  expect(JSON.stringify(warned)).toContain('WITHOUT A WARRANT');
  for (const host of ['0.0.0.0', '::', '10.0.0.7']) expect(() => answerAnyone('credit', host, log)).toThrow('127.0.0.1 only');
});
