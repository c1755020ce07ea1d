/** The PostgreSQL schema that holds a library's tables, wherever they are: `e-license` -> `e_license`. */
export function schemaOf(library: string): string {
  return library.replaceAll('-', '_');
}

/** The database of a library on a server that holds one for each: `e-license` -> `longyuan_e_license`. */
export function databaseOf(library: string): string {
  return `longyuan_${schemaOf(library)}`;
}
