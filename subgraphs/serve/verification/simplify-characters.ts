import pairs from 'opencc-js/dict/TSCharacters';

let today: ReadonlyMap<string, string> | undefined;

/**
 * The text with each traditional character (肅) as registers write it (肃), one by one: as long as before. The table (some 3,500 characters) is
 * read at the first call.
 */
export function simplifyCharacters(text: string): string {
  today ??= new Map(pairs.split('|').map((pair) => pair.split(' ', 2) as [string, string]));
  const known = today;
  return text.replace(HAN, (character) => known.get(character) ?? character);
}

const HAN = /\p{Script=Han}/gu;
