import { simplifyCharacters } from './simplify-characters.ts';

/** The dots between the parts of a name (买买提·吐尔逊), as keyboards and registers write them. */
const DOTS = /[•・‧∙⋅․]/g;
/** Chinese is written without spaces: one beside a character was typed or pasted. */
const SPACES = /\s+(?=\p{Script=Han})|(?<=\p{Script=Han})\s+/gu;
/** Marks that nobody sees and that come along when text is pasted. */
const UNSEEN = /\p{Cf}/gu;

/**
 * A name or value as it is compared, wherever one is verified: wide letters, brackets and spaces are narrow ones, the dots of names are one,
 * and neither space around it nor small letters count.
 */
export function spelled(text: string): string {
  return plainly(text).toUpperCase();
}

function plainly(text: string): string {
  return text.normalize('NFKC').replace(UNSEEN, '').replace(DOTS, '·').replace(SPACES, '').trim();
}

/** Digits as they are compared with a number of digits alone: people group them, and write the country before a telephone number. */
export function spelledDigits(text: string): string {
  return spelled(text)
    .replace(/[\s-]/g, '')
    .replace(/^(?:\+|00)86(?=1\d{10}$)/, '');
}

/** Whether what is claimed is what is registered, as people type it. Nothing is not the same as nothing. */
export function isSameText(registered: string | null | undefined, claimed: string | null | undefined): boolean {
  return !!registered && !!claimed && isSpelledAs(spelled(registered), spelled(claimed));
}

/**
 * Whether two texts, each `spelled`, are the same where a traditional character may be claimed for the simplified one that is registered: 甘肅 for
 * 甘肃. Not the other way: of 乾 and 干, which are both written 干 in other names, a claimed 干 is no registered 乾.
 */
export function isSpelledAs(registered: string, claimed: string): boolean {
  if (registered === claimed) return true;
  const [own, typed, simple] = [[...registered], [...claimed], [...simplifyCharacters(claimed)]];
  return own.length === typed.length && own.every((character, at) => character === typed[at] || character === simple[at]);
}

/**
 * The spellings in which a register may hold what somebody typed to search for: as it is, and without spaces in Chinese with narrow and with wide
 * brackets, these in simplified characters too.
 */
export function spellingsOf(typed: string): readonly string[] {
  const whole = typed.replace(UNSEEN, '').trim();
  const narrow = plainly(whole);
  const wide = narrow.replaceAll('(', '（').replaceAll(')', '）');
  return [...new Set([whole, narrow, wide, simplifyCharacters(narrow), simplifyCharacters(wide)])];
}
