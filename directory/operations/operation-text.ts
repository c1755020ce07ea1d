/** Argument and variable. */
type Given = readonly (readonly [argument: string, variable: string])[];
/** Fields of an operation that is put together: by what they are called there, each with what it is given and the fields below. */
export type Selections = Map<string, Readonly<{ given: Given; below: Selections }>>;

/** The fields below one of these; it is added where it is not there yet. */
export function selectionAt(selections: Selections, name: string, given: Given): Selections {
  return selections.getOrInsertComputed(name, () => ({ given, below: new Map() })).below;
}

/** As a selection set of GraphQL, indented. */
export function printSelections(selections: Selections, depth = 1): string {
  const lines = [...selections].map(([name, { given, below }]) => {
    const put = given.length === 0 ? '' : `(${given.map(([argument, variable]) => `${argument}: $${variable}`).join(', ')})`;
    return `${'  '.repeat(depth)}${name}${put}${below.size === 0 ? '' : ` ${printSelections(below, depth + 1)}`}`;
  });
  return `{\n${lines.join('\n')}\n${'  '.repeat(depth - 1)}}`;
}
