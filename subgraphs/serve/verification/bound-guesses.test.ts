import type { Caller } from '@longyuan/access/caller.ts';
import { expect, test } from 'vitest';
import { boundGuesses, type Guess } from './bound-guesses.ts';

const bureau = (sub: string, uscc = '11629901000000027G'): Caller => ({ kind: 'department', sub, uscc, role: 'developer', region: null });

const wrong = (guess: Guess) => guess.settle(false);

test('a department that guesses wrong about one person too often is refused, whichever account asks', () => {
  const guess = boundGuesses({ ofSubject: 3, ofCaller: 100 });
  for (const sub of ['a', 'b', 'c']) wrong(guess(bureau(sub), '1'));
  expect(() => guess(bureau('d'), '1')).toThrow('3 mismatches about one subject');
  expect(() => guess(bureau('d'), '2')).not.toThrow();
  expect(() => guess(bureau('a', '11629901000000019M'), '1')).not.toThrow();
});

test('of many begun at once no more are told than the bound, and then the right one is refused, too', () => {
  const guess = boundGuesses({ ofSubject: 2, ofCaller: 100 });
  const begun = Array.from({ length: 20 }, () => guess(bureau('a'), '1'));
  begun[0]?.settle(true);
  for (const each of begun.slice(1, 3)) wrong(each);
  expect(() => begun[3]?.settle(false)).toThrow('2 mismatches');
  expect(() => begun[4]?.settle(true)).toThrow('2 mismatches');
});

test('matches cost nothing, one after the other or at once', () => {
  const guess = boundGuesses({ ofSubject: 2, ofCaller: 3 });
  for (let call = 0; call < 50; call += 1) guess(bureau('a'), '1').settle(true);
  const begun = Array.from({ length: 50 }, () => guess(bureau('a'), '1'));
  for (const each of begun) each.settle(true);
  expect(() => guess(bureau('a'), '1')).not.toThrow();
});

test('guessing about ever other people is bounded, too', () => {
  const guess = boundGuesses({ ofSubject: 3, ofCaller: 10 });
  for (let person = 0; person < 10; person += 1) wrong(guess(bureau('a'), String(person)));
  expect(() => guess(bureau('a'), 'another')).toThrow('10 mismatches in all');
});

test('of ever other people the last 200,000 are remembered', () => {
  const guess = boundGuesses({ ofSubject: 1, ofCaller: 1_000_000 });
  for (let person = 0; person < 200_000; person += 1) wrong(guess(bureau('a'), String(person)));
  expect(() => guess(bureau('a'), '0')).toThrow('about one subject');
  wrong(guess(bureau('a'), 'one more'));
  wrong(guess(bureau('a'), 'and one more'));
  expect(() => guess(bureau('a'), '1')).not.toThrow();
  expect(() => guess(bureau('a'), 'one more')).toThrow('about one subject');
});
