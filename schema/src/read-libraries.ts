import { readdirSync, readFileSync } from 'node:fs';
import { type ConstDirectiveNode, type DocumentNode, Kind, parse, Source, valueFromASTUntyped } from 'graphql';
import { completeTypes } from './complete-types.ts';

/** One base library as its SDL file says it: the facts of `@library`, and the SDL itself. */
export type Library = Readonly<{
  name: string;
  title: string;
  department: string;
  uscc: string;
  order: number;
  /** Whether it turns a citizen number into the key by which every library knows the person. */
  personKeys: boolean;
  sdl: string;
  /** The SDL as it is served: with the fields that follow from it (`complete-types.ts`). */
  document: DocumentNode;
}>;

const SDL_FOLDER = new URL('../', import.meta.url);
/** SDL files of the folder that are not libraries: the vocabulary, and what is computed from the libraries. */
const NOT_LIBRARIES = new Set(['directives.graphql', 'supergraph.graphql', 'api.graphql', 'public.graphql', 'directory.graphql']);

/**
 * Every library there is an SDL file for, by `order`.
 * @throws Error naming the file whose `@library` is missing, incomplete, named differently from the file, or claims what another has.
 */
export function readLibraries(folder: URL = SDL_FOLDER): readonly Library[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.graphql') && !NOT_LIBRARIES.has(file));
  const libraries = files.map((file) => readLibrary(file, readFileSync(new URL(file, folder), 'utf8')));
  libraries.sort((one, other) => one.order - other.order);
  for (const [place, library] of libraries.entries()) {
    const before = libraries[place - 1];
    if (before?.order === library.order) {
      throw new Error(`schema/${library.name}.graphql: order ${library.order} in @library is already that of ${before.name}`);
    }
  }
  const [keeper, other] = libraries.filter((library) => library.personKeys);
  if (keeper && other) throw new Error(`schema/${other.name}.graphql: personKeys in @library is already said by ${keeper.name}`);
  return libraries;
}

/** The library of this name. @throws Error that lists the names there are. */
export function libraryNamed(name: string, libraries: readonly Library[] = readLibraries()): Library {
  const library = libraries.find((candidate) => candidate.name === name);
  if (!library) throw new Error(`There is no library "${name}". There are: ${libraries.map((each) => each.name).join(', ')}.`);
  return library;
}

/** Reads one library out of its SDL. @throws Error naming the file when `@library` does not hold. */
export function readLibrary(file: string, sdl: string): Library {
  const document = completeTypes(parse(new Source(sdl, `schema/${file}`)));
  const facts = libraryArguments(document);
  const name = file.replace(/\.graphql$/, '');
  if (!facts) throw new Error(`schema/${file}: no @library on the schema; say who answers for it`);
  const { title, department, uscc, order, personKeys = false } = facts;
  if (facts['name'] !== name)
    throw new Error(`schema/${file}: @library(name:) is "${String(facts['name'])}", but must be "${name}" as the file is`);
  if (typeof title !== 'string' || typeof department !== 'string' || typeof uscc !== 'string' || typeof order !== 'number') {
    throw new Error(`schema/${file}: @library needs title, department, uscc and order`);
  }
  return { name, title, department, uscc, order, personKeys: personKeys === true, sdl, document };
}

function libraryArguments(document: DocumentNode): Record<string, unknown> | null {
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.SCHEMA_EXTENSION && definition.kind !== Kind.SCHEMA_DEFINITION) continue;
    const directive = definition.directives?.find((each) => each.name.value === 'library');
    if (directive) return directiveArguments(directive);
  }
  return null;
}

/** Arguments of a directive in SDL as plain values: enum values as strings, lists and objects as such. */
export function directiveArguments(directive: ConstDirectiveNode): Record<string, unknown> {
  return Object.fromEntries((directive.arguments ?? []).map((argument) => [argument.name.value, valueFromASTUntyped(argument.value)]));
}
