import { normaliseText } from './normalise-text.ts';

/** How a text names a division: as it is officially called or always is (沙河村 for 沙河村民委员会), with another ending, or by its bare name. */
export type Manner = 'exact' | 'variant' | 'bare';

/** The part of a name that tells a division from others (城关), and the ending that says what it is (区). */
export type SplitName = Readonly<{ stem: string; ending: string }>;

// Longest first: 蔵 is how the reference data writes 藏 once.
const peoples = '(?:保安族东乡族撒拉族|哈萨克族|裕固族|蒙古族|东乡族|回族|[藏蔵]族|土族|满族|哈萨克|裕固|蒙古|东乡|[回藏])*';
const village =
  '村*(?:村民委员会|村民委会|村委会|村委员会|村委)会?|(?:虚拟)?社区(?:居民委员会|居委会|服务中心|委员会|委会)?|居民委员会|居委会|(?:社区)?生活区|村';
const endings: readonly RegExp[] = [
  /^(?:省)/,
  new RegExp(`^(?:${peoples}自治州|市|州|地区)`),
  new RegExp(`^(?:${peoples}(?:族)?自治县|区|县|市)`),
  new RegExp(`^(?:街道办事处|街道办|街道|办事处|镇|${peoples}(?:族)?乡)`),
  new RegExp(`^(?:${village})`),
];
const wholeEndings = endings.map((ending) => new RegExp(`${ending.source}$`));

/** After a bare name these say that something else is meant: 城关 in 城关镇 is not 城关区, 东岗 in 东岗路 is no village. */
const otherThing = /^(?:省|市|区|县|州|自治|乡|镇|街道|办事处|村|社区|居委会|居民委员会|路|街|大街|大道|巷|胡同|族)/;

/** Takes a division's name apart. A stem has at least two characters: 环县 stays whole. `level` is 1 (province) to 5 (village). */
export function splitName(name: string, level: number): SplitName {
  const whole = normaliseText(name);
  for (let length = 2; length < whole.length; length++) {
    const ending = whole.slice(length);
    if (wholeEndings[level - 1]?.test(ending)) return { stem: whole.slice(0, length), ending };
  }
  return { stem: whole, ending: '' };
}

/** The ending that stands at the start of `text`, '' where there is none, null where what follows belongs to something else. */
export function readEnding(text: string, level: number): string | null {
  const [ending = ''] = endings[level - 1]?.exec(text) ?? [];
  return ending === '' && otherThing.test(text) ? null : ending;
}

/** How well an ending that was read fits the one of the name. */
export function compareEndings(read: string, name: SplitName, level: number): Manner {
  if (read === name.ending) return 'exact';
  if (read === '') return 'bare';
  return kindOf(read, level) === kindOf(name.ending, level) ? 'exact' : 'variant';
}

/** Endings of one kind mean the same: 社区 and 社区居委会, 街道 and 街道办事处, 回族自治州 and 州. */
function kindOf(ending: string, level: number): string {
  if (level === 5) return /社区|居|生活区/.test(ending) ? 'community' : 'village';
  return ending.startsWith('街道') || ending === '办事处' ? '街道' : ending.slice(-1);
}
