import {
  type ConstDirectiveNode,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type FieldDefinitionNode,
  Kind,
  type Location,
  type NameNode,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parseType,
  valueFromASTUntyped,
} from 'graphql';
import { bears, directiveArguments, isList, namedType } from './sdl-node.ts';

type ObjectNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

/** The argument of a word: `sexWord(in: EN)`. Any library that has words declares it alike. */
const LANGUAGE = 'Language';

/**
 * The SDL with the fields that follow from what it says, so that no library writes them or answers them itself:
 * - `id` of each type with an open key: the same wherever the type stands, other than that of any other type;
 * - beside each coded item (`@coded`, or an enum) its word, `sexWord` beside `sex`: the same item, in the same classes.
 * Each says with `@made` what it is made of. A type that has a field of that name keeps its own.
 */
export function completeTypes(document: DocumentNode): DocumentNode {
  const enums = new Set(document.definitions.flatMap((each) => (each.kind === Kind.ENUM_TYPE_DEFINITION ? [each.name.value] : [])));
  const shareable = shareableIn(document);
  let hasWords = false;
  const definitions = document.definitions.map((type) => {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.OBJECT_TYPE_EXTENSION) return type;
    const names = new Set((type.fields ?? []).map((field) => field.name.value));
    const fields = (type.fields ?? []).flatMap((field) => {
      const isNew = !names.has(`${field.name.value}Word`);
      const word = isNew && isCoded(type, field, enums) ? [wordOf(field)] : [];
      hasWords ||= word.length > 0;
      return [field, ...word];
    });
    const id = names.has('id') ? [] : idOf(type, shareable);
    return { ...type, fields: [...fields, ...id] };
  });
  return hasWords && !enums.has(LANGUAGE) ? { ...document, definitions: [...definitions, languages()] } : { ...document, definitions };
}

/** A field that nobody wrote: of which field of its type it is made, and of a word the code table (null: it is an id). */
export type MadeField = Readonly<{ type: string; name: string; of: string; table: string | null }>;

/** The fields of a completed SDL that nobody wrote. */
export function readMadeFields(document: DocumentNode): readonly MadeField[] {
  return document.definitions.flatMap((type) => {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.OBJECT_TYPE_EXTENSION) return [];
    return (type.fields ?? []).flatMap((field) => {
      const of = argumentOf(field, 'made');
      const base = type.fields?.find(({ name }) => name.value === of);
      if (of === null || !base) return [];
      const name = field.name.value;
      return [{ type: type.name.value, name, of, table: name === 'id' ? null : tableOf(base) }];
    });
  });
}

/** The code table of a coded field: what `@coded` names, or its enum. */
function tableOf(field: FieldDefinitionNode): string {
  return argumentOf(field, 'coded') ?? namedType(field.type);
}

/** An item, or a field of a type without a key that inherits one, whose values are codes. What is compared alone has no words. */
function isCoded(type: ObjectNode, field: FieldDefinitionNode, enums: ReadonlySet<string>): boolean {
  const isItem =
    bears(field, 'item') || !(bears(type, 'key') || bears(type, 'resource') || bears(type, 'structure') || bears(field, 'structure'));
  const isRoot = ['Query', 'Mutation', 'Subscription'].includes(type.name.value);
  return isItem && !isRoot && (bears(field, 'coded') || enums.has(namedType(field.type)));
}

function wordOf(field: FieldDefinitionNode): FieldDefinitionNode {
  const base = field.name.value;
  return {
    ...field,
    name: named(`${base}Word`, field.name.loc),
    description: text(`\`${base}\` in words, out of the code table ${tableOf(field)}; null where there is no value, or no word for it.`),
    type: parseType(isList(field.type) ? '[String]' : 'String', { noLocation: true }),
    arguments: [
      {
        kind: Kind.INPUT_VALUE_DEFINITION,
        name: named('in', field.name.loc),
        description: text('In which language.'),
        type: parseType(`${LANGUAGE}!`, { noLocation: true }),
        defaultValue: { kind: Kind.ENUM, value: 'ZH' },
        directives: [directive('structure')],
      },
    ],
    directives: [...(field.directives ?? []).filter(({ name }) => name.value === 'item' || name.value === 'shareable'), made(base)],
  };
}

/** A key that may leave the hub and is one field. Who may have the key may have this. */
function idOf(type: ObjectNode, shareable: readonly ConstDirectiveNode[]): readonly FieldDefinitionNode[] {
  const keys = (type.directives ?? []).filter(({ name }) => name.value === 'key').map((key) => directiveArguments(key)['fields']);
  const key = type.fields?.find((field) => keys.includes(field.name.value));
  if (!key || bears(key, 'inaccessible')) return [];
  return [
    {
      ...key,
      name: named('id', key.name.loc),
      description: text(`The same wherever it stands, and of nothing else: for caches. Its \`${key.name.value}\` is what it is asked by.`),
      type: parseType('ID!', { noLocation: true }),
      directives: [...shareable, ...(bears(key, 'public') ? [directive('public')] : []), directive('structure'), made(key.name.value)],
    },
  ];
}

/** Every library that holds the key answers the same. Named as the SDL's own link to federation has it. */
function shareableIn(document: DocumentNode): readonly ConstDirectiveNode[] {
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.SCHEMA_EXTENSION && definition.kind !== Kind.SCHEMA_DEFINITION) continue;
    for (const link of definition.directives?.filter(({ name }) => name.value === 'link') ?? []) {
      const { url, import: names } = directiveArguments(link);
      if (!String(url).includes('/federation/')) continue;
      const isImported = Array.isArray(names) && names.includes('@shareable');
      return [directive(isImported ? 'shareable' : 'federation__shareable')];
    }
  }
  return [];
}

function languages(): EnumTypeDefinitionNode {
  const value = (name: string, words: string) =>
    ({ kind: Kind.ENUM_VALUE_DEFINITION, name: named(name, undefined), description: text(words) }) as const;
  return {
    kind: Kind.ENUM_TYPE_DEFINITION,
    name: named(LANGUAGE, undefined),
    description: text('Languages that codes have words in.'),
    values: [value('ZH', '中文: Chinese'), value('EN', '英文: English')],
  };
}

function made(of: string): ConstDirectiveNode {
  return directive('made', { of });
}

function directive(name: string, given: Readonly<Record<string, string>> = {}): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: named(name, undefined),
    arguments: Object.entries(given).map(([key, value]) => ({
      kind: Kind.ARGUMENT,
      name: named(key, undefined),
      value: { kind: Kind.STRING, value },
    })),
  };
}

/** `loc`: of what it is made of, so that a complaint about it names a line. */
function named(value: string, loc: Location | undefined): NameNode {
  return { kind: Kind.NAME, value, ...(loc && { loc }) };
}

function text(value: string) {
  return { kind: Kind.STRING, value } as const;
}

/** The one argument of a directive. */
function argumentOf(field: FieldDefinitionNode, name: string): string | null {
  const given = field.directives?.find((each) => each.name.value === name)?.arguments?.[0];
  return given ? String(valueFromASTUntyped(given.value)) : null;
}
