import type { Caller } from '@longyuan/schema/src/access/caller.ts';
import { expect, test } from 'vitest';
import { boundGuesses } from './bound-guesses.ts';

const bureau = (sub: string, uscc = '11629901000000027G'): Caller => ({ kind: 'department', sub, uscc, role: 'developer', region: null });

test('a department that guesses wrong about one person too often is refused, whichever account asks', () => {
  const guess = boundGuesses({ ofSubject: 3, ofCaller: 100 });
  for (const sub of ['a', 'b', 'c']) guess(bureau(sub), '1');
  expect(() => guess(bureau('d'), '1')).toThrow('3 mismatches about one subject');
  expect(() => guess(bureau('d'), '2')).not.toThrow();
  expect(() => guess(bureau('a', '11629901000000019M'), '1')).not.toThrow();
});

test('matches cost nothing, and many verifications at once are no way around', () => {
  const guess = boundGuesses({ ofSubject: 2, ofCaller: 100 });
  for (let call = 0; call < 50; call += 1) guess(bureau('a'), '1').takeBack();
  const open = [guess(bureau('a'), '1'), guess(bureau('a'), '1')];
  expect(() => guess(bureau('a'), '1')).toThrow('2 mismatches');
  open[0]?.takeBack();
  expect(() => guess(bureau('a'), '1')).not.toThrow();
});

test('guessing about ever other people is bounded, too', () => {
  const guess = boundGuesses({ ofSubject: 3, ofCaller: 10 });
  for (let person = 0; person < 10; person += 1) guess(bureau('a'), String(person));
  expect(() => guess(bureau('a'), 'another')).toThrow('10 mismatches in all');
});
