import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type DocumentNode, Kind } from 'graphql';
import { completeTypes } from './complete-types.ts';
import { parseSdl, readSdlFile, reasonOf } from './read-sdl-file.ts';
import { directiveArguments } from './sdl-node.ts';

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

const SDL_FOLDER = new URL('../libraries/', import.meta.url);

/**
 * Every library there is an SDL file for, by `order`.
 * @throws Error with a line for every file that is no SDL in UTF-8 or whose `@library` is missing, incomplete or named differently from the
 * file; where all can be read, for those that claim what another claims too.
 */
export function readLibraries(folder: URL = SDL_FOLDER): readonly Library[] {
  const libraries: Library[] = [];
  const mistakes: string[] = [];
  for (const file of listSdlFiles(folder)) {
    try {
      libraries.push(readLibrary(file, readSdlFile(new URL(file, folder), `schema/libraries/${file}`)));
    } catch (error) {
      mistakes.push(error instanceof Error ? error.message : String(error));
    }
  }
  if (mistakes.length === 0) mistakes.push(...sameClaims(libraries));
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
  return libraries.sort((one, other) => one.order - other.order);
}

/** @throws Error where there is no such folder, it cannot be read, or no library is in it. */
function listSdlFiles(folder: URL): readonly string[] {
  const path = fileURLToPath(folder);
  let files: readonly string[];
  try {
    files = readdirSync(folder).filter((file) => file.endsWith('.graphql'));
  } catch (cause) {
    throw new Error(`The folder of the libraries' SDL, ${path} (HUB_SCHEMA_DIR), cannot be read: ${reasonOf(cause)}.`, { cause });
  }
  if (files.length === 0) throw new Error(`No library's SDL file (<name>.graphql) is in ${path} (HUB_SCHEMA_DIR).`);
  return files;
}

/** What more than one library says of itself; whose mistake that is only they can say, so both are named. */
function sameClaims(libraries: readonly Library[]): readonly string[] {
  const namesOf = (those: readonly Library[]) => those.map(({ name }) => `schema/libraries/${name}.graphql`).join(' and ');
  const mistakes: string[] = [];
  for (const [order, those] of Map.groupBy(libraries, (library) => library.order)) {
    if (those.length > 1) mistakes.push(`${namesOf(those)}: order ${order} in @library is said by more than one; give each its own`);
  }
  const keepers = libraries.filter((library) => library.personKeys);
  if (keepers.length > 1) mistakes.push(`${namesOf(keepers)}: personKeys in @library is said by more than one; one library alone may`);
  return mistakes;
}

/** The library of this name. @throws Error that lists the names there are. */
export function libraryNamed(name: string, libraries: readonly Library[] = readLibraries()): Library {
  const library = libraries.find((candidate) => candidate.name === name);
  if (!library) throw new Error(`There is no library "${name}". There are: ${libraries.map((each) => each.name).join(', ')}.`);
  return library;
}

/** Reads one library out of its SDL. @throws Error naming the file, and the line of what is no SDL, when `@library` does not hold. */
export function readLibrary(file: string, sdl: string): Library {
  const document = completeTypes(parseSdl(sdl, `schema/libraries/${file}`));
  const facts = libraryArguments(document);
  const name = file.replace(/\.graphql$/, '');
  if (!facts) throw new Error(`schema/libraries/${file}: no @library on the schema; say who answers for it`);
  const { title, department, uscc, order, personKeys = false } = facts;
  if (facts['name'] !== name)
    throw new Error(`schema/libraries/${file}: @library(name:) is "${String(facts['name'])}", but must be "${name}" as the file is`);
  if (typeof title !== 'string' || typeof department !== 'string' || typeof uscc !== 'string' || typeof order !== 'number') {
    throw new Error(`schema/libraries/${file}: @library needs title, department, uscc and order`);
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
