import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { anItem, smallLibrary } from '../../test/schema/complaints-about.ts';
import { readPlainly } from '../../test/schema/read-plainly.ts';
import { walkQuery } from '../../test/schema/walk-query.ts';
import { composeSupergraph } from './compose-supergraph.ts';
import { readDirectorySubgraph } from './directory-subgraph.ts';
import { publicSchema } from './public-schema.ts';
import { readLibraries, readLibrary } from './read-libraries.ts';

const libraries = readLibraries();
const beside = [readDirectorySubgraph()];
const apiSdl = composeSupergraph(libraries, beside).apiSdl;
const publicSdl = publicSchema(libraries, apiSdl, beside);

/** The public schema after one library's SDL was changed; nothing else is touched. */
function publicAfter(libraryName: string, edit: (sdl: string) => string): string {
  const changed = libraries.map((library) => {
    if (library.name !== libraryName) return library;
    const sdl = edit(library.sdl);
    expect(sdl).not.toBe(library.sdl);
    return readLibrary(`${library.name}.graphql`, sdl);
  });
  return publicSchema(changed, composeSupergraph(changed, beside).apiSdl, beside);
}

test('no way through the public schema reaches an item that is not open', () => {
  const said = readPlainly(libraries);
  const reached = walkQuery(buildSchema(publicSdl));
  expect(reached.fields.size).toBeGreaterThan(120);
  expect([...reached.fields].filter((field) => !said.mayBePublic(field))).toEqual([]);
  expect(reached.inputs.filter(([input, field]) => !said.mayBeAsked(input, field))).toEqual([]);
});

test('the walk would find each item that is not open, each filter that reads one and each value that does', () => {
  // The same walk over the whole schema: what it complains about there is what the public schema leaves out.
  const said = readPlainly(libraries);
  const reached = walkQuery(buildSchema(apiSdl));
  const found = [...reached.fields].filter((field) => !said.mayBePublic(field) && said.isOfLibraries(field));
  expect(found).toEqual(
    said.heldFields.filter((field) => reached.fields.has(field)).sort((one, other) => found.indexOf(one) - found.indexOf(other)),
  );
  expect(found.length).toBeGreaterThan(50);
  expect(reached.inputs.filter(([input, field]) => !said.mayBeAsked(input, field)).map(([input]) => input)).toEqual(
    expect.arrayContaining([
      'Query.person(idNumber:)',
      'IdentityInput.photoDigest',
      'Query.searchPersons(sex:)',
      'Query.license(identifier:)',
    ]),
  );
});

test('everything in the public schema can be reached, so no type, value or description is there for something that is gone', () => {
  const schema = buildSchema(publicSdl);
  const { types } = walkQuery(schema);
  const there = Object.keys(schema.getTypeMap()).filter((name) => !name.startsWith('__') && !['String', 'Boolean'].includes(name));
  expect(there.filter((name) => !types.has(name))).toEqual([]);
});

test('people, addresses and real estate do not exist for the public, nor do the words about them', () => {
  for (const word of [
    'Person ',
    'StandardAddress',
    'RealEstateUnit',
    'searchPersons',
    'IdentityInput',
    'Household',
    '身份证',
    '死亡',
    '抵押',
    'Mutation',
  ]) {
    expect(publicSdl).not.toContain(word);
  }
  expect(buildSchema(publicSdl).getMutationType()).toBeUndefined();
});

test('an item that is open for the rows of a predicate is there, for its owner hides the other rows; what is closed beside it is not', () => {
  const { fields } = walkQuery(buildSchema(publicSdl));
  for (const field of ['Penalty.fine', 'License.number', 'AnnualReport.revenue', 'LegalEntity.tax']) expect(fields).toContain(field);
  for (const field of ['License.identifier', 'License.holder', 'CreditSummary.grade']) expect(fields).not.toContain(field);
});

test('whatever is said to be open stands in the public schema, under whichever predicate', () => {
  const { fields } = walkQuery(buildSchema(publicSdl));
  const open = readPlainly(libraries).openFields;
  expect(open.length).toBeGreaterThan(120);
  expect(open.filter((field) => !fields.has(field))).toEqual([]);
});

test('open statistics may be grouped by items that are not open, and by nothing else', () => {
  expect(publicSdl).toContain('enum StatDimension');
  expect(publicSdl).toContain('ETHNICITY');
  const withoutSex = publicAfter('population', (sdl) =>
    sdl.replace('  "性别."\n  SEX @reads(item: "P003")\n', '').replace(/(code: "P003".*), aggregate: true/, '$1'),
  );
  expect(withoutSex).not.toContain('SEX');
  expect(withoutSex).toContain('ETHNICITY');
});

