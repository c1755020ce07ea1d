import { expect, test } from 'vitest';
import { smallLibrary } from '../../../test/schema/complaints-about.ts';
import { checkSchema, printComplaint } from '../check-schema.ts';

const complaints = (sdl: string) => checkSchema([smallLibrary(sdl)]).map(printComplaint);
const mend = 'mend: say it as schema/directives.graphql declares it';

test('an unknown directive, argument and value are named at their place', () => {
  const sdl = `
    type Query {
      a: Int @itme(code: "T001")
      b: Int @structure(why: "counts")
      c: Int @item(code: "T001", title: "税", share: SOMETIMES, open: true, level: 1, type: C)
    }`;
  expect(complaints(sdl)).toEqual([
    `schema/libraries/tax.graphql:3 Query.a: Unknown directive "@itme". → ${mend}`,
    `schema/libraries/tax.graphql:4 Query.b: Unknown argument "why" on directive "@structure". → ${mend}`,
    `schema/libraries/tax.graphql:5 Query.c: Argument "share" has invalid value SOMETIMES. → ${mend}`,
  ]);
});

test('no class has a default: what is not said is asked for', () => {
  expect(complaints('type Query { a: Int @item(code: "T001", title: "税", open: true, level: 1, type: C) }')).toEqual([
    `schema/libraries/tax.graphql:2 Query.a: Directive "@item" argument "share" of type "ShareType!" is required, but it was not provided. → ${mend}`,
  ]);
});

test('a directive in the wrong place is refused', () => {
  expect(complaints('enum Kind @structure { A }')).toEqual([
    `schema/libraries/tax.graphql:2 Kind: Directive "@structure" may not be used on ENUM. → ${mend}`,
  ]);
});

test('a library does not say of its own field that the hub made it', () => {
  expect(complaints('type Query { a: Int @structure b: Int @structure @made(of: "a") }')).toEqual([
    'schema/libraries/tax.graphql:2 Query.b: @made is put by the hub alone → mend: leave it out: the field is made where a key is open or a code has a table',
  ]);
});
