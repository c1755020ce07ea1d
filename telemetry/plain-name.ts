/** Longer is no name that a person gave an operation. */
const MOST_CHARACTERS = 60;

/** The name of an operation where it is one; null where it may be something else that was put there, as a number of a person or a token. */
export function plainName(name: string | null | undefined): string | null {
  if (!name || name.length > MOST_CHARACTERS || name.includes('eyJ') || !/^[A-Za-z_][A-Za-z_]*\d{0,3}$/.test(name)) return null;
  return name;
}
