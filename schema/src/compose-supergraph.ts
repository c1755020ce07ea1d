import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import { printSchema } from 'graphql';
import { assertSchema, refuseComplaints } from './check-schema.ts';
import { openWithoutEffect } from './open-without-effect.ts';
import type { Library } from './read-libraries.ts';
import { readVocabulary, subgraphDocument } from './subgraph-document.ts';

/** The supergraph that the gateway plans over, and the schema that its callers see. Both as SDL. */
export type Composition = Readonly<{ supergraphSdl: string; apiSdl: string }>;

/**
 * Composes the libraries' SDL, and subgraphs that are no library (the directory) beside them. Needs no running subgraph.
 * @throws Error that lists every reason why the libraries do not compose: first what the schema rules complain about, where they have
 * nothing to say, what federation does, and then what is said to be open and nobody could have.
 */
export function composeSupergraph(libraries: readonly Library[], beside: readonly Pick<Library, 'name' | 'document'>[] = []): Composition {
  assertSchema(libraries);
  const vocabulary = readVocabulary();
  const result = composeServices(
    [...libraries, ...beside].map((library) => ({
      name: library.name,
      // The gateway finds a library by its name; no address is part of the supergraph.
      url: `library:${library.name}`,
      typeDefs: subgraphDocument(library, vocabulary),
    })),
  );
  if (result.errors) {
    throw new Error(`The libraries do not compose:\n  ${result.errors.map((error) => error.message).join('\n  ')}`);
  }
  const api = Supergraph.build(result.supergraphSdl).apiSchema();
  const apiSdl = printSchema(api.toGraphQLJSSchema());
  refuseComplaints(openWithoutEffect(libraries, apiSdl, beside));
  return { supergraphSdl: result.supergraphSdl, apiSdl };
}
