import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';

test('a cursor gives back the values it was made of', () => {
  expect(decodeCursor(encodeCursor(['王·五', 7]), 2)).toEqual(['王·五', 7]);
});

test.each([
  '',
  'not a cursor',
  encodeCursor(['one too few']),
  encodeCursor(['no text: \u0000', 1]),
  Buffer.from('[null,{}]').toString('base64url'),
  Buffer.from('"ab"').toString('base64url'),
])('a cursor that no page gave is bad user input: %j', (text) => {
  expect(() => decodeCursor(text, 2)).toThrowError(
    expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_USER_INPUT', argument: 'after' }) }),
  );
});
