import {
  buildASTSchema,
  type DefinitionNode,
  type EnumTypeDefinitionNode,
  type FieldDefinitionNode,
  type InputObjectTypeDefinitionNode,
  type InputValueDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type NamedTypeNode,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  type TypeDefinitionNode,
} from 'graphql';
import { type Openness, readOpenness } from './openness.ts';
import { readPublicMarks } from './public-marks.ts';
import type { Library } from './read-libraries.ts';
import { readSharingFacts } from './read-sharing-facts.ts';
import { isRequired, namedType } from './sdl-node.ts';

/**
 * The part of the API schema that anyone may ask without a token: open items (those open for the rows of a predicate too: their owner answers
 * no other rows), the structure around them, and nothing else. What only served something that is not open is gone with it: arguments whose
 * `@reads` is not open, fields that cannot be asked without such an argument, types, enum values, inputs and their descriptions.
 * There are no mutations. Of what stands `beside` the libraries (the directory) only what is marked `@public` is there.
 * Expects libraries that `checkSchema` has nothing against.
 * @throws Error when nothing is open.
 */
export function publicSchema(libraries: readonly Library[], apiSdl: string, beside: readonly Pick<Library, 'document'>[] = []): string {
  const sdl = findPublicSchema(libraries, apiSdl, beside);
  if (sdl === null) throw new Error('Nothing of the libraries is open, so there is no public schema.');
  return sdl;
}

/** The public schema; null when nothing is open. */
export function findPublicSchema(
  libraries: readonly Library[],
  apiSdl: string,
  beside: readonly Pick<Library, 'document'>[] = [],
): string | null {
  const api = new Map<string, TypeDefinitionNode>();
  const document = parse(apiSdl, { noLocation: true });
  for (const definition of document.definitions) if (isType(definition)) api.set(definition.name.value, definition);
  const kept = new PublicTypes(api, readOpenness(readSharingFacts(libraries), readPublicMarks(beside)));
  if (!kept.haveSomethingToSay) return null;
  const reached = kept.reachedFrom('Query');
  const definitions = document.definitions.flatMap((definition) =>
    isType(definition) && reached.has(definition.name.value) ? [kept.shown(definition, reached)] : [],
  );
  const sdl = `${definitions.map((definition) => print(definition)).join('\n\n')}\n`;
  buildASTSchema(parse(sdl));
  return sdl;
}

type Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/** Which types have something open to say, and what of them. Decided to a fixed point, because types lead to each other in circles. */
class PublicTypes {
  readonly #api: ReadonlyMap<string, TypeDefinitionNode>;
  readonly #openness: Openness;
  #speaking: ReadonlySet<string> = new Set();

  constructor(api: ReadonlyMap<string, TypeDefinitionNode>, openness: Openness) {
    this.#api = api;
    this.#openness = openness;
    const objects = [...api.values()].filter((type) => type.kind === Kind.OBJECT_TYPE_DEFINITION);
    // From nothing up: a type speaks once one of its fields does, so a circle without an open item in it never starts.
    for (let before = -1; before !== this.#speaking.size; ) {
      before = this.#speaking.size;
      this.#speaking = new Set(objects.filter((type) => this.#speaks(type)).map((type) => type.name.value));
    }
  }

  get haveSomethingToSay(): boolean {
    return this.#speaking.has('Query');
  }

