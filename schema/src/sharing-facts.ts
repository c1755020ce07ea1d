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
  type TypeNode,
} from 'graphql';
import type { Library } from './read-libraries.ts';
import { readVocabulary } from './subgraph-document.ts';

export type ShareType = 'UNCONDITIONAL' | 'CONDITIONAL' | 'NOT_SHARED';

/** One `@item` as the SDL says it; null where nothing is said. `when` null: the plain class. */
export type ItemFacts = Readonly<{
  code: string;
  title: string;
  share: ShareType;
  basis: string | null;
  reason: string | null;
  open: boolean;
  level: number;
  type: string;
  length: number | null;
  standard: string | null;
  mask: string | null;
  verifyOnly: boolean;
  aggregate: boolean;
  source: string | null;
  resource: string | null;
  when: string | null;
}>;

/** One `@resource` as the SDL says it, defaults filled in. */
export type ResourceFacts = Readonly<{
  code: string;
  title: string;
  category: string;
  updateCycle: string;
  formats: readonly string[];
  shareModes: readonly string[];
  publishedOn: string;
  related: readonly string[];
  keywords: readonly string[];
  rows: Readonly<{ division: string | null; subject: string | null; minorUntil: string | null }> | null;
}>;

/** An argument or a field of an input: which items it reads (`@reads`), or that it reads none (`@structure`). */
export type InputFacts = Readonly<{
  coordinate: string;
  name: string;
  node: InputValueDefinitionNode;
  /** Name of the type inside lists and non-nulls. */
  takes: string;
  reads: readonly string[];
  isStructure: boolean;
}>;

/** A field of an object or interface in one library. `isStructure` is true by the field itself or by its type. */
export type FieldFacts = Readonly<{
  coordinate: string;
  name: string;
  owner: TypeFacts;
  node: FieldDefinitionNode;
  /** Name of the type inside lists and non-nulls. */
  returns: string;
  items: readonly ItemFacts[];
  isStructure: boolean;
  isKey: boolean;
  isInaccessible: boolean;
  arguments: readonly InputFacts[];
}>;

type ValueFacts = Readonly<{ coordinate: string; name: string; node: EnumValueDefinitionNode; reads: readonly string[] }>;

/** A type as one library declares it. The same name in another library is another `TypeFacts`. */
export type TypeFacts = Readonly<{
  name: string;
  library: Library;
  node: TypeDefinitionNode | TypeExtensionNode;
  isRoot: boolean;
  isInterface: boolean;
  isStructure: boolean;
  keys: readonly string[];
  resource: ResourceFacts | null;
  fields: readonly FieldFacts[];
  inputs: readonly InputFacts[];
  values: readonly ValueFacts[];
  interfaces: readonly string[];
  members: readonly string[];
}>;

/** What all libraries' SDL says about sharing. Read once, asked by the rules, the directory and the public schema. */
export class SharingFacts {
  readonly types: readonly TypeFacts[];
  readonly fields: readonly FieldFacts[];
  readonly #typesByName: ReadonlyMap<string, readonly TypeFacts[]>;
  readonly #typeByNode: ReadonlyMap<unknown, TypeFacts>;
  readonly #fieldByNode: ReadonlyMap<unknown, FieldFacts>;
  readonly #inputByNode: ReadonlyMap<unknown, InputFacts>;
  readonly #fieldsByItem: ReadonlyMap<string, readonly FieldFacts[]>;
  readonly #leading: ReadonlyMap<string, readonly FieldFacts[]>;

  constructor(types: readonly TypeFacts[]) {
    this.types = types;
    this.fields = types.flatMap((type) => type.fields);
    this.#typesByName = Map.groupBy(types, (type) => type.name);
    this.#typeByNode = new Map(types.map((type) => [type.node, type]));
    this.#fieldByNode = new Map(this.fields.map((field) => [field.node, field]));
    const inputs = types.flatMap((type) => [...type.inputs, ...type.fields.flatMap((field) => field.arguments)]);
    this.#inputByNode = new Map(inputs.map((input) => [input.node, input]));
    const bindings = this.fields.flatMap((field) => [...new Set(field.items.map((item) => item.code))].map((code) => ({ code, field })));
    this.#fieldsByItem = groupFields(bindings.map(({ code, field }) => [code, field]));
    this.#leading = groupFields(this.fields.flatMap((field) => this.possibleTypes(field.returns).map((name) => [name, field] as const)));
  }

  typesNamed(name: string): readonly TypeFacts[] {
    return this.#typesByName.get(name) ?? [];
  }

  typeAt(node: unknown): TypeFacts | undefined {
    return this.#typeByNode.get(node);
  }

  fieldAt(node: unknown): FieldFacts | undefined {
    return this.#fieldByNode.get(node);
  }

  inputAt(node: unknown): InputFacts | undefined {
    return this.#inputByNode.get(node);
  }

