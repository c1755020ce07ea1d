import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Variables that speak of one library each, by what their names end with. */
export const DATABASE_URL = '_DATABASE_URL';
export const SUBGRAPH_URL = '_SUBGRAPH_URL';

/** What the hub's own variables begin with: nobody else's do. */
const OURS = /^(HUB|OIDC)_/i;
const ROOT = new URL('../', import.meta.url);

/**
 * What is wrong with the names of variables that are meant for the hub: one that it does not know, in whatever case, and one of a library that
 * there is not. Each with the name that was probably meant.
 */
export function findWrongNames(given: readonly string[], known: readonly string[], schemaFolder: URL | undefined): readonly string[] {
  return given.flatMap((name) => {
    if (known.includes(name)) return [];
    if (OURS.test(name)) return [`${name}: no such setting${meant(name, known)}`];
    for (const [suffix, find] of [
      [DATABASE_URL, findStores],
      [SUBGRAPH_URL, () => findSdl(schemaFolder)],
    ] as const) {
      if (!name.toUpperCase().endsWith(suffix)) continue;
      const names = find().map((library) => `${library.replaceAll('-', '_').toUpperCase()}${suffix}`);
      return names.includes(name) ? [] : [`${name}: there is no such library${meant(name, names)}`];
    }
    return [];
  });
}

/** Whoever stores something, the directory among them, has a folder in `prisma/`. */
function findStores(): readonly string[] {
  return filesIn(new URL('prisma/', ROOT)).filter((name) => filesIn(new URL(`prisma/${name}/`, ROOT)).includes('schema.prisma'));
}

/** A library has an SDL file that says so; whether the rest of it holds, others find out. */
function findSdl(folder: URL = new URL('schema/libraries/', ROOT)): readonly string[] {
  return filesIn(folder)
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => file.slice(0, -'.graphql'.length))
    .filter((name) =>
      readFileSync(new URL(`${name}.graphql`, folder), 'latin1')
        .replaceAll('\0', '')
        .includes(`@library(name: "${name}"`),
    );
}

function filesIn(folder: URL): readonly string[] {
  try {
    return readdirSync(fileURLToPath(folder));
  } catch {
    // No folder, or none that can be read: who needs it says so.
    return [];
  }
}

/** The nearest of the names, where it is near enough to have been meant. */
function meant(name: string, names: readonly string[]): string {
  const [nearest] = names
    .map((other) => ({ other, steps: stepsBetween(name.toUpperCase(), other) }))
    .sort((one, another) => one.steps - another.steps);
  return nearest && nearest.steps <= Math.max(2, name.length / 5) ? `; ${nearest.other} is meant?` : '';
}

/** How many letters are put in, left out, replaced or swapped with their neighbour between the two (optimal string alignment). */
function stepsBetween(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const differs = one[i - 1] === other[j - 1] ? 0 : 1;
      let least = Math.min((rows[i - 1]?.[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (rows[i - 1]?.[j - 1] ?? 0) + differs);
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (isSwapped) least = Math.min(least, (rows[i - 2]?.[j - 2] ?? 0) + 1);
      row.push(least);
    }
    rows.push(row);
  }
  return rows[one.length]?.[other.length] ?? 0;
}