  /** Every type that a query can meet, as answer or as input. */
  reachedFrom(root: string): ReadonlySet<string> {
    const reached = new Set<string>();
    const waiting = [root];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const type = this.#api.get(name);
      if (!type || reached.has(name)) continue;
      reached.add(name);
      waiting.push(...this.#possibleTypes(type));
      if (isComposite(type)) {
        for (const field of this.#shownFields(type)) {
          waiting.push(namedType(field.type), ...(field.arguments ?? []).map((argument) => namedType(argument.type)));
        }
      }
      if (type.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
        waiting.push(...(this.#shownInputs(type) ?? []).map((field) => namedType(field.type)));
    }
    return reached;
  }

  /** A type with only what is open in it. */
  shown(type: TypeDefinitionNode, reached: ReadonlySet<string>): TypeDefinitionNode {
    const isReached = (named: NamedTypeNode) => reached.has(named.name.value);
    switch (type.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION:
        return { ...type, interfaces: (type.interfaces ?? []).filter(isReached), fields: this.#shownFields(type) };
      case Kind.UNION_TYPE_DEFINITION:
        return { ...type, types: (type.types ?? []).filter(isReached) };
      case Kind.ENUM_TYPE_DEFINITION:
        return { ...type, values: this.#shownValues(type) };
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
        return { ...type, fields: this.#shownInputs(type) ?? [] };
      case Kind.SCALAR_TYPE_DEFINITION:
        return type;
    }
  }

  /**
   * Structure alone says nothing: a connection whose nodes are not open would still count them, and a row of which only the time of
   * confirmation is left would still say that it exists.
   */
  #speaks(type: ObjectTypeDefinitionNode): boolean {
    const shown = this.#shownFields(type);
    if (shown.some((field) => this.#openness.isMarked(type.name.value, field.name.value))) return true;
    if (!this.#openness.isStructureType(type.name.value) && type.name.value !== 'Query') {
      return shown.some((field) => !this.#openness.isStructure(type.name.value, field.name.value));
    }
    const leads = (fields: readonly FieldDefinitionNode[]) => fields.some((field) => this.#leadsToItems(namedType(field.type)));
    return leads(type.fields ?? []) ? leads(shown) : shown.length > 0;
  }

  /** Whether rows of a resource or nested type stand behind a type, directly or through structure. */
  #leadsToItems(name: string, seen: ReadonlySet<string> = new Set()): boolean {
    const type = this.#api.get(name);
    if (!type || seen.has(name)) return false;
    if (type.kind === Kind.UNION_TYPE_DEFINITION) return true;
    if (!isComposite(type)) return false;
    if (!this.#openness.isStructureType(name)) return true;
    const before = new Set(seen).add(name);
    return (type.fields ?? []).some((field) => this.#leadsToItems(namedType(field.type), before));
  }

  #shownFields(type: Composite): readonly FieldDefinitionNode[] {
    return (type.fields ?? []).flatMap((field) => {
      if (!this.#isOpenField(type, field) || !this.#canAnswer(namedType(field.type))) return [];
      const path = { type: type.name.value, field: field.name.value };
      const shown = (field.arguments ?? []).filter((argument) =>
        this.#isOpenInput(argument, this.#openness.mayGive({ ...path, argument: argument.name.value })),
      );
      const needed = (field.arguments ?? []).filter(isRequired);
      return needed.every((argument) => shown.includes(argument)) ? [{ ...field, arguments: shown }] : [];
    });
  }

  /** A field of an interface is as open as in every type that answers for it. */
  #isOpenField(type: Composite, field: FieldDefinitionNode): boolean {
    if (type.kind === Kind.OBJECT_TYPE_DEFINITION) return this.#openness.isOpenField(type.name.value, field.name.value);
    return this.#possibleTypes(type).every((name) => this.#openness.isOpenField(name, field.name.value));
  }

  #canAnswer(name: string): boolean {
    const type = this.#api.get(name);
    if (!type || type.kind === Kind.SCALAR_TYPE_DEFINITION) return true;
    if (type.kind === Kind.ENUM_TYPE_DEFINITION) return this.#shownValues(type).length > 0;
    if (type.kind === Kind.OBJECT_TYPE_DEFINITION) return this.#speaking.has(name);
    // An answer may be of any type that the interface or union stands for: one that is not public would be counted and named.
    const possible = this.#declaredTypes(type);
    if (possible.length === 0 || !possible.every((each) => this.#speaking.has(each))) return false;
    return type.kind !== Kind.INTERFACE_TYPE_DEFINITION || (type.fields ?? []).some((field) => this.#isOpenField(type, field));
  }

  #possibleTypes(type: TypeDefinitionNode): readonly string[] {
    return this.#declaredTypes(type).filter((name) => this.#speaking.has(name));
  }

  /** The objects that an interface or union stands for, open or not. */
  #declaredTypes(type: TypeDefinitionNode): readonly string[] {
    if (type.kind === Kind.UNION_TYPE_DEFINITION) return (type.types ?? []).map((each) => each.name.value);
    if (type.kind !== Kind.INTERFACE_TYPE_DEFINITION) return [];
    return [...this.#api.values()].flatMap((object) =>
      object.kind === Kind.OBJECT_TYPE_DEFINITION && object.interfaces?.some((each) => each.name.value === type.name.value)
        ? [object.name.value]
        : [],
    );
  }

  #shownInputs(type: InputObjectTypeDefinitionNode): readonly InputValueDefinitionNode[] | null {
    const fields = type.fields ?? [];
    const shown = fields.filter((field) =>
      this.#isOpenInput(field, this.#openness.mayGive({ type: type.name.value, field: field.name.value })),
    );
    return shown.length > 0 && fields.filter(isRequired).every((field) => shown.includes(field)) ? shown : null;
  }

  #isOpenInput(input: InputValueDefinitionNode, mayGive: boolean): boolean {
    const type = this.#api.get(namedType(input.type));
    if (!mayGive) return false;
    if (type?.kind === Kind.ENUM_TYPE_DEFINITION) {
      const shown = this.#shownValues(type).length;
      // A default could name a value that is gone.
      return shown > 0 && (!input.defaultValue || shown === type.values?.length);
    }
    return type?.kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION || this.#shownInputs(type) !== null;
  }

  #shownValues(type: EnumTypeDefinitionNode): EnumTypeDefinitionNode['values'] & object {
    return (type.values ?? []).filter((value) => this.#openness.isOpenValue(type.name.value, value.name.value));
  }
}

function isType(definition: DefinitionNode): definition is TypeDefinitionNode {
  return 'name' in definition && definition.kind.endsWith('TypeDefinition');
}

function isComposite(type: TypeDefinitionNode): type is Composite {
  return type.kind === Kind.OBJECT_TYPE_DEFINITION || type.kind === Kind.INTERFACE_TYPE_DEFINITION;
}
