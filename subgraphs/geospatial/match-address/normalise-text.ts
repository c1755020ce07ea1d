/** Characters of addresses in their old form, and today's at the same places; # stands for 号. */
const [old, today] = [
  [...'號棟樓單鎮鄉縣區蘭肅關東崗慶張臨靜寧涼莊會隴華廣園#○'],
  [...'号栋楼单镇乡县区兰肃关东岗庆张临静宁凉庄会陇华广园号〇'],
];
const modern = new Map(old.map((character, at) => [character, today[at] ?? character]));
const oldForm = new RegExp(`[${old.join('')}]`, 'g');

/** What stands before an address in forms and messages and is not part of it; a postcode may stand on either side. */
const leadIn =
  /^(?:(?:收货|户籍|家庭|现|居住|联系|通讯|注册|经营)?(?:地址|住址|住所|住地)(?:为|是)?|现住|家住|中国|中华人民共和国|(?:邮政编码|邮编|邮码)?\d{6}(?=\p{Script=Han}))+/u;
/** Postcodes of the province begin with 73 and 74. */
const postcodeAtEnd = /(?<=[\p{Script=Han}])(?:邮政编码|邮编|邮码)?7[34]\d{4}$/u;
/** Development zones by their full names and their short ones. */
const zones: readonly (readonly [RegExp, string])[] = [
  [/经济(?:技术)?开发区/g, '经开区'],
  [/高新(?:技术)?(?:产业)?(?:开发)?区/g, '高新区'],
];

/**
 * An address as it is compared: half-width, upper case, today's characters, without spaces, brackets and what they hold,
 * punctuation, postcodes and lead-in words. Hyphens stay between numbers only (3-2-501), and stand for whatever parts two of them.
 */
export function normaliseText(text: string): string {
  const plain = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(oldForm, (found) => modern.get(found) ?? found)
    .replace(/号号/g, '号')
    .replace(/\([^()]*\)|\[[^[\]]*\]|【[^】]*】/g, '')
    .replace(/[—–―−~]+/g, '-')
    .replace(/(?<=\d)[\s,;、。/]+(?=\d)/g, '-')
    .replace(/[^\p{L}\p{N}-]/gu, '')
    .replace(/(?<![\dA-Z])-|-(?![\dA-Z])/g, '')
    .replace(leadIn, '')
    .replace(postcodeAtEnd, '');
  return zones.reduce((name, [full, short]) => name.replace(full, short), plain);
}

const digits = '零一二三四五六七八九';
/** The numerals of bank notes (大写) and short ones for tens, as they are written plainly. */
const [formal, informal] = [[...'〇两壹贰貳叁參叄肆伍陆陸柒捌玖拾佰仟弌弍弎'], [...'零二一二二三三三四五六六七八九十百千一二三']];
const plainNumeral = new Map<string, string>([
  ...formal.map((character, at) => [character, informal[at] ?? ''] as const),
  ['廿', '二十'],
  ['卅', '三十'],
  ['卌', '四十'],
]);
const character = `${digits}十百千${[...plainNumeral.keys()].join('')}`;
/** Between numerals people also type 0 or O for 〇. */
const numeral = new RegExp(
  `[${character}](?:[${character}]|[0O](?=[${character}0O]*(?:号|栋|幢|座|单元|层|室|房|户|弄|组|社|队|村民小组)))*(?=(?:号(?![路街巷基])|栋|幢|座|单元|层|室|房|户|弄|组|社|队|村民小组))`,
  'g',
);
/** What ends an address without its 号 or 室; a word such as 三八 alone counts nothing. */
const numeralAtEnd = new RegExp(`(?<=[路街巷道里村号栋幢座元层楼])[${character}][${character}0O]*$`);

/** Turns Chinese numerals that count doors, buildings, units and rooms into digits: 十二号三单元五〇一 -> 12号3单元501. */
export function readNumerals(text: string): string {
  return text.replace(numeral, readNumeral).replace(numeralAtEnd, readNumeral);
}

/** 二〇八 is read digit by digit, 一千二百零八 and 廿三 by their units; after 百 or 千 a last digit alone counts the next smaller unit (一百二 is 120). */
function readNumeral(found: string): string {
  const plain = [...found.replace(/[0O]/g, '零')].map((each) => plainNumeral.get(each) ?? each).join('');
  if (!/[十百千]/.test(plain)) return [...plain].map((digit) => digits.indexOf(digit)).join('');
  let [sum, digit, unit, isAfterUnit] = [0, null as number | null, 1, false];
  for (const each of plain) {
    const size = { 十: 10, 百: 100, 千: 1_000 }[each];
    if (size !== undefined) {
      sum += (digit ?? 1) * size;
      [digit, unit, isAfterUnit] = [null, size, true];
      continue;
    }
    if (each === '零') isAfterUnit = false;
    digit = digits.indexOf(each);
    if (each === '零') digit = null;
  }
  return String(sum + (digit ?? 0) * (isAfterUnit && unit > 10 ? unit / 10 : 1));
}
