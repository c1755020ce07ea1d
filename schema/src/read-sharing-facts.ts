import {
  buildASTSchema,
  type ConstDirectiveNode,
  type DirectiveNode,
  type DocumentNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  getArgumentValues,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  type TypeDefinitionNode,
  type TypeExtensionNode,
} from 'graphql';
import type { Library } from './read-libraries.ts';
import { bears, fieldSetOf, namedType } from './sdl-node.ts';
import {
  type FieldFacts,
  type InputFacts,
  type ItemFacts,
  NO_SCOPE,
  type QualityFacts,
  type ResourceFacts,
  SharingFacts,
  type TypeFacts,
} from './sharing-facts.ts';
import { readVocabulary } from './subgraph-document.ts';

/**
 * Reads what the libraries' SDL says about sharing.
 * @throws GraphQLError at the first directive whose arguments are not of the vocabulary; `checkSchema` lists them all.
 */
export function readSharingFacts(libraries: readonly Library[], vocabulary: DocumentNode = readVocabulary()): SharingFacts {
  const schema = vocabularySchema(vocabulary);
  return new SharingFacts(libraries.flatMap((library) => readTypes(library, schema)));
}

/** The vocabulary as a schema, so that directives and the types of their arguments can be looked up. */
export function vocabularySchema(vocabulary: DocumentNode): GraphQLSchema {
  return buildASTSchema(vocabulary, { assumeValidSDL: true });
}

function readTypes(library: Library, schema: GraphQLSchema): TypeFacts[] {
  const enums = new Set(library.document.definitions.flatMap((node) => (node.kind === Kind.ENUM_TYPE_DEFINITION ? [node.name.value] : [])));
  return library.document.definitions.flatMap((node) =>
    isTypeDefinitionNode(node) || isTypeExtensionNode(node) ? [readType(library, { schema, enums }, node)] : [],
  );
}

function readType(
  library: Library,
  { schema, enums }: Readonly<{ schema: GraphQLSchema; enums: ReadonlySet<string> }>,
  node: TypeDefinitionNode | TypeExtensionNode,
): TypeFacts {
  const name = node.name.value;
  const keys = directivesNamed(node, 'key').flatMap(fieldSetOf);
  const isStructure = bears(node, 'structure');
  const resources = directivesNamed(node, 'resource').map((directive) => readResource(schema, directive));
  const fields: FieldFacts[] = [];
  const type: TypeFacts = {
    name,
    library,
    node,
    isRoot: name === 'Query' || name === 'Mutation' || name === 'Subscription',
    isInterface: node.kind === Kind.INTERFACE_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_EXTENSION,
    isStructure,
    keys,
    resource: resources[0] ?? null,
    fields,
    inputs: inputFieldsOf(node).map((input) => readInput(schema, input, `${name}.${input.name.value}`)),
    values: valuesOf(node).map((value) => ({
      coordinate: `${name}.${value.name.value}`,
      name: value.name.value,
      node: value,
      reads: readReads(schema, value),
    })),
    interfaces: 'interfaces' in node ? (node.interfaces ?? []).map((each) => each.name.value) : [],
    members: 'types' in node ? (node.types ?? []).map((each) => each.name.value) : [],
  };
  // A field knows its type and a type its fields, so the list is filled once the type is there.
  for (const field of outputFieldsOf(node)) {
    const coordinate = `${name}.${field.name.value}`;
    const returns = namedType(field.type);
    const codeTable = argumentOf(schema, field, 'coded', 'table') ?? (enums.has(returns) ? returns : null);
    fields.push({
      coordinate,
      name: field.name.value,
      owner: type,
      node: field,
      returns,
      items: directivesNamed(field, 'item').map((directive) => readItem(schema, directive)),
      quality: directivesNamed(field, 'quality').map((directive) => readQuality(schema, directive, codeTable)),
      lists: readLists(schema, field),
      isStructure: isStructure || bears(field, 'structure'),
      isKey: keys.includes(field.name.value),
      isInaccessible: bears(field, 'inaccessible'),
      codeTable,
      madeOf: argumentOf(schema, field, 'made', 'of'),
      arguments: (field.arguments ?? []).map((input) => readInput(schema, input, `${coordinate}(${input.name.value}:)`)),
    });
  }
  return type;
}

