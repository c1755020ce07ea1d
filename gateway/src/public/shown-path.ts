import type { Operation } from '@longyuan/operation/read-operation.ts';

type Path = readonly (string | number)[];

/** The part of an error's path, from its start, that the operation itself asks for. */
export function shownPath({ root }: Pick<Operation, 'root'>, path: Path): Path {
  let fields = root.fields;
  for (const [place, part] of path.entries()) {
    if (typeof part === 'number' || part === '@') continue;
    const named = fields.filter(({ key }) => key === part);
    if (named.length === 0) return path.slice(0, place);
    fields = named.flatMap(({ below }) => below?.fields ?? []);
  }
  return path;
}
