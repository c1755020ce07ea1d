import { PUBLIC } from '@longyuan/access/caller.ts';
import { expect, test } from 'vitest';
import { answerAnyone } from './answer-anyone.ts';
import type { SecondDoor } from './second-door.ts';

const closed: SecondDoor = { admit: () => 'REFUSED', agree: async (offer) => `to ${offer}` };

test('with the check off anyone on this machine is answered, the log says so, and the gateway still agrees on a seal', async () => {
  const lines: unknown[] = [];
  const door = answerAnyone(closed, 'credit', '127.0.0.1', { warn: (...line: unknown[]) => lines.push(line) });
  const call = await door.admit({ method: 'POST', target: '/graphql', headers: {} });
  expect(call).toMatchObject({ warrant: { caller: PUBLIC, purpose: null } });
  expect(typeof call !== 'string' && call.warrant.items.has('Person.name') && call.isSealedBody(Buffer.from('{}'))).toBe(true);
  expect(await door.agree('offer')).toBe('to offer');
  expect(JSON.stringify(lines)).toContain('WITHOUT A WARRANT');
});

test('it does not start where the library could be reached from elsewhere', () => {
  for (const host of ['0.0.0.0', '::', '10.0.0.7'])
    expect(() => answerAnyone(closed, 'credit', host, { warn: () => {} })).toThrow('127.0.0.1 only');
});