  /** Codes of all items, in the order of the libraries. */
  itemCodes(): readonly string[] {
    return [...this.#fieldsByItem.keys()];
  }

  /** Every field that an item is bound to, in the order of the libraries; empty for an unknown code. */
  fieldsOfItem(code: string): readonly FieldFacts[] {
    return this.#fieldsByItem.get(code) ?? [];
  }

  /** A type without key, resource or structure: its fields inherit the item of the field that leads to it. */
  isNested(name: string): boolean {
    const types = this.typesNamed(name);
    return types.length > 0 && types.every((type) => !type.isRoot && !type.isStructure && !type.resource && type.keys.length === 0);
  }

  /** The fields that lead to a type, directly or through an interface or union that it belongs to. */
  fieldsLeadingTo(name: string): readonly FieldFacts[] {
    return this.#leading.get(name) ?? [];
  }

  /** The type itself, and the objects that an interface or union stands for. */
  possibleTypes(name: string): readonly string[] {
    const types = this.typesNamed(name);
    const objects = types.flatMap((type) => type.members);
    if (types.some((type) => type.isInterface)) {
      objects.push(...this.types.filter((type) => type.interfaces.includes(name)).map((type) => type.name));
    }
    return [...new Set([name, ...objects])];
  }

  /**
   * The items that a field is read under: its own, or for a field of a nested type those of the fields that lead there.
   * Empty for structure, and where nothing that leads there is an item.
   */
  itemsOver(field: FieldFacts, seen: ReadonlySet<string> = new Set()): readonly ItemFacts[] {
    if (field.items.length > 0) return field.items;
    if (field.isStructure || seen.has(field.owner.name) || !this.isNested(field.owner.name)) return [];
    const before = new Set(seen).add(field.owner.name);
    return this.fieldsLeadingTo(field.owner.name).flatMap((leading) => this.itemsOver(leading, before));
  }

  /**
   * Codes of the resources that a field belongs to: that of its type, for a field of a nested type that of the fields which
   * lead there, and what `@item(resource:)` says for a field outside any resource.
   */
  resourcesOver(field: FieldFacts, seen: ReadonlySet<string> = new Set()): readonly string[] {
    if (field.owner.resource) return [field.owner.resource.code];
    const said = field.items.flatMap((item) => (item.resource ? [item.resource] : []));
    if (said.length > 0) return [...new Set(said)];
    if (seen.has(field.owner.name) || !this.isNested(field.owner.name)) return [];
    const before = new Set(seen).add(field.owner.name);
    return [...new Set(this.fieldsLeadingTo(field.owner.name).flatMap((leading) => this.resourcesOver(leading, before)))];
  }
}

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

/** Where an item binds a field: the plain class is the strictest, and holds where no predicate does. */
export function plainClass(field: FieldFacts): ItemFacts | undefined {
  return field.items.find((item) => item.when === null);
}

function readTypes(library: Library, schema: GraphQLSchema): TypeFacts[] {
  return library.document.definitions.flatMap((node) =>
    isTypeDefinitionNode(node) || isTypeExtensionNode(node) ? [readType(library, schema, node)] : [],
  );
}

function readType(library: Library, schema: GraphQLSchema, node: TypeDefinitionNode | TypeExtensionNode): TypeFacts {
  const name = node.name.value;
  const keys = directivesNamed(node, 'key').flatMap(keyFields);
  const isStructure = directivesNamed(node, 'structure').length > 0;
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
    fields.push({
      coordinate,
      name: field.name.value,
      owner: type,
      node: field,
      returns: namedType(field.type),
      items: directivesNamed(field, 'item').map((directive) => readItem(schema, directive)),
      isStructure: isStructure || directivesNamed(field, 'structure').length > 0,
      isKey: keys.includes(field.name.value),
      isInaccessible: directivesNamed(field, 'inaccessible').length > 0,
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
    isStructure: directivesNamed(node, 'structure').length > 0,
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

function readResource(schema: GraphQLSchema, directive: ConstDirectiveNode): ResourceFacts {
  // As in readItem: checked against the declaration of @resource.
  const facts = directiveValues(schema, directive) as Omit<ResourceFacts, 'rows'> & { rows?: Partial<NonNullable<ResourceFacts['rows']>> };
  return { ...facts, rows: facts.rows ? { division: null, subject: null, minorUntil: null, ...facts.rows } : null };
}

function directiveValues(schema: GraphQLSchema, directive: DirectiveNode): Record<string, unknown> {
  const definition = schema.getDirective(directive.name.value);
  if (!definition) throw new Error(`@${directive.name.value} is not in the vocabulary (schema/directives.graphql)`);
  return getArgumentValues(definition, directive);
}

function directivesNamed(node: { readonly directives?: readonly ConstDirectiveNode[] | undefined }, name: string): ConstDirectiveNode[] {
  return (node.directives ?? []).filter((directive) => directive.name.value === name);
}

/** Top-level fields of a `@key(fields: "a b { c }")`. */
function keyFields(key: ConstDirectiveNode): string[] {
  const fields = key.arguments?.find((argument) => argument.name.value === 'fields')?.value;
  return fields?.kind === Kind.STRING
    ? fields.value
        .replace(/\{[^}]*\}/g, ' ')
        .split(/\s+/)
        .filter(Boolean)
    : [];
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

function groupFields(pairs: readonly (readonly [string, FieldFacts])[]): ReadonlyMap<string, readonly FieldFacts[]> {
  const groups = new Map<string, FieldFacts[]>();
  for (const [name, field] of pairs) {
    const group = groups.get(name);
    if (group) group.push(field);
    else groups.set(name, [field]);
  }
  return groups;
}
