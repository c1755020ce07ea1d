import type {
  EnumValueDefinitionNode,
  FieldDefinitionNode,
  InputValueDefinitionNode,
  TypeDefinitionNode,
  TypeExtensionNode,
} from 'graphql';
import type { Library } from './read-libraries.ts';

/** Who may ask a root for a list of rows: whoever may see what it lists, or the developers of its owner alone. */
type ListReader = 'ANYONE' | 'OWNER';

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
  /** What it holds, in Chinese sentences; null where its owner does not say. */
  abstractZh: string | null;
  /** Field with the day that a row tells of. */
  datedBy: string | null;
  rows: RowScope | null;
}>;

/** Columns of a resource's rows that decide their scope; `own`: by which key, and by which libraries, they are told to be a person's own. */
export type RowScope = Readonly<{
  division: string | null;
  subject: string | null;
  minorUntil: string | null;
  representative: string | null;
  own: Readonly<{ key: string; toldBy: readonly string[] }> | null;
}>;

/** The columns that a scope names, each with what it is named for. */
export function columnsOfScope({ own, ...columns }: RowScope): readonly (readonly [what: string, column: string])[] {
  const named = Object.entries({ ...columns, own: own?.key ?? null });
  return named.flatMap(([what, column]) => (column === null ? [] : [[what, column] as const]));
}

export const NO_SCOPE: RowScope = Object.freeze({ division: null, subject: null, minorUntil: null, representative: null, own: null });

/** One `@quality` as the SDL says it; null where nothing is said. */
export type QualityFacts = Readonly<{
  complete: boolean;
  valid: string | null;
  codes: string | null;
  unique: boolean;
  refersTo: string | null;
  notBefore: string | null;
  timely: boolean;
  column: string | null;
  of: Readonly<{ column: string; is: readonly string[] }> | null;
}>;

/** An argument or a field of an input: which items it reads (`@reads`), or that it reads none (`@structure`). */
export type InputFacts = Readonly<{
  coordinate: string;
  name: string;
  node: InputValueDefinitionNode;
  /** Name of the type inside lists and non-nulls. */
  takes: string;
  reads: readonly string[];
  /** What it reads is compared, and answers match or mismatch alone (`@reads(verify: true)`). */
  isVerified: boolean;
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
  quality: readonly QualityFacts[];
  /** Of a root that lists rows its caller does not name: who may ask it (`@lists`); null where it does not say that it is one. */
  lists: ListReader | null;
  isStructure: boolean;
  isKey: boolean;
  isInaccessible: boolean;
  /** The code table of its values: what `@coded` names, or the enum. Null where they are no codes. */
  codeTable: string | null;
  /** The field of its type that it follows from, where nobody wrote it (`complete-types.ts`): the hub answers it itself. */
  madeOf: string | null;
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
    const bindings = this.fields.flatMap((field) =>
      // A word is the item said otherwise: what the item is, and where, its own field says.
      field.madeOf === null ? [...new Set(field.items.map((item) => item.code))].map((code) => ({ code, field })) : [],
    );
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

/** Where an item binds a field: the plain class is the strictest, and holds where no predicate does. */
export function plainClass(field: FieldFacts): ItemFacts | undefined {
  return field.items.find((item) => item.when === null);
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
