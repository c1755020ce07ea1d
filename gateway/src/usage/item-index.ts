import type { SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';

/** Codes that a member of an input reads, and the type inside its lists and non-nulls, which may read more. */
type InputReads = Readonly<{ reads: readonly string[]; takes: string }>;

/** Where items stand in the graph, for looking up. */
export type ItemIndex = Readonly<{
  /** Codes of the items that a field of an object is bound to. */
  itemsOf(typeName: string, fieldName: string): readonly string[];
  /** What an argument of a field of an object reads; undefined where it reads nothing. */
  argumentOf(typeName: string, fieldName: string, argumentName: string): InputReads | undefined;
  /** Codes that a value given for an input or enum type reads by its members. Looks at names and enum values alone. */
  readsOf(typeName: string, value: unknown): readonly string[];
  /** Whether a value of this type can read anything by its members. */
  canRead(typeName: string): boolean;
}>;

const NONE: readonly string[] = [];
/** Inputs nest a level or two; the bound only ends what a caller nests without end. */
const DEEPEST = 8;

/** Reads it out of the facts, once. A type that several libraries declare has the items of all of them. */
export function indexItems(facts: SharingFacts): ItemIndex {
  const items = new Map<string, Set<string>>();
  const inputs = new Map<string, InputReads>();
  const readers = new Set<string>();
  const values = new Map<string, readonly string[]>();
  for (const field of facts.fields) {
    const codes = items.get(field.coordinate) ?? new Set();
    for (const { code } of field.items) codes.add(code);
    items.set(field.coordinate, codes);
    for (const argument of field.arguments) inputs.set(`${field.coordinate}.${argument.name}`, argument);
  }
  for (const type of facts.types) {
    for (const input of type.inputs) inputs.set(input.coordinate, input);
    for (const { coordinate, reads } of type.values) values.set(coordinate, reads);
    if (type.inputs.length > 0 || type.values.some(({ reads }) => reads.length > 0)) readers.add(type.name);
  }
  const codesByField = new Map([...items].map(([coordinate, codes]) => [coordinate, [...codes]]));

  function readsOf(typeName: string, value: unknown, depth = 0): readonly string[] {
    if (depth > DEEPEST || value === null || value === undefined) return NONE;
    if (Array.isArray(value)) return value.flatMap((each) => readsOf(typeName, each, depth + 1));
    if (typeof value === 'string') return values.get(`${typeName}.${value}`) ?? NONE;
    if (typeof value !== 'object') return NONE;
    return Object.entries(value).flatMap(([name, member]) => {
      const input = inputs.get(`${typeName}.${name}`);
      return input && member !== undefined ? [...input.reads, ...readsOf(input.takes, member, depth + 1)] : [];
    });
  }
  return {
    itemsOf: (typeName, fieldName) => codesByField.get(`${typeName}.${fieldName}`) ?? NONE,
    argumentOf: (typeName, fieldName, argumentName) => inputs.get(`${typeName}.${fieldName}.${argumentName}`),
    readsOf: (typeName, value) => readsOf(typeName, value),
    canRead: (typeName) => readers.has(typeName),
  };
}
