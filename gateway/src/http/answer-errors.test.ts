import { refuse } from '@longyuan/schema/src/refuse.ts';
import { expect, test } from 'vitest';
import { presentError } from './answer-errors.ts';

test('a known code leaves with what belongs to it and nothing else', () => {
  expect(
    presentError({
      message: 'The library credit does not answer.',
      path: ['persons', '@', 'credit'],
      extensions: {
        code: 'LIBRARY_UNAVAILABLE',
        library: 'credit',
        serviceName: 'credit',
        exception: { stacktrace: ['at x'] },
        url: 'http://10.0.0.7',
      },
    }),
  ).toEqual({
    message: 'The library credit does not answer.',
    path: ['persons', 'credit'],
    extensions: { code: 'LIBRARY_UNAVAILABLE', library: 'credit' },
  });
});

test.each([undefined, 'INTERNAL_SERVER_ERROR', 'INTERNAL', 'constructor', 7])(
  'code %s becomes INTERNAL and its message stays here',
  (code) => {
    expect(presentError({ message: 'password of 10.0.0.7', path: ['a'], extensions: { code, stacktrace: [] } })).toEqual({
      message: refuse('HUB_FAULT').message,
      path: ['a'],
      extensions: { code: 'INTERNAL' },
    });
  },
);

test('what Apollo calls malformed in six ways is BAD_USER_INPUT', () => {
  expect(
    presentError({
      message: 'Syntax Error: Expected Name',
      locations: [{ line: 1, column: 2 }],
      extensions: { code: 'GRAPHQL_PARSE_FAILED' },
    }),
  ).toEqual({
    message: 'Syntax Error: Expected Name',
    locations: [{ line: 1, column: 2 }],
    extensions: { code: 'BAD_USER_INPUT' },
  });
});
