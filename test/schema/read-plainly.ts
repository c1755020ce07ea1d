import { readFileSync } from 'node:fs';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import { type DirectiveNode, Kind, valueFromASTUntyped, visit } from 'graphql';

/** What `schema/directory.graphql` marks with `@public`, line by line: fields, arguments, input fields, and every value of a marked enum. */
export function readDirectoryMarks(): ReadonlySet<string> {
  const marked = new Set<string>();
  let type = '';
  let isEnumOfAll = false;
  let field = '';
  let key = '';
  for (const line of readFileSync(new URL('../../schema/directory.graphql', import.meta.url), 'utf8').split('\n')) {
    const [, kind, name] = /^(?:extend )?(type|input|enum) (\w+)/.exec(line) ?? [];
    // What stands outside a definition belongs to none.
    if (line === '}') isEnumOfAll = false;
    if (name) {
      type = name;
      key = /@key\(fields: "(\w+)"/.exec(line)?.[1] ?? '';
      isEnumOfAll = kind === 'enum' && line.includes('@public');
    }
    const [, indent = '', word = '', rest = ''] = /^( {2}| {4})(\w+)(.*)$/.exec(line) ?? [];
    if (word && indent.length === 2) field = word;
    if (isEnumOfAll && word) marked.add(`${type}.${word}`);
    if (!line.endsWith(' @public')) continue;
    // The id is made of the key, and as open.
    if (indent.length === 2 && word === key) marked.add(`${type}.id`);
    marked.add(indent.length === 4 && rest.startsWith(':') ? `${type}.${field}(${word}:)` : `${type}.${field}`);
  }
  return marked;
}

/** What the SDL says, read in the plainest way and by other code than the public schema's own. */
export function readPlainly(all: readonly Library[]) {
  const directoryMarks = readDirectoryMarks();
  const items = new Map<string, Record<string, unknown>[]>();
  const structure = new Set<string>();
  const withItems = new Set<string>();
  const keyed = new Set<string>();
  const interfaces = new Set<string>();
  const reads = new Map<string, string[]>();
  const declared = new Set<string>();
  const directives = (nodes: readonly DirectiveNode[] | undefined, name: string) =>
    (nodes ?? [])
      .filter((each) => each.name.value === name)
      .map((each) => Object.fromEntries((each.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)])));
  for (const { document } of all) {
    for (const type of document.definitions) {
      if (!('name' in type) || !type.name) continue;
      const name = type.name.value;
      if (directives(type.directives, 'key').length + directives(type.directives, 'resource').length > 0) keyed.add(name);
      if (type.kind === Kind.INTERFACE_TYPE_DEFINITION) interfaces.add(name);
      const isStructure = directives(type.directives, 'structure').length > 0;
      visit(type, {
        FieldDefinition(field) {
          const coordinate = `${name}.${field.name.value}`;
          declared.add(coordinate);
          const said = directives(field.directives, 'item');
          if (said.length > 0) items.set(coordinate, [...(items.get(coordinate) ?? []), ...said]);
          if (said.length > 0) withItems.add(name);
          if (isStructure || directives(field.directives, 'structure').length > 0) structure.add(coordinate);
          for (const argument of field.arguments ?? []) {
            reads.set(
              `${coordinate}(${argument.name.value}:)`,
              directives(argument.directives, 'reads').map((each) => String(each['item'])),
            );
          }
          return false;
        },
        InputValueDefinition: (field) =>
          void reads.set(
            `${name}.${field.name.value}`,
            directives(field.directives, 'reads').map((each) => String(each['item'])),
          ),
        EnumValueDefinition: (value) =>
          void reads.set(
            `${name}.${value.name.value}`,
            directives(value.directives, 'reads').map((each) => String(each['item'])),
          ),
      });
    }
  }
  const all_ = [...items.values()].flat();
  const isSaidOpen = (item: Record<string, unknown>) => item['open'] === true;
  const isOpen = (code: string) => all_.some((item) => item['code'] === code && isSaidOpen(item));
  const isAggregate = (code: string) => all_.some((item) => item['code'] === code && item['aggregate'] === true);
  return {
    isOfLibraries: (field: string) => declared.has(field),
    heldFields: [...items].filter(([, said]) => said.every((item) => !isSaidOpen(item))).map(([field]) => field),
    openFields: [...items].filter(([, said]) => said.some(isSaidOpen)).map(([field]) => field),
    mayBePublic(field: string): boolean {
      const type = field.split('.')[0] ?? '';
      const said = items.get(field);
      if (!declared.has(field)) return directoryMarks.has(field);
      if (said) return said.some(isSaidOpen);
      return structure.has(field) || interfaces.has(type) || !keyed.has(type);
    },
    mayBeAsked: (input: string, field: string) =>
      reads.has(input)
        ? reads.get(input)?.every((code) => isOpen(code) || (field === 'Query.populationStatistics' && isAggregate(code)))
        : directoryMarks.has(input),
  };
}
