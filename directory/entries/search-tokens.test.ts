import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { expect, test } from 'vitest';
import { entriesOfHub } from './entries-of-hub.ts';
import { searchQuery, searchVectors, tokensOf } from './search-tokens.ts';

/** Whether every term of what is searched for is a token of the text, or begins one: what PostgreSQL does with the two. */
function finds(search: string, text: string): boolean {
  return holds(searchQuery(search), tokensOf(text));
}

/** Whether tokens fulfil a tsquery. */
function holds(query: string | null, tokens: readonly string[]): boolean {
  const isThere = (word: string, isBeginning: boolean) => tokens.some((token) => (isBeginning ? token.startsWith(word) : token === word));
  let left = (query ?? '0').replace(/'([^']+)'(:\*)?/g, (_, word: string, star?: string) =>
    isThere(word, star !== undefined) ? '1' : '0',
  );
  const judge = (terms: string) => (terms.split(' | ').some((all) => all.split(' & ').every((each) => each === '1')) ? '1' : '0');
  while (left.includes('(')) left = left.replace(/\(([^()]+)\)/g, (_, inner: string) => judge(inner));
  return judge(left) === '1';
}

test.each([
  ['婚姻', '婚姻登记信息'],
  ['登记信息', '婚姻登记信息'],
  ['登', '婚姻登记信息'],
  ['息', '婚姻登记信息'],
  ['hunyin', '婚姻登记信息'],
  ['dengji', '婚姻登记信息'],
  ['Hunyin DJ', '婚姻登记信息'],
  ['hydj', '婚姻登记信息'],
  ['婚姻 xinxi', '婚姻登记信息'],
  ['permit', 'PermitDecision.documentNo'],
  ['document no', 'PermitDecision.documentNo'],
  ['permitdec', 'PermitDecision.documentNo'],
  ['ＰＯＩ', 'POI 兴趣点'],
  ['104002', '104002/1'],
  ['lvse', '绿色食品'],
  ['lüse', '绿色食品'],
  ['Lǜsè', '绿色食品'],
  ['lyuse', '绿色食品'],
  ['luse', '绿色食品'],
  ['lvyou', '旅游景区'],
  ['lyuyou', '旅游景区'],
  ['lüshi', '律师事务所'],
  ['nyu', '女性'],
  ['qinlue', '侵略'],
  ['wudu', '武都区'],
  ['minle', '民乐县'],
  ['shichuan', '什川镇'],
  ['huazangsi', '华藏寺镇'],
  ["Qin'an", '秦安县'],
])('%s finds %s', (search, text) => expect(finds(search, text)).toBe(true));

test.each([
  ['离婚', '婚姻登记信息'],
  ['婚姻 离异', '婚姻登记信息'],
  ['unyin', '婚姻登记信息'],
  ['cision', 'PermitDecision'],
])('%s does not find %s', (search, text) => expect(finds(search, text)).toBe(false));

test('what holds no letter, digit or character searches for nothing', () => {
  expect(searchQuery(' … /!？')).toBeNull();
  expect(searchQuery("' & | :* !")).toBeNull();
});

test('marks of a query language are text like any other', () => {
  expect(searchQuery("低保'|!a:*")).toBe("'低保' & 'a'");
});

test.each([
  ['身份证号', '101001/1'],
  ['手机号', '101001/1'],
  ['mobile', '101001/1'],
  ['birthday', '101001/1'],
  ['date of birth', '101001/1'],
  ['结婚证', '101001/1'],
  ['公司', '102001/1'],
  ['firm', '102001/1'],
  ['legal representative', '102001/1'],
  ['Legal Representatives', '102001/1'],
  ['COMPANIES', '102001/1'],
  ['addresses', '103002/1'],
  ['身份證號', '101001/1'],
  ['手機號', '101001/1'],
  ['統一社會信用代碼', '102001/1'],
  ['不動產', '103004/1'],
  ['经营范围', '102001/1'],
  ['farendaibiaoren', '102001/1'],
  ['职工人数', '102001/1'],
  ['unified social credit code', '102001/1'],
  ['驾照', '105002/1'],
  ['school', '103003/1'],
  ['配偶', '101001/1'],
  ['人口统计', '101001/1'],
  ['统计', '101001/1'],
  ['census', '101001/1'],
  ['marital status', '101001/1'],
  ['social security', '101001/1'],
  ['教育', '101001/1'],
  ['就业', '101001/1'],
  ['坐标', '103003/1'],
  ['公开电话', '103003/1'],
  ['longitude', '103001/1'],
  ['许可机关', '104001/1'],
  ['xukejiguan', '104001/1'],
  ['罚款金额', '104002/1'],
  ['违法事实', '104002/1'],
  ['案号', '104003/1'],
  ['履行情况', '104003/1'],
])('people who look for %s find the resource %s', (search, code) => {
  const entry = entriesOfHub(readLibraries()).find((each) => each.code === code);
  const tokens = entry
    ? searchVectors(entry)
        .all.split(' ')
        .map((token) => token.slice(1, -1))
    : [];
  expect(holds(searchQuery(search), tokens)).toBe(true);
});
