import { expect, test } from 'vitest';
import { checkSchema, printComplaint } from './check-schema.ts';
import { composeSupergraph } from './compose-supergraph.ts';
import { type Library, readLibraries, readLibrary } from './read-libraries.ts';

function edited(libraryName: string, edit: (sdl: string) => string): readonly Library[] {
  return readLibraries().map((library) =>
    library.name === libraryName ? readLibrary(`${library.name}.graphql`, edit(library.sdl)) : library,
  );
}

test('nothing is wrong with the libraries of the hub', () => {
  expect(checkSchema(readLibraries()).map(printComplaint)).toEqual([]);
});

test('a wrong schema does not compose, and every complaint is told with its place and how to mend it', () => {
  const libraries = edited('population', (sdl) =>
    sdl
      .replace('phone: String\n    @item(code: "P032"', 'fax: String\n  "电话"\n  phone: String!\n    @item(code: "P032"')
      .replace('basis: "《社会保险法》第九十二条", ', ''),
  );
  const told = [
    'Person.fax: is neither @item, @key nor @structure, so nobody can tell who may have it → mend: ',
    'Person.phone: is an item and non-null: where it is refused the whole parent would be null → mend: ',
    'Person.insurances: P040 is CONDITIONAL and names no basis → mend: ',
  ];
  const complaints = checkSchema(libraries).map(printComplaint);
  expect(complaints).toEqual(told.map((start) => expect.stringMatching(`^schema/libraries/population.graphql:\\d+ ${start}`)));
  expect(() => composeSupergraph(libraries)).toThrow(`The libraries do not compose:\n  ${complaints.join('\n  ')}`);
});

test('a complaint stands at the line and column of what is wrong', () => {
  const [complaint] = checkSchema(edited('credit', (sdl) => sdl.replace('  fine: Float\n', '  fine: Float!\n')));
  const line = edited('credit', (sdl) => sdl)
    .find((library) => library.name === 'credit')
    ?.sdl.split('\n')
    .indexOf('  fine: Float');
  expect(complaint).toMatchObject({
    file: 'schema/libraries/credit.graphql',
    line: (line ?? 0) + 1,
    column: 9,
    coordinate: 'Penalty.fine',
  });
});

test('where the vocabulary is used wrongly only that is told', () => {
  const complaints = checkSchema(
    edited('credit', (sdl) => sdl.replace('updateCycle: DAILY', 'updateCycle: SOMETIMES').replace('fine: Float\n', 'fine: Float!\n')),
  );
  expect(complaints.map((complaint) => complaint.message)).toEqual(['Argument "updateCycle" has invalid value SOMETIMES.']);
});
