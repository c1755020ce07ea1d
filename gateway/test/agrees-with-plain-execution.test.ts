import { createHash } from 'node:crypto';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { PUBLIC } from '@longyuan/access/caller.ts';
import { composeSupergraph } from '@longyuan/schema/src/compose-supergraph.ts';
import { type Library, readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { directiveArguments } from '@longyuan/schema/src/sdl-node.ts';
import { subgraphDocument } from '@longyuan/schema/src/subgraph-document.ts';
import { openLog } from '@longyuan/settings/log.ts';
import {
  buildSchema,
  execute,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNullableType,
  graphql,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  Kind,
  validate,
} from 'graphql';
import { expect, test } from 'vitest';
import { drawOperation } from '../../test/draw-operation.ts';
import { operationIn } from '../../test/operation-in.ts';
import { patience } from '../../test/patience.ts';
import type { LibrarySource } from '../src/libraries/library-source.ts';
import { openGateway } from '../src/plan/open-gateway.ts';
import { keepPlainOperations, underCallersNames } from '../src/plan/plain-operations.ts';
import { openBudget } from '../src/request/request-budget.ts';

// The gateway over the libraries' own schema, each library answering made-up values that follow from where they stand, held against a plain
// execution of the same operation over the one merged schema with the same values.

const OPERATIONS = 2_000;
const SEED = 20_261_130;

const libraries = readLibraries();
const { supergraphSdl, apiSdl } = composeSupergraph(libraries);
const merged = buildSchema(apiSdl);

/** Anything that is no value: where it stands tells all that is below it. */
type Thing = Readonly<{ __typename: string; at: string }>;

const numberAt = (text: string): number => createHash('sha1').update(text).digest().readUInt32BE(0);

const keyOf = new Map(
  libraries.flatMap(({ document }) =>
    document.definitions.flatMap((definition) => {
      if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return [];
      const key = definition.directives?.find(({ name }) => name.value === 'key');
      return key ? [[definition.name.value, String(directiveArguments(key)['fields'])] as const] : [];
    }),
  ),
);

/** The made-up value of a field: an entity's key says where it stands, everything else follows from that. */
const answer: GraphQLFieldResolver<unknown, unknown> = (parent, args, _context, { fieldName, parentType, returnType, schema }) => {
  const { at } = (parent ?? { at: 'root' }) as Thing;
  if (keyOf.get(parentType.name) === fieldName) return at;
  const place = `${at}/${parentType.name}.${fieldName}${JSON.stringify(args)}`;
  return madeUp(returnType, place, schema);
};

function madeUp(type: GraphQLOutputType, place: string, schema: GraphQLSchema): unknown {
  if (!isNonNullType(type) && numberAt(`null ${place}`) % 9 === 0) return null;
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    return Array.from({ length: numberAt(`length ${place}`) % 4 }, (_, nth) => madeUp(nullable.ofType, `${place}.${nth}`, schema));
  }
  const number = numberAt(place);
  if (isEnumType(nullable)) return nullable.getValues()[number % nullable.getValues().length]?.value;
  if (isCompositeType(nullable)) {
    const kinds = isAbstractType(nullable) ? [...schema.getPossibleTypes(nullable)].map(({ name }) => name).sort() : [nullable.name];
    const __typename = kinds[number % kinds.length] ?? nullable.name;
    // Keys are short, whatever the way there: an entity may be reached over any number of others.
    return { __typename, at: keyOf.has(__typename) ? `${__typename}-${number}` : place };
  }
  switch (String(nullable)) {
    case 'Int':
      return number % 1_000;
    case 'Float':
      return (number % 1_000) / 4;
    case 'Boolean':
      return number % 2 === 0;
    default:
      return `${nullable} ${number % 10_000}`;
  }
}

function sourceOf(library: Library): LibrarySource {
  const resolvers = Object.fromEntries(
    [...keyOf].map(([name, key]) => [
      name,
      { __resolveReference: (reference: Record<string, string>) => ({ __typename: name, at: reference[key] }) },
    ]),
  );
  const schema = buildSubgraphSchema([{ typeDefs: subgraphDocument(library), resolvers: only(resolvers, library) }]);
  return {
    process: async ({ request }) => {
      const { data, errors } = await graphql({
        schema,
        source: request.query ?? '',
        variableValues: request.variables ?? {},
        rootValue: { at: 'root' },
        fieldResolver: answer,
      });
      const written = data ? { data: JSON.parse(JSON.stringify(data)) } : {};
      return errors ? { ...written, errors: errors.map((error) => error.toJSON()) } : written;
    },
    close: async () => {},
  };
}

/** Of the entities, those that a library declares. */
function only<Each>(all: Readonly<Record<string, Each>>, { document }: Library): Record<string, Each> {
  const declared = new Set(document.definitions.flatMap((each) => ('name' in each && each.name ? [each.name.value] : [])));
  return Object.fromEntries(Object.entries(all).filter(([name]) => declared.has(name)));
}

test(`${OPERATIONS} operations with fragments in fragments are answered as a plain execution answers them`, {
  timeout: patience(600_000),
}, async () => {
  const sources = new Map(libraries.map((library) => [library.name, sourceOf(library)]));
  const gateway = await openGateway({ log: openLog('test', { logLevel: 'silent' }), supergraphSdl, sources, maxFetches: 10_000 });
  const plainOf = keepPlainOperations(supergraphSdl);
  let state = SEED;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  let abstract = 0;
  for (let drawn = 0; drawn < OPERATIONS; drawn += 1) {
    const { source, variables } = drawOperation(merged, draw);
    const operation = operationIn(merged, source);
    const { document } = operation;
    expect(validate(merged, document), source).toEqual([]);
    if (source.includes('... on')) abstract += 1;
    const plain = await execute({ schema: merged, document, variableValues: variables, rootValue: { at: 'root' }, fieldResolver: answer });
    const plainly = plainOf(operation, operation.root, source);
    const request = { document, request: { query: source, variables }, context: { caller: PUBLIC, budget: openBudget('test', 60_000) } };
    // Apollo types more than its gateway reads.
    const answered = await gateway.ask(request as unknown as Parameters<typeof gateway.ask>[0], plainly);
    const told = plainly.hasOwnNames ? underCallersNames(answered) : answered;
    expect({ source, errors: told.errors ?? [], data: told.data }).toEqual({
      source,
      errors: [],
      data: JSON.parse(JSON.stringify(plain.data)),
    });
  }
  expect(abstract).toBeGreaterThan(OPERATIONS / 2);
  await gateway.stop();
});
