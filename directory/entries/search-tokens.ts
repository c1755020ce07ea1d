import { readFileSync } from 'node:fs';
import { readPlaceReadings } from '@longyuan/schema/src/place-readings.ts';
import { partWords } from '@longyuan/schema/src/words/describe-words.ts';
import { Converter } from 'opencc-js/t2cn';
import { customPinyin, pinyin } from 'pinyin-pro';
import type { Entry } from './entry.ts';

/**
 * Tokens of a text, made so that a search for the beginning of one finds every part of the text:
 * of Chinese each pair of neighbouring characters and the last one alone; of its pinyin, and of the initials of its pinyin, what follows
 * from each syllable on; of everything else the words, a GraphQL name (`PermitDecision`) taken apart and whole.
 */
export function tokensOf(text: string): readonly string[] {
  const known = kept.get(text);
  if (known) return known;
  const tokens = [...new Set(runsOf(text).flatMap((run) => (isChinese(run) ? tokensOfChinese(run) : tokensOfWord(run))))];
  // Names of items repeat themselves all over a directory; pinyin is most of the cost.
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(text, tokens);
  return tokens;
}

/**
 * What a text searches for, as PostgreSQL's tsquery: all of it must be there, as it is written or in simplified characters. Null where the text
 * holds nothing that could be found.
 */
export function searchQuery(text: string): string | null {
  const queries = new Set([text, simplified(text)].map(allTermsOf).filter((query) => query !== ''));
  const [only = null, other] = queries;
  return other === undefined ? only : `(${only}) | (${other})`;
}

function allTermsOf(text: string): string {
  const runs = runsOf(plainPinyin(text.toLowerCase()));
  const terms = new Set(runs.flatMap((run) => (isChinese(run) ? termsOfChinese(run) : [termOfWord(run)])));
  return [...terms].slice(0, MOST_TERMS).join(' & ');
}

/** The same text for everyone: full-width letters become plain ones, and space around it goes. */
export function plainText(text: string): string {
  return text.normalize('NFKC').trim();
}

/** Search tokens of an entry, as PostgreSQL's tsvector: of its name, keywords and code alone, and of those with all that is around it. */
export function searchVectors(entry: Entry): Readonly<{ name: string; all: string }> {
  const named = [...spellingsOf(entry.name), ...entry.keywords];
  const name = new Set([...named, entry.code, entry.typeName ?? ''].flatMap(tokensOf));
  const around = [entry.provider.name, entry.providerOffice ?? '', entry.category.replaceAll('/', ' ')];
  const items = entry.items.flatMap((item) => [
    ...[...spellingsOf(item.name), item.code],
    ...item.fields.flatMap(({ coordinate, description }) => [coordinate, partWords(description ?? '').zh, englishOf(description ?? '')]),
  ]);
  const all = new Set([...name, ...[...around, ...items].flatMap(tokensOf)]);
  return { name: vectorOf(name), all: vectorOf(all) };
}

/** A name, as it is said without what stands in brackets (经营(业务)范围), and the other words for it. */
function spellingsOf(name: string): readonly string[] {
  const said = name.normalize('NFKC').replace(/\([^)]*\)/g, '');
  return [...new Set([name, said, ...otherWordsFor(name), ...otherWordsFor(said)])];
}

const simplified = Converter({ from: 't', to: 'cn' });

// How places are really called: 武都 is Wudu, 民乐 Minle.
customPinyin(readPlaceReadings());

const kept = new Map<string, readonly string[]>();
const MOST_KEPT = 50_000;
const MOST_TERMS = 24;
/** Longest token in characters; a longer word is searched by its beginning. */
const LONGEST = 32;
/** Beginnings of fewer letters would match half of a large directory. */
const SHORTEST_BEGINNING = 2;

/** Runs of Chinese characters, and of other letters or digits. */
function runsOf(text: string): readonly string[] {
  return text.normalize('NFKC').match(/\p{Script=Han}+|[[\p{L}\p{N}]--\p{Script=Han}]+/gv) ?? [];
}

