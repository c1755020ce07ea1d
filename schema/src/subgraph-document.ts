import { type DocumentNode, Kind, visit } from 'graphql';
import type { Library } from './read-libraries.ts';
import { parseSdl, readSdlFile } from './read-sdl-file.ts';

const VOCABULARY_FILE = new URL('../directives.graphql', import.meta.url);
const NAME = 'schema/directives.graphql';

/** The sharing vocabulary: the directives of `directives.graphql`, with the types of their arguments. */
export function readVocabulary(): DocumentNode {
  return parseSdl(readSdlFile(VOCABULARY_FILE, NAME), NAME);
}

/** The library's SDL without the hub's own directives: what federation composes and what the subgraph serves. */
export function subgraphDocument(library: Pick<Library, 'document'>, vocabulary: DocumentNode = readVocabulary()): DocumentNode {
  const ours = new Set(
    vocabulary.definitions.flatMap((definition) => (definition.kind === Kind.DIRECTIVE_DEFINITION ? [definition.name.value] : [])),
  );
  return visit(library.document, { Directive: (directive) => (ours.has(directive.name.value) ? null : undefined) });
}
