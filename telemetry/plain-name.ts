/** Longer is no name that a person gave an operation. */
const MOST_CHARACTERS = 60;

/** The name of an operation where it is one; null where it may be something else that was put there, as a number of a person or a token. */
export function plainName(name: string | null | undefined): string | null {
  if (!name || name.length > MOST_CHARACTERS || name.includes('eyJ') || !/^[A-Za-z_][A-Za-z_]*\d{0,3}$/.test(name)) return null;
  return name;
}

/** Digits in the length of a citizen number, old or new, or of a mobile number, in groups too. */
const NUMBER_OF_A_PERSON = /(?<!\d)(?:\d{15}|\d{17}[\dXx]|(?:(?:00)?86)?1[3-9]\d{9}|1[3-9]\d[._-]\d{4}[._-]\d{4})(?!\d)/;

/** Whether what somebody sent along may hold a number of a person: logs and traces are read by others than may read data. */
export function mayHoldPerson(text: string): boolean {
  return NUMBER_OF_A_PERSON.test(text);
}
