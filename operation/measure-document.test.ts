import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { checkLimits } from './measure-document.ts';

const limits = { maxDepth: 3, maxSelections: 10, maxAliases: 3, maxRootFields: 10, maxChanges: 2, maxDirectives: 2 };
const check = (query: string) => checkLimits(parse(query), limits)?.message ?? null;

test('depth counts fields, through fragments, and not the fragments themselves', () => {
  expect(check('{ person { spouse { name } } }')).toBeNull();
  expect(check('{ person { ... on Person { spouse { ...N } } } } fragment N on Person { ... { name } }')).toBeNull();
  expect(check('{ person { spouse { ...N } } } fragment N on Person { spouse { name } }')).toBe(
    'The operation nests 4 fields deep; at most 3 are allowed (HUB_MAX_DEPTH).',
  );
});

test('selections are counted with every fragment written out', () => {
  expect(check('{ a b c d e f g h i j }')).toBeNull();
  expect(check('{ a ...F ...F } fragment F on Q { b c d e }')).toBe(
    'The operation selects 11 fields with its fragments written out; at most 10 are allowed (HUB_MAX_SELECTIONS).',
  );
});

test('other names, root fields and directives are counted, through fragments', () => {
  expect(check('{ a: n b: n c: n }')).toBeNull();
  expect(check('{ a: n ...F } fragment F on Q { b: n c: n d: n }')).toContain(
    '4 fields another name; at most 3 are allowed (HUB_MAX_ALIASES)',
  );
  expect(checkLimits(parse('{ a b ...F } fragment F on Q { c }'), { ...limits, maxRootFields: 2 })?.message).toContain(
    '3 root fields; at most 2 are allowed (HUB_MAX_ROOT_FIELDS)',
  );
  expect(check('mutation { a b }')).toBeNull();
  expect(check('mutation { a ...F } fragment F on M { b c }')).toContain('makes 3 changes; at most 2 are allowed (HUB_MAX_CHANGES)');
  expect(check('query @x { a @skip(if: false) ... @include(if: true) { b } }')).toContain('3 directives');
});

test('a thousand doublings are counted without being written out', () => {
  const fragments = Array.from({ length: 1_000 }, (_, n) => `fragment F${n + 1} on Q { ...F${n} ...F${n} }`).join(' ');
  expect(check(`{ ...F1000 } fragment F0 on Q { a } ${fragments}`)).toMatch(/selects countless fields/);
});

test('circles and unknown fragments are left to validation', () => {
  expect(check('{ ...A ...Z } fragment A on Q { ...B } fragment B on Q { ...A }')).toBeNull();
});

test('what nests so deep that reading it would fill the stack is refused, whatever it nests', () => {
  const within = (depth: number, open: string, close: string, inside = '') => open.repeat(depth) + inside + close.repeat(depth);
  const chain = (length: number) =>
    `{ ...F0 } ${Array.from({ length }, (_, n) => `fragment F${n} on Q { ...F${n + 1} }`).join(' ')} fragment F${length} on Q { a }`;
  const ways: Readonly<Record<string, (depth: number) => string>> = {
    'types of variables': (depth) => `query ($a: ${within(depth, '[', ']', 'Int')}) { a(b: $a) }`,
    lists: (depth) => `{ a(b: ${within(depth, '[', ']')}) }`,
    objects: (depth) => `{ a(b: ${within(depth, '{ c: ', '}', '1')}) }`,
    defaults: (depth) => `query ($a: [Int] = ${within(depth, '[', ']')}) { a(b: $a) }`,
    'fragments in fragments': (depth) => within(depth, '{ ...', '}', '{ a }'),
    'fragments one after another': chain,
  };
  for (const [what, write] of Object.entries(ways)) {
    expect(check(write(2)), what).toBeNull();
    expect(checkLimits(parse(write(1_200)), { ...limits, maxSelections: 5_000 })?.extensions, what).toMatchObject({
      code: 'OPERATION_TOO_COSTLY',
      limit: 'HUB_MAX_DEPTH',
    });
  }
});
