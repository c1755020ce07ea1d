import { readFileSync } from 'node:fs';

const FILE = new URL('../../schema/reference/search-words.json', import.meta.url);

/** Groups of words for one thing, in both languages; the first is how the register calls it. The file is read once. */
let groups: readonly (readonly string[])[] | undefined;

/** Other words by which people look for what a text names: 手机号 and "mobile" for 联系电话. */
export function otherWordsFor(text: string): readonly string[] {
  // The file is the repository's own, and a test walks it.
  groups ??= JSON.parse(readFileSync(FILE, 'utf8')) as NonNullable<typeof groups>;
  return groups.filter((words) => words.some((word) => isChinese(word) && text.includes(word))).flat();
}

function isChinese(word: string): boolean {
  return /^\p{Script=Han}/u.test(word);
}
