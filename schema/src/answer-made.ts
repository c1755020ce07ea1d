import { type DocumentNode, defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import { type CodeTable, makeWording } from './code-tables.ts';
import { readMadeFields } from './complete-types.ts';
import { whenThere } from './when-there.ts';

type Resolver = GraphQLFieldResolver<unknown, unknown, { in?: 'ZH' | 'EN' }>;
type Field = Readonly<{ extensions: Readonly<Record<PropertyKey, unknown>> }>;

const MADE_OF = Symbol('field that this one is made of');

/** The field that this one is made of (`@made`); null for a field that its library wrote. */
export function madeOf(field: Field | undefined): string | null {
  const base = field?.extensions[MADE_OF];
  return typeof base === 'string' ? base : null;
}

/**
 * Answers the fields that nobody wrote (`complete-types.ts`): the id of what has an open key, `Type:key`, and the word of a code. The schema
 * of this document is changed in place, before its cells are guarded: a made field is guarded by its own item, which is that of the field
 * it is made of.
 */
export function answerMade(schema: GraphQLSchema, document: DocumentNode, tables: ReadonlyMap<string, CodeTable>): void {
  for (const made of readMadeFields(document)) {
    const type = schema.getType(made.type);
    if (!isObjectType(type)) continue;
    const { [made.name]: field, [made.of]: base } = type.getFields();
    if (!field || !base) continue;
    field.extensions = { ...field.extensions, [MADE_OF]: base.name };
    const resolve = base.resolve ?? defaultFieldResolver;
    const read: Resolver = (row, _, context, info) => resolve(row, {}, context, { ...info, fieldName: base.name });
    const table = made.table === null ? undefined : tables.get(made.table);
    field.resolve = made.table === null ? idOf(type.name, read) : wordOf(read, table ? makeWording(table) : () => null);
  }
}

function idOf(type: string, read: Resolver): Resolver {
  return (row, given, context, info) => whenThere(read(row, given, context, info), (key) => `${type}:${String(key)}`);
}

function wordOf(read: Resolver, wordsOf: ReturnType<typeof makeWording>): Resolver {
  return (row, given, context, info) => {
    const say = (code: unknown) => {
      const words = wordsOf(String(code));
      return words && (given.in === 'EN' ? words.titleEn : words.title);
    };
    return whenThere(read(row, given, context, info), (value) => (Array.isArray(value) ? value.map(say) : say(value)));
  };
}
