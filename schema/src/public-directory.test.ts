import { readFileSync } from 'node:fs';
import { buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import { readDirectoryMarks } from '../../test/schema/read-plainly.ts';
import { walkQuery } from '../../test/schema/walk-query.ts';
import { composeSupergraph } from './compose-supergraph.ts';
import { readDirectorySubgraph } from './directory-subgraph.ts';
import { publicSchema } from './public-schema.ts';
import { readLibraries } from './read-libraries.ts';

const libraries = readLibraries();
const directory = readDirectorySubgraph();
const { apiSdl } = composeSupergraph(libraries, [directory]);
const publicSdl = publicSchema(libraries, apiSdl, [directory]);

test('of the directory the public has what it marks: resources, items and providers, and nothing that names the graph of the departments', () => {
  const { fields, inputs, types } = walkQuery(buildSchema(publicSdl));
  for (const field of ['Query.resources', 'Resource.items', 'Item.basis', 'Provider.division']) expect(fields).toContain(field);
  const known = new Set([...fields, ...inputs.map(([input]) => input)]);
  const values = (mark: string) => /\.[A-Z_]+$/.test(mark) && types.has(mark.split('.')[0] ?? '');
  expect([...readDirectoryMarks()].filter((mark) => !known.has(mark) && !values(mark))).toEqual([]);
  for (const field of ['Resource.graphqlType', 'Resource.library', 'Item.graphqlPath', 'Item.fields', 'ResourceVersion.changes']) {
    expect(fields).not.toContain(field);
  }
});

test('what the directory does not mark is not public: fields, the types behind them, arguments, inputs and enums', () => {
  const without = (mark: string) => {
    const sdl = readFileSync(new URL('../directory.graphql', import.meta.url), 'utf8');
    expect(sdl).toContain(mark);
    return publicSchema(libraries, apiSdl, [{ document: parse(sdl.replace(mark, mark.replace(' @public', ''))) }]);
  };
  expect(without('  items: [Item!] @public')).not.toMatch(/type Item |LaxerClass|enum Mask/);
  expect(without('  onHub: Boolean @structure @public')).not.toMatch(/input ResourceFilter \{[^}]*onHub/);
  expect(without('    filter: ResourceFilter @structure @public')).not.toMatch(/ResourceFilter/);
  expect(without('    code: ID! @format(maxLength: 40) @structure @public')).not.toMatch(/ resource\(/);
  expect(without('enum ShareType @public')).not.toMatch(/ShareType/);
  expect(publicSchema(libraries, apiSdl)).not.toMatch(/Resource|Provider/);
});

test('a library opens nothing by a mark', () => {
  const marked = parse('type Person { idNumber: String @public } type Query { person(idNumber: String @public): Person @public }');
  expect(publicSchema(libraries, apiSdl, [{ document: marked }])).toBe(publicSchema(libraries, apiSdl));
});
