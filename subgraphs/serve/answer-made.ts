import { type CodeTable, makeWording } from '@longyuan/schema/src/code-tables.ts';
import type { FieldFacts, SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';

type Resolver = GraphQLFieldResolver<unknown, unknown, { in?: 'ZH' | 'EN' }>;
type Field = Readonly<{ extensions: Readonly<Record<PropertyKey, unknown>> }>;

const MADE_OF = Symbol('field that this one is made of');

/** The field that this one is made of (`@made`); null for a field that a library wrote. */
export function madeOf(field: Field | undefined): string | null {
  const base = field?.extensions[MADE_OF];
  return typeof base === 'string' ? base : null;
}

/**
 * Answers the fields that no library wrote (`complete-types.ts`): the id of what has an open key, and the word of a code. The schema is
 * changed in place, before its cells are guarded: a made field is guarded by its own item, which is that of the field it is made of.
 */
export function answerMade(schema: GraphQLSchema, facts: SharingFacts, tables: ReadonlyMap<string, CodeTable>): void {
  for (const made of facts.fields) {
    const type = schema.getType(made.owner.name);
    if (made.madeOf === null || !isObjectType(type)) continue;
    const [field, base] = [type.getFields()[made.name], type.getFields()[made.madeOf]];
    const of = made.owner.fields.find(({ name }) => name === made.madeOf);
    if (!field || !base || !of) continue;
    field.extensions = { ...field.extensions, [MADE_OF]: base.name };
    const resolve = base.resolve ?? defaultFieldResolver;
    const read: Resolver = (row, args, context, info) => resolve(row, args, context, { ...info, fieldName: base.name });
    field.resolve = made.name === 'id' ? idOf(type.name, read) : wordOf(of, read, tables);
  }
}

function idOf(type: string, read: Resolver): Resolver {
  return (row, _, context, info) => whenThere(read(row, {}, context, info), (key) => `${type}:${String(key)}`);
}

function wordOf({ codeTable }: FieldFacts, read: Resolver, tables: ReadonlyMap<string, CodeTable>): Resolver {
  const table = codeTable === null ? undefined : tables.get(codeTable);
  const word = table ? makeWording(table) : () => null;
  return (row, given, context, info) => {
    const say = (code: unknown) => {
      const words = word(String(code));
      return words && (given.in === 'EN' ? words.titleEn : words.title);
    };
    return whenThere(read(row, {}, context, info), (value) => (Array.isArray(value) ? value.map(say) : say(value)));
  };
}

function whenThere(value: unknown, change: (value: unknown) => unknown): unknown {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' && 'then' in value && typeof value.then === 'function'
    ? value.then((arrived: unknown) => whenThere(arrived, change))
    : change(value);
}