function isChinese(run: string): boolean {
  return /^\p{Script=Han}/u.test(run);
}

/** ü is written v in the tokens; people also type it ü, with a tone, or as passports have it (lyu, nyu). */
function plainPinyin(text: string): string {
  return text
    .normalize('NFD')
    .replace(/u\u0308/g, 'v')
    .replace(/(?<=[a-z])[\u0300-\u036f]+/g, '')
    .normalize('NFC')
    .replace(/(?<=[ln])yu/g, 'v');
}

/** The words of a description that are no Chinese. */
function englishOf(description: string): string {
  return runsOf(description)
    .filter((run) => !isChinese(run) && run.length > SHORTEST_BEGINNING)
    .join(' ');
}

function tokensOfChinese(run: string): readonly string[] {
  const characters = [...run];
  const syllables = pinyin(run, { toneType: 'none', type: 'array', v: true });
  const pairs = characters.map((character, place) => character + (characters[place + 1] ?? ''));
  const exact = syllables.map((_, place) => syllables.slice(place).join('').slice(0, LONGEST));
  // Many type u for ü.
  const spoken = exact.flatMap((sounds) => (sounds.includes('v') ? [sounds, sounds.replaceAll('v', 'u')] : [sounds]));
  const initials = syllables.map((_, place) =>
    syllables
      .slice(place)
      .map((syllable) => syllable[0] ?? '')
      .join('')
      .slice(0, LONGEST),
  );
  return [...pairs, ...spoken, ...initials].map((token) => token.toLowerCase());
}

function tokensOfWord(run: string): readonly string[] {
  const parts = run.match(/\p{Lu}?[\p{Ll}\p{Lo}\p{M}]+|\p{Lu}+(?!\p{Ll})|\p{N}+/gu) ?? [];
  return [run, ...parts].map((token) => token.toLowerCase().slice(0, LONGEST));
}

function termsOfChinese(run: string): readonly string[] {
  const characters = [...run];
  if (characters.length === 1) return [`'${run}':*`];
  // A pair at the end is found as a pair, or as the beginning of one.
  return characters.slice(0, -1).map((character, place) => `'${character}${characters[place + 1]}'`);
}

/** A word is found by its beginning, one of several things by the name of one of them. */
function termOfWord(run: string): string {
  if (run.length < SHORTEST_BEGINNING) return `'${run}'`;
  const [word, ...singulars] = [run, ...singularsOf(run)].map((each) => `'${each.slice(0, LONGEST)}':*`);
  return singulars.length === 0 ? `${word}` : `(${[word, ...singulars].join(' | ')})`;
}

/** What a word may be the plural of: companies, addresses, firms. */
function singularsOf(word: string): readonly string[] {
  if (!/^[a-z]{3,}s$/.test(word) || word.endsWith('ss')) return [];
  if (word.endsWith('ies')) return [`${word.slice(0, -3)}y`];
  return /(s|x|z|ch|sh)es$/.test(word) ? [word.slice(0, -2)] : [word.slice(0, -1)];
}

/** Tokens hold letters and digits alone, so that quotes need no escape. */
function vectorOf(tokens: ReadonlySet<string>): string {
  return [...tokens]
    .filter((token) => token !== '')
    .map((token) => `'${token}'`)
    .join(' ');
}

const FILE = new URL('../../schema/reference/search-words.json', import.meta.url);

/** Groups of words for one thing, in both languages; the first is how the register calls it. The file is read once. */
let groups: readonly (readonly string[])[] | undefined;

/** Other words by which people look for what a text names: 手机号 and "mobile" for 联系电话. */
function otherWordsFor(text: string): readonly string[] {
  // The file is the repository's own, and a test walks it.
  groups ??= JSON.parse(readFileSync(FILE, 'utf8')) as NonNullable<typeof groups>;
  return groups.filter((words) => words.some((word) => isChinese(word) && text.includes(word))).flat();
}
