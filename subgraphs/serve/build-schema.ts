import { buildSubgraphSchema } from '@apollo/subgraph';
import { rootsOfItems } from '@longyuan/access/offices.ts';
import { shieldRoots } from '@longyuan/access/shield-roots.ts';
import { boundLists } from '@longyuan/operation/bound-lists.ts';
import { openLibraryFolder } from '@longyuan/prisma/store/migrate/find-libraries.ts';
import { readModelsOf } from '@longyuan/prisma/store/read-models.ts';
import { answerMade } from '@longyuan/schema/src/answer-made.ts';
import { readCodeTables } from '@longyuan/schema/src/code-tables.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { scalarsOf } from '@longyuan/schema/src/scalars.ts';
import { subgraphDocument } from '@longyuan/schema/src/subgraph-document.ts';
import type { GraphQLSchema } from 'graphql';
import type { ResolverMap } from './define-library.ts';
import { checkRows } from './rows/check-rows.ts';
import { guardCells } from './rows/guard-cells.ts';
import { refuseOthers } from './rows/refuse-others.ts';
import { makeRowGuard, type Predicates } from './rows/row-guard.ts';

/**
 * The executable, guarded schema of a library; one operation brings together at most so many values of lists.
 * @throws Error naming the resolvers that speak of a type or field its SDL does not have, or what does not fit between the SDL, the
 * predicates and the tables.
 */
export function buildLibrarySchema(
  library: Library,
  { resolvers, predicates = {} }: { resolvers: ResolverMap; predicates?: Predicates | undefined },
  mostValues = Number.POSITIVE_INFINITY,
): GraphQLSchema {
  const typeDefs = subgraphDocument(library);
  const ownScalars = scalarsOf(typeDefs, `schema/libraries/${library.name}.graphql`);
  // Apollo's type of resolvers knows no scalar given in parts, which it reads all the same.
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: { ...resolvers, ...ownScalars } as never }]);
  const strangers = strangersIn(schema, resolvers);
  if (strangers.length > 0)
    throw new Error(`schema/libraries/${library.name}.graphql does not have ${strangers.join(', ')}, for which there are resolvers`);
  const sharing = readSharingFacts([library]);
  answerMade(schema, library.document, readCodeTables([library]));
  const rows = { library: library.name, sharing, predicates, models: readModelsOf(openLibraryFolder(library.name)) };
  checkRows(rows);
  const guard = makeRowGuard(rows);
  schema.extensions = { ...schema.extensions, rowGuard: guard };
  guardCells(schema, guard);
  refuseOthers(schema, guard);
  boundLists(schema, mostValues);
  shieldRoots(schema, rootsOfItems(sharing));
  return schema;
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