function outputFieldsOf(node: TypeDefinitionNode | TypeExtensionNode): readonly FieldDefinitionNode[] {
  switch (node.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.OBJECT_TYPE_EXTENSION:
    case Kind.INTERFACE_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_EXTENSION:
      return node.fields ?? [];
    default:
      return [];
  }
}

function inputFieldsOf(node: TypeDefinitionNode | TypeExtensionNode): readonly InputValueDefinitionNode[] {
  return node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION || node.kind === Kind.INPUT_OBJECT_TYPE_EXTENSION ? (node.fields ?? []) : [];
}

function valuesOf(node: TypeDefinitionNode | TypeExtensionNode): readonly EnumValueDefinitionNode[] {
  return node.kind === Kind.ENUM_TYPE_DEFINITION || node.kind === Kind.ENUM_TYPE_EXTENSION ? (node.values ?? []) : [];
}

function readInput(schema: GraphQLSchema, node: InputValueDefinitionNode, coordinate: string): InputFacts {
  return {
    coordinate,
    name: node.name.value,
    node,
    takes: namedType(node.type),
    reads: readReads(schema, node),
    isVerified: directivesNamed(node, 'reads').some((directive) => directiveValues(schema, directive)['verify'] === true),
    isStructure: bears(node, 'structure'),
  };
}

function readReads(schema: GraphQLSchema, node: InputValueDefinitionNode | EnumValueDefinitionNode): string[] {
  return directivesNamed(node, 'reads').map((directive) => String(directiveValues(schema, directive)['item']));
}

function readItem(schema: GraphQLSchema, directive: ConstDirectiveNode): ItemFacts {
  const nothingSaid = { basis: null, reason: null, length: null, standard: null, mask: null, source: null, resource: null, when: null };
  // The cast holds because getArgumentValues has checked every argument against the directive's own declaration.
  return { ...nothingSaid, ...directiveValues(schema, directive) } as ItemFacts;
}

function argumentOf(schema: GraphQLSchema, field: FieldDefinitionNode, directive: string, argument: string): string | null {
  const [said] = directivesNamed(field, directive);
  return said ? String(directiveValues(schema, said)[argument]) : null;
}

function readLists(schema: GraphQLSchema, field: FieldDefinitionNode): FieldFacts['lists'] {
  const [lists] = directivesNamed(field, 'lists');
  // As in readItem: checked against the declaration of @lists.
  return lists ? (directiveValues(schema, lists)['for'] as FieldFacts['lists']) : null;
}

function readQuality(schema: GraphQLSchema, directive: ConstDirectiveNode, codeTable: string | null): QualityFacts {
  const nothingSaid = { valid: null, refersTo: null, notBefore: null, column: null, of: null };
  const { coded, ...said } = directiveValues(schema, directive);
  // As in readItem: checked against the declaration of @quality.
  return { ...nothingSaid, ...said, codes: coded === true ? (codeTable ?? '') : null } as QualityFacts;
}

function readResource(schema: GraphQLSchema, directive: ConstDirectiveNode): ResourceFacts {
  // As in readItem: checked against the declaration of @resource.
  const facts = directiveValues(schema, directive) as Omit<ResourceFacts, 'rows' | 'abstractZh' | 'datedBy'> &
    Partial<Pick<ResourceFacts, 'abstractZh' | 'datedBy'>> & { rows?: Partial<NonNullable<ResourceFacts['rows']>> };
  return {
    abstractZh: null,
    datedBy: null,
    ...facts,
    rows: facts.rows ? { ...NO_SCOPE, ...facts.rows } : null,
  };
}

function directiveValues(schema: GraphQLSchema, directive: DirectiveNode): Record<string, unknown> {
  const definition = schema.getDirective(directive.name.value);
  if (!definition) throw new Error(`@${directive.name.value} is not in the vocabulary (schema/directives.graphql)`);
  return getArgumentValues(definition, directive);
}

function directivesNamed(node: { readonly directives?: readonly ConstDirectiveNode[] | undefined }, name: string): ConstDirectiveNode[] {
  return (node.directives ?? []).filter((directive) => directive.name.value === name);
}
