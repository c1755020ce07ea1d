import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';

const PEOPLE = { field: 'Query.people', order: 'name' };

test('a cursor gives back the values it was made of', () => {
  expect(decodeCursor(encodeCursor(PEOPLE, ['王·五', 7]), PEOPLE, 2)).toEqual(['王·五', 7]);
});

test.each([
  '',
  'not a cursor',
  encodeCursor(PEOPLE, ['one too few']),
  encodeCursor(PEOPLE, ['no text: \u0000', 1]),
  encodeCursor({ field: 'Query.firms', order: 'name' }, ['of another list', 1]),
  encodeCursor({ field: 'Query.people', order: 'age' }, ['in another order', 1]),
  encodeCursor({ field: 'Query.people' }, ['in the plain order', 1]),
  Buffer.from('[null,{}]').toString('base64url'),
  Buffer.from('"ab"').toString('base64url'),
])('a cursor that no page gave is bad user input: %j', (text) => {
  expect(() => decodeCursor(text, PEOPLE, 2)).toThrowError(
    expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_USER_INPUT', argument: 'Query.people(after:)' }) }),
  );
});
