/** How each `@item(mask:)` shows a part of a value. */
const masks: Readonly<Record<string, (value: string) => string>> = {
  CITIZEN_NUMBER: (value) => middleHidden(value, 4, 4),
  PHONE: (value) => middleHidden(value, 3, 4),
  NAME: (value) => {
    const family = familyNameOf(value);
    return family === value ? starsFor(value) : family + starsFor(value.slice(family.length));
  },
  ADDRESS: (value) => `${ADMINISTRATIVE.exec(value)?.[0] ?? ''}****`,
};

/** Whether there is a mask of this name. */
export function isMask(name: string): boolean {
  return Object.hasOwn(masks, name);
}

/**
 * A value shown in part, as the mask of its item says: `6201**********1234`, `138****5678`, `王**`, `甘肃省兰州市城关区****`. Length is kept
 * but for addresses. Null for what cannot be shown in part: a value that is no text, or an unknown mask.
 */
export function maskValue(mask: string | null, value: unknown): string | null {
  if (mask === null || typeof value !== 'string' || !isMask(mask)) return null;
  return masks[mask]?.(value.trim()) ?? null;
}

/** The first and last characters; where that would hide fewer than three, none. */
function middleHidden(value: string, first: number, last: number): string {
  const hidden = value.length - first - last;
  return hidden < 3 ? starsFor(value) : value.slice(0, first) + '*'.repeat(hidden) + value.slice(-last);
}

function starsFor(value: string): string {
  // By character as people count them: some rare ones take two places of a string.
  return '*'.repeat(Array.from(value).length);
}

/**
 * 姓: the first character, or a compound surname (复姓). Names of peoples who write a point between their parts (阿依古丽·买买提) show the first
 * character alone, and so does a name that is nothing but a compound surname.
 */
function familyNameOf(name: string): string {
  const compound = COMPOUND_SURNAMES.find((surname) => name.startsWith(surname) && name.length > surname.length);
  return compound ?? Array.from(name)[0] ?? '';
}

/** Compound surnames in use, after 公安部户政管理研究中心《全国姓名报告》 and 《百家姓》. */
const COMPOUND_SURNAMES = (
  '欧阳 上官 皇甫 令狐 诸葛 司徒 司马 申屠 夏侯 贺兰 完颜 慕容 尉迟 长孙 东方 公孙 公羊 公冶 公西 司空 呼延 端木 轩辕 南宫 西门 独孤 宇文 ' +
  '鲜于 闾丘 濮阳 淳于 单于 太史 太叔 仲孙 钟离 澹台 宗政 赫连 拓跋 百里 东郭 东门 南门 羊舌 微生 梁丘 左丘 第五 谷梁 乐正 漆雕 壤驷 巫马 亓官 ' +
  '司寇 子车 颛孙 段干 夹谷 宰父 纳兰 欧侯'
).split(' ');

/** Province, prefecture and county as they stand at the beginning of an address. No county's name holds a street, a town or a village. */
const ADMINISTRATIVE =
  /^(?:[\u4e00-\u9fff]{2,8}?(?:省|自治区))?(?:[\u4e00-\u9fff]{1,10}?(?:自治州|地区|盟|市))?(?:[\u4e00-\u9fff][^街路巷号镇村社小楼\d]{0,12}?(?:自治县|县|区|旗|市))?/u;
