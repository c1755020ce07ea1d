import { expect, test } from 'vitest';
import { composeSupergraph } from './compose-supergraph.ts';
import { libraryNamed, readLibraries, readLibrary } from './read-libraries.ts';

test('the libraries of the folder compose, in the order of their ports', () => {
  const libraries = readLibraries();
  expect(libraries.map((library) => `${library.order} ${library.name}`)).toEqual([
    '1 population',
    '2 legal-entity',
    '3 geospatial',
    '4 e-license',
    '5 credit',
  ]);
  expect(composeSupergraph(libraries).apiSdl).toMatch(/\bperson\([^)]*\bidNumber: String!\s*\): Person/);
});

test('opaque keys and the hub’s own directives are nowhere in what callers see', () => {
  const { apiSdl, supergraphSdl } = composeSupergraph(readLibraries());
  expect(apiSdl).not.toMatch(/type Person \{[^}]*\bid:/);
  expect(supergraphSdl).not.toContain('@item');
});

test('a library that is not there is refused with those that are', () => {
  expect(() => libraryNamed('tax')).toThrow(
    'There is no library "tax". There are: population, legal-entity, geospatial, e-license, credit.',
  );
});

test('a file without @library, or with another name in it, says what to mend', () => {
  expect(() => readLibrary('tax.graphql', 'type Query { a: Int }')).toThrow('schema/libraries/tax.graphql: no @library on the schema');
  const sdl = 'extend schema @library(name: "vat", title: "税", department: "税务局", uscc: "1", order: 6) type Query { a: Int }';
  expect(() => readLibrary('tax.graphql', sdl)).toThrow(
    'schema/libraries/tax.graphql: @library(name:) is "vat", but must be "tax" as the file is',
  );
});
