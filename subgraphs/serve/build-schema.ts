import { buildSubgraphSchema } from '@apollo/subgraph';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import { subgraphDocument } from '@longyuan/schema/src/subgraph-document.ts';
import { type GraphQLSchema, Kind } from 'graphql';
import { boundLists } from './bound-lists.ts';
import type { ResolverMap } from './define-library.ts';
import { scalars } from './scalars.ts';
import { shieldRoots } from './shield-roots.ts';

/**
 * The executable, guarded schema of a library; one operation brings together at most so many list entries.
 * @throws Error naming the resolvers that speak of a type or field its SDL does not have.
 */
export function buildLibrarySchema(
  library: Pick<Library, 'name' | 'document'>,
  resolvers: ResolverMap,
  mostEntries = Number.POSITIVE_INFINITY,
): GraphQLSchema {
  const typeDefs = subgraphDocument(library);
  const declared = typeDefs.definitions.flatMap((each) => (each.kind === Kind.SCALAR_TYPE_DEFINITION ? [each.name.value] : []));
  const ownScalars = Object.fromEntries(declared.map((name) => [name, scalarNamed(name, library.name)]));
  // Apollo's type of resolvers knows no scalar given in parts, which it reads all the same.
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: { ...resolvers, ...ownScalars } as never }]);
  const strangers = strangersIn(schema, resolvers);
  if (strangers.length > 0)
    throw new Error(`schema/${library.name}.graphql does not have ${strangers.join(', ')}, for which there are resolvers`);
  boundLists(schema, mostEntries);
  shieldRoots(schema);
  return schema;
}

function scalarNamed(name: string, library: string) {
  const scalar = scalars[name];
  if (!scalar) throw new Error(`schema/${library}.graphql declares the scalar ${name}, which subgraphs/serve/scalars.ts does not write`);
  return scalar;
}

/** Apollo passes over a resolver whose field is misspelled; here it does not start. */
function strangersIn(schema: GraphQLSchema, resolvers: ResolverMap): readonly string[] {
  return Object.entries(resolvers).flatMap(([typeName, fields]) => {
    const type = schema.getType(typeName);
    if (!type) return [typeName];
    const known = 'getFields' in type ? type.getFields() : {};
    return Object.keys(fields)
      .filter((field) => !field.startsWith('__') && !Object.hasOwn(known, field))
      .map((field) => `${typeName}.${field}`);
  });
}
