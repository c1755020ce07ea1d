import type { Words } from './sentence.ts';

/** What a value must be, said after the argument it stands at (`Query.person(idNumber:) must …`). Libraries and the hub say these. */
export const rulesOfValues = {
  CURSOR_OF_LIST: { en: 'must be a cursor as an earlier page of the same list gave it', zh: '须为同一列表前一页返回的游标' },
  EXISTING_DIVISION: { en: 'must be the code of a division that exists', zh: '须为实际存在的行政区划的代码' },
  NEEDS_NEAR: { en: 'needs near, the point it is measured from', zh: '须与 near（起算点）一并填写' },
  IN_FUTURE: { en: 'must be in the future', zh: '须晚于当前时间' },
  WITHIN_A_YEAR: { en: 'must be at most one year ahead', zh: '距今不得超过一年' },
  NO_NUL: { en: 'must not hold the character U+0000', zh: '不得含有字符 U+0000' },
  WELL_FORMED: { en: 'must not hold half a character (a surrogate alone)', zh: '不得含有不完整的字符（单独的代理码元）' },
  BETWEEN: { en: 'must be from {number} to {most}', zh: '须在 {number} 至 {most} 之间' },
  AT_LEAST: { en: 'must be {number} or more', zh: '不得小于 {number}' },
  AT_MOST: { en: 'must be {number} or less', zh: '不得大于 {number}' },
  AT_LEAST_CHARACTERS: { en: 'must be at least {number} characters long', zh: '不得少于 {number} 个字符' },
  AT_MOST_CHARACTERS: { en: 'must be at most {number} characters long', zh: '不得超过 {number} 个字符' },
  AT_MOST_ENTRIES: { en: 'must have at most {number} entries', zh: '不得超过 {number} 项' },
  RESERVED_NAME: { en: 'is a name the hub keeps for itself', zh: '为共享平台保留名称，不得使用' },
  CLAIMS_SOMETHING: { en: 'must claim something of one item or more', zh: '须至少填写一个待核验的信息项' },
  EACH_ITEM_ONCE: { en: 'must name each item once', zh: '同一信息项不得重复填写' },
  PLAIN_ITEMS: {
    en: 'must name items of {type} that are one plain value, and not what it is found by',
    zh: '须为 {type} 的单值信息项，且不得为查找记录所用的信息项',
  },
  CLAIMED_AS_SHOWN: {
    en: 'must claim {item} as its field shows it: a day as YYYY-MM-DD, a code as the code and not its word',
    zh: '中 {item} 的值须按其字段的形式填写：日期为 YYYY-MM-DD，代码填写代码而非名称',
  },
} as const satisfies Readonly<Record<string, Words>>;

/** The same for text that must have a form, by the name of the form (`ArgumentFormat` in `directives.graphql`). */
export const rulesOfForms = {
  FORM_CITIZEN_NUMBER: {
    en: 'must be a citizen number (公民身份号码, GB 11643): 18 characters with a real birth date and the right check digit',
    zh: '须为公民身份号码（GB 11643）：18 位，出生日期真实，校验码正确',
  },
  FORM_CREDIT_CODE: {
    en: 'must be a unified social credit code (统一社会信用代码, GB 32100): 18 characters without I O S V Z and the right check digit',
    zh: '须为统一社会信用代码（GB 32100）：18 位，不含 I、O、S、V、Z，校验码正确',
  },
  FORM_ISSUED_CREDIT_CODE: {
    en: 'must be a unified social credit code (统一社会信用代码, GB 32100): 18 characters without I O S V Z',
    zh: '须为统一社会信用代码（GB 32100）：18 位，不含 I、O、S、V、Z',
  },
  FORM_DIVISION_CODE: { en: 'must be a division code (区划代码): 6, 9 or 12 digits', zh: '须为行政区划代码：6 位、9 位或 12 位数字' },
  FORM_KNOWN_DIVISION: {
    en: 'must be the code of a division of the province (区划代码): 6, 9 or 12 digits, as `divisions` lists them',
    zh: '须为本省行政区划代码：6 位、9 位或 12 位数字，可通过 `divisions` 查询',
  },
  FORM_LICENSE_IDENTIFIER: {
    en: 'must be a license identifier (证照标识, GB/T 36904): 1.2.156.3005.2.<type>.<authority>.<serial>.<version>.<check> with the right check character',
    zh: '须为电子证照标识（GB/T 36904）：1.2.156.3005.2 后依次为证照类型代码、颁发机构代码、流水号、版本号、校验位，各段以“.”分隔，校验位正确',
  },
  FORM_LICENSE_TYPE_CODE: {
    en: 'must be a license type code (证照类型代码): the credit code of the defining body and three digits',
    zh: '须为证照类型代码：证照定义机构的统一社会信用代码加 3 位数字',
  },
  FORM_CHECK_CODE: {
    en: 'must be a check code (查验码) as it is printed: 20 letters and digits, in groups or not, in capitals or not',
    zh: '须为证照上印制的查验码：20 位字母和数字，分组、大小写不限；不得填写证照标识',
  },
  FORM_ADDRESS_CODE: { en: 'must be a standard address code (标准地址编码): 25 digits', zh: '须为标准地址编码：25 位数字' },
  FORM_REAL_ESTATE_UNIT_NO: {
    en: 'must be a real-estate unit number (不动产单元号, GB/T 37346): 28 digits and capital letters',
    zh: '须为不动产单元号（GB/T 37346）：28 位数字和大写字母',
  },
  FORM_PHONE: {
    en: 'must be a telephone number: 11 digits of a mobile phone, or area code and number',
    zh: '须为电话号码：11 位手机号码，或者区号加固定电话号码',
  },
  FORM_DIGEST: {
    en: 'must be a SHA-256 in hexadecimal: 64 characters, 0 to 9 and a to f',
    zh: '须为 SHA-256 摘要：64 位十六进制数字，字母小写',
  },
  FORM_INDUSTRY_CODE: {
    en: 'must be an industry code (行业代码, GB/T 4754): section letter and up to four digits',
    zh: '须为国民经济行业代码（GB/T 4754）：门类字母加至多 4 位数字',
  },
  FORM_DATE: { en: 'must be a day of the calendar, YYYY-MM-DD', zh: '须为真实日期，格式为 YYYY-MM-DD' },
  FORM_DATE_TIME: {
    en: 'must be a moment of the years 2000 to 2199 with its offset from UTC (RFC 3339), such as 2026-06-30T08:00:00Z',
    zh: '须为 2000 年至 2199 年间带时区的时间（RFC 3339），例如 2026-06-30T08:00:00Z',
  },
  FORM_CURSOR: { en: 'must be a cursor as an earlier page gave it', zh: '须为前一页返回的游标' },
} as const satisfies Readonly<Record<`FORM_${string}`, Words>>;
