/** Fields of an operation that is put together: by what they are called there, each with the variables that it is given and the fields below. */
export type Selections = Map<string, Readonly<{ given: readonly string[]; below: Selections }>>;

/** The fields below one of these; it is added where it is not there yet. `given`: arguments, each a variable of the same name. */
export function selectionAt(selections: Selections, name: string, given: readonly string[]): Selections {
  return selections.getOrInsertComputed(name, () => ({ given, below: new Map() })).below;
}

/** As a selection set of GraphQL, indented. */
export function printSelections(selections: Selections, depth = 1): string {
  const lines = [...selections].map(([name, { given, below }]) => {
    const put = given.length === 0 ? '' : `(${given.map((each) => `${each}: $${each}`).join(', ')})`;
    return `${'  '.repeat(depth)}${name}${put}${below.size === 0 ? '' : ` ${printSelections(below, depth + 1)}`}`;
  });
  return `{\n${lines.join('\n')}\n${'  '.repeat(depth - 1)}}`;
}
