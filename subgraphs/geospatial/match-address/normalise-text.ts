/** Characters of addresses in their old form, and today's at the same places; # stands for 号. */
const [old, today] = [
  [...'號棟樓單鎮鄉縣區蘭肅關東崗慶張臨靜寧涼莊會隴華廣園#'],
  [...'号栋楼单镇乡县区兰肃关东岗庆张临静宁凉庄会陇华广园号'],
];
const modern = new Map(old.map((character, at) => [character, today[at] ?? character]));
const oldForm = new RegExp(`[${old.join('')}]`, 'g');

/** What stands before an address in forms and messages and is not part of it. */
const leadIn = /^(?:(?:收货|户籍|家庭|现|居住|联系|通讯|注册|经营)?(?:地址|住址|住所|住地)(?:为|是)?|现住|家住|中国|中华人民共和国)+/;

/**
 * An address as it is compared: half-width, upper case, today's characters, without spaces, brackets and what they hold,
 * punctuation and lead-in words. Hyphens stay between numbers only (3-2-501).
 */
export function normaliseText(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replace(oldForm, (found) => modern.get(found) ?? found)
    .replace(/号号/g, '号')
    .replace(/\([^()]*\)|\[[^[\]]*\]|【[^】]*】/g, '')
    .replace(/[—–―−~]+/g, '-')
    .replace(/[^\p{L}\p{N}-]/gu, '')
    .replace(/(?<![\dA-Z])-|-(?![\dA-Z])/g, '')
    .replace(leadIn, '');
}

const digits = '零一二三四五六七八九';
const numeral = /[〇零一二两三四五六七八九十百]+(?=(?:号(?![路街巷基])|栋|幢|座|单元|层|室|弄|组|社|队|村民小组))/g;

/** Turns Chinese numerals that count doors, buildings, units and rooms into digits: 十二号三单元五〇一室 -> 12号3单元501室. */
export function readNumerals(text: string): string {
  return text.replace(numeral, readNumeral);
}

function readNumeral(numeral: string): string {
  const plain = numeral.replaceAll('〇', '零').replaceAll('两', '二');
  if (!/[十百]/.test(plain)) return [...plain].map((digit) => digits.indexOf(digit)).join('');
  const [, hundreds, tens, ones] = plain.match(/^(?:(.)百)?零?(?:(.)?十)?(.)?$/) ?? [];
  const ten = plain.includes('十') ? digitOf(tens ?? '一') : 0;
  return String(digitOf(hundreds) * 100 + ten * 10 + digitOf(ones));
}

function digitOf(digit: string | undefined): number {
  return digit === undefined ? 0 : Math.max(0, digits.indexOf(digit));
}
