import { type ASTNode, concatAST, type DocumentNode, GraphQLError, getArgumentValues, parse, visit } from 'graphql';
import { validateSDL } from 'graphql/validation/validate.js';
import type { Library } from '../read-libraries.ts';
import { vocabularySchema } from '../read-sharing-facts.ts';

/** The directives of federation that libraries use; composition checks how. Declared here because a library only links them. */
const FEDERATION = parse(`
  directive @link(url: String!, as: String, for: String, import: [String]) repeatable on SCHEMA
  directive @key(fields: String!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
  directive @shareable repeatable on OBJECT | FIELD_DEFINITION
  directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION
  directive @external on OBJECT | FIELD_DEFINITION
  directive @requires(fields: String!) on FIELD_DEFINITION
  directive @provides(fields: String!) on FIELD_DEFINITION
  directive @override(from: String!, label: String) on FIELD_DEFINITION
`);

export type Misuse = Readonly<{ at: ASTNode; coordinate: string; message: string; mend: string }>;

/**
 * The SDL is valid together with the vocabulary: every directive is known, stands where it may and no oftener, and has the
 * arguments and values that `directives.graphql` declares. Comes before the rules: they read these directives.
 */
export function checkVocabulary(library: Library, vocabulary: DocumentNode): readonly Misuse[] {
  const schema = vocabularySchema(vocabulary);
  const known = new Map(schema.getDirectives().map((directive) => [directive.name, directive]));
  const misuses: Misuse[] = validateSDL(concatAST([vocabulary, FEDERATION, library.document])).map((error) => misuse(library, error));
  visit(library.document, {
    Directive(node) {
      const directive = known.get(node.name.value);
      if (!directive) return;
      // What the hub put itself stands in no file.
      if (directive.name === 'made' && node.loc)
        misuses.push({
          ...misuse(library, new GraphQLError('@made is put by the hub alone', { nodes: [node] })),
          mend: 'leave it out: the field is made where a key is open or a code has a table',
        });
      try {
        getArgumentValues(directive, node);
      } catch (error) {
        // Missing arguments are among validateSDL's own complaints; values of the wrong type are not.
        if (error instanceof GraphQLError && !error.message.includes('was not provided')) misuses.push(misuse(library, error));
      }
    },
  });
  return misuses;
}

function misuse(library: Library, error: GraphQLError): Misuse {
  const at = error.nodes?.[0] ?? library.document;
  return {
    at,
    coordinate: coordinateOf(library, at),
    message: error.message,
    mend: /[Dd]irective|[Aa]rgument/.test(error.message)
      ? 'say it as schema/directives.graphql declares it'
      : 'say it once, and of what there is',
  };
}

/** The type and field that a node stands in. */
function coordinateOf(library: Library, at: ASTNode): string {
  const names: string[] = [];
  for (const definition of library.document.definitions) {
    if (!holds(definition, at)) continue;
    if ('name' in definition && definition.name) names.push(definition.name.value);
    const field = 'fields' in definition ? definition.fields?.find((each) => holds(each, at)) : undefined;
    if (field) names.push(field.name.value);
  }
  return names.length > 0 ? names.join('.') : 'schema';
}

function holds(outer: ASTNode, inner: ASTNode): boolean {
  return (
    !!outer.loc &&
    !!inner.loc &&
    outer.loc.source === inner.loc.source &&
    outer.loc.start <= inner.loc.start &&
    inner.loc.end <= outer.loc.end
  );
}