test('a filter by such an item is no statistic, and gone', () => {
  const library = smallLibrary(`
    type Query {
      search(uscc: ID @reads(item: "T001"), sex: String @reads(item: "T002")): [Taxpayer!] @structure
      count(sex: String @reads(item: "T002")): [Cell!] ${anItem.open('T003')}
    }
    type Taxpayer @key(fields: "uscc") { uscc: ID! ${anItem.open('T001')} sex: String ${anItem.conditional('T002').replace('type: C', 'type: C, aggregate: true')} }
    type Cell @structure { count: Int suppressed: Boolean! }`);
  const api = `
    type Query { search(uscc: ID, sex: String): [Taxpayer!] count(sex: String): [Cell!] }
    type Taxpayer { uscc: ID! sex: String }
    type Cell { count: Int suppressed: Boolean! }`;
  expect(publicSchema([library], api)).toMatch(
    /search\(uscc: ID\): \[Taxpayer!\]\s+count\(sex: String\)[\s\S]*type Taxpayer \{\s+uscc: ID!\s+\}/,
  );
});

test('where nothing is open there is no public schema', () => {
  const library = smallLibrary(`type Query { arrears: Float ${anItem.conditional('T001')} }`);
  expect(() => publicSchema([library], 'type Query { arrears: Float }')).toThrow('Nothing of the libraries is open');
});

test('opening one item in one file opens its field', () => {
  expect(publicSdl).not.toMatch(/type LegalEntity \{[^}]*\bphone:/);
  const sdl = publicAfter('legal-entity', (before) =>
    before.replace(
      'share: CONDITIONAL, basis: "《市场主体登记管理条例》第三十五条", open: false, level: 2, type: C, length: 20',
      'share: UNCONDITIONAL, open: true, level: 1, type: C, length: 20',
    ),
  );
  expect(sdl).toMatch(/type LegalEntity \{[^}]*\bphone: String/);
});

test('closing one item takes its field, the filters that read it, and what cannot be asked without them', () => {
  const close = (code: string) => (sdl: string) =>
    sdl.replaceAll(new RegExp(`(@item\\(code: "${code}".*?)open: true, level: 1`, 'g'), '$1open: false, level: 2');
  const withoutRepresentative = publicAfter('legal-entity', close('L005'));
  expect(withoutRepresentative).not.toContain('legalRepName');
  expect(withoutRepresentative).toContain('verifyLegalEntity');

  const withoutName = publicAfter('legal-entity', close('L002'));
  expect(withoutName).not.toMatch(/searchLegalEntities\([^)]*\bname:/);
  for (const gone of ['verifyLegalEntity', 'Verification', 'MatchResult', 'MISMATCH']) {
    expect(publicSdl).toContain(gone);
    expect(withoutName).not.toContain(gone);
  }
});

test('closing the last open item of a resource takes the resource, its connection and its filters', () => {
  const sdl = publicAfter('geospatial', (before) =>
    before.replaceAll(/(@item\(code: "G030".*?)open: true, level: 1/g, '$1open: false, level: 2'),
  );
  for (const gone of ['type Poi ', 'PoiConnection', 'PointInput', 'pois', '兴趣点']) {
    expect(publicSdl).toContain(gone);
    expect(sdl).not.toContain(gone);
  }
});

test('a list of several kinds is there only where every kind is, for an answer would name and count the others', () => {
  const api = `
    type Query { records: [Record!] permits: [Permit!] }
    interface Record { note: String }
    type Permit implements Record { note: String }
    type Arrear implements Record { note: String }`;
  const publicWith = (arrears: string) =>
    publicSchema(
      [
        smallLibrary(`
          type Query { records: [Record!] @structure permits: [Permit!] @structure }
          interface Record { note: String }
          type Permit implements Record @key(fields: "note") { note: String ${anItem.open('T001')} }
          type Arrear implements Record @key(fields: "note") { note: String ${arrears} }`),
      ],
      api,
    );
  expect(publicWith(anItem.open('T002'))).toMatch(/records: \[Record!\][\s\S]*type Arrear implements Record/);
  expect(publicWith(anItem.conditional('T002'))).toMatch(/type Query \{\s+permits: \[Permit!\]\s+\}/);
  expect(publicWith(anItem.conditional('T002'))).not.toMatch(/Arrear|Record/);
});
