import { readDirectorySubgraph } from '@longyuan/schema/src/directory-subgraph.ts';
import { readVocabulary, subgraphDocument } from '@longyuan/schema/src/subgraph-document.ts';
import { type DocumentNode, isTypeDefinitionNode, Kind, print, visit } from 'graphql';
import { expect, test } from 'vitest';
import { buildDirectorySchema } from './answer-directory.ts';
import { resolvers } from './resolvers.ts';

const { document } = readDirectorySubgraph();
const enumsOf = (of: DocumentNode) =>
  new Map(
    of.definitions.flatMap((each) =>
      each.kind === Kind.ENUM_TYPE_DEFINITION ? [[each.name.value, each.values?.map(print)] as const] : [],
    ),
  );

test('words that the directory shares with the vocabulary mean the same in both', () => {
  const vocabulary = enumsOf(readVocabulary());
  const both = [...enumsOf(document)].filter(([name]) => vocabulary.has(name));
  expect(both.map(([name]) => name)).toEqual([
    'ShareType',
    'NoShareReason',
    'UpdateCycle',
    'ResourceFormat',
    'ShareMode',
    'DataType',
    'Mask',
  ]);
  for (const [name, values] of both) expect(values, name).toEqual(vocabulary.get(name));
});

test('everything is described and nothing is an item', () => {
  const silent: string[] = [];
  const say = (node: { name: { value: string }; description?: unknown }) => {
    if (!node.description) silent.push(node.name.value);
  };
  const isRoot = (name: string) => name === 'Query' || name === 'Mutation';
  // What geospatial describes is described there alone: composition keeps one of several descriptions.
  const isOwn = (name: string) => name !== 'AdministrativeDivision';
  visit(document, {
    ObjectTypeDefinition: (type) => (isOwn(type.name.value) ? undefined : false),
    InputValueDefinition: say,
    EnumValueDefinition: say,
    FieldDefinition: say,
    ScalarTypeDefinition: say,
  });
  for (const type of document.definitions.filter(isTypeDefinitionNode)) {
    if (!isRoot(type.name.value) && isOwn(type.name.value)) say(type);
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION || isRoot(type.name.value)) continue;
    expect(
      type.directives?.map((each) => each.name.value),
      type.name.value,
    ).toContain('structure');
  }
  expect(silent).toEqual([]);
  expect(print(document)).not.toMatch(/@(item|reads)\b/);
});

test('every resolver stands for a field that there is', () => {
  const schema = buildDirectorySchema({ document });
  for (const [name, fields] of Object.entries(resolvers)) {
    const type = schema.getType(name);
    const known = type && 'getFields' in type ? Object.keys(type.getFields()) : [];
    for (const field of Object.keys(fields).filter((each) => !each.startsWith('__'))) expect(known, `${name}.${field}`).toContain(field);
  }
  expect(subgraphDocument({ document }).definitions.length).toBeGreaterThan(10);
});
