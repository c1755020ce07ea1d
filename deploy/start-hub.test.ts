import { expect, test } from 'vitest';
import { tellWaiting } from './start-hub.ts';

test('npm start says what it waits for after ten seconds of the same, and every ten seconds from then on', () => {
  const said: string[] = [];
  let nowMs = 0;
  const tell = tellWaiting(
    (line) => said.push(line),
    () => nowMs,
  );
  const health = (credit: string) => ({
    ready: false,
    libraries: [
      { name: 'population', state: 'READY' },
      { name: 'credit', state: credit },
    ],
  });
  for (; nowMs < 12_000; nowMs += 250) tell(health('STARTING'));
  expect(said).toEqual(['  waiting for credit (is starting)']);
  for (; nowMs < 35_000; nowMs += 250) tell(health('DOWN'));
  expect(said.slice(1)).toEqual(Array(2).fill('  waiting for credit (cannot use its database, or does not answer; the log says why)'));
  for (; nowMs < 50_000; nowMs += 250) tell(null);
  expect(said.at(-1)).toBe('  waiting for the gateway');
});
