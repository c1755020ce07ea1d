import { readReference } from '@longyuan/prisma/reference/read-reference.ts';
import { expect, test } from 'vitest';
import { makeGazetteer } from './gazetteer.ts';
import { rankCandidates, readAddressText } from './match-address.ts';

const gazetteer = makeGazetteer(readReference().divisions);

/** The likeliest understanding in one line: division, then what stands on the door. */
function understand(text: string, within: string | null = null): string {
  const [best] = readAddressText(text, gazetteer, within).understood;
  if (!best) return '';
  const { street, group, number, building, unit, room } = best.plate;
  const parts = [
    street,
    group && `${group}社`,
    number && `${number}号`,
    building && `${building}号楼`,
    unit && `${unit}单元`,
    room && `${room}室`,
  ];
  return [best.reading.division, ...parts.filter((part) => part !== null)].join(' ');
}

test.each([
  ['every part', '甘肃省兰州市城关区酒泉路街道畅家巷社区东岗西路12号', '620102001001 东岗西路 12号'],
  ['the official name of the community', '甘肃省兰州市城关区酒泉路街道畅家巷社区居委会人民路208号', '620102001001 人民路 208号'],
  ['abbreviated', '兰州城关酒泉路畅家巷社区东岗西路12号', '620102001001 东岗西路 12号'],
  ['full-width digits', '兰州市城关区酒泉路街道畅家巷社区东岗西路１２号', '620102001001 东岗西路 12号'],
  ['spaces and commas', ' 甘肃省， 兰州市 城关区、酒泉路街道 畅家巷社区 东岗西路 12 号。', '620102001001 东岗西路 12号'],
  ['old characters', '甘肅省蘭州市城關區酒泉路街道畅家巷社区東崗西路12號', '620102001001 东岗西路 12号'],
  ['號 and 棟', '兰州市城关区酒泉路街道畅家巷社区人民路12號3棟', '620102001001 人民路 12号 3号楼'],
  ['no province and no town', '兰州市城关区畅家巷社区人民路208号', '620102001001 人民路 208号'],
  ['nothing but the community', '畅家巷社区人民路208号', '620102001001 人民路 208号'],
  ['building, unit, room', '城关区畅家巷社区人民路208号3号楼2单元1804室', '620102001001 人民路 208号 3号楼 2单元 1804室'],
  ['栋 and no 室', '城关区畅家巷社区人民路208号3栋2单元1804', '620102001001 人民路 208号 3号楼 2单元 1804室'],
  ['hyphens', '城关区畅家巷社区人民路208号3-2-1804', '620102001001 人民路 208号 3号楼 2单元 1804室'],
  ['a hash for 号', '畅家巷社区人民路9#', '620102001001 人民路 9号'],
  ['Chinese numerals', '畅家巷社区人民路一百二十号三号楼二单元五〇一室', '620102001001 人民路 120号 3号楼 2单元 501室'],
  ['a numeral that is the street', '畅家巷社区五一路三十号', '620102001001 五一路 30号'],
  ['a numeral room without 室', '畅家巷社区人民路一百二十号三号楼二单元五零一', '620102001001 人民路 120号 3号楼 2单元 501室'],
  ['a numeral room with 户', '畅家巷社区人民路120号3号楼二单元五〇一户', '620102001001 人民路 120号 3号楼 2单元 501室'],
  ['a numeral and no 号', '畅家巷社区人民路二百零八', '620102001001 人民路 208号'],
  ['第 before the number', '畅家巷社区人民路第208号', '620102001001 人民路 208号'],
  ['No. before the number', '畅家巷社区人民路No.208', '620102001001 人民路 208号'],
  ['an annex before 号', '畅家巷社区人民路208附1号', '620102001001 人民路 208附1号'],
  ['hyphens and no 号', '畅家巷社区人民路208-3-2-1804', '620102001001 人民路 208号 3号楼 2单元 1804室'],
  ['a hyphen before a unit and no 号', '畅家巷社区人民路208-2单元1804', '620102001001 人民路 208号 2单元 1804室'],
  ['a space between two numbers', '畅家巷社区人民路208 2单元1804', '620102001001 人民路 208号 2单元 1804室'],
  ['a comma between two numbers', '畅家巷社区人民路208号3栋2单元，1804', '620102001001 人民路 208号 3号楼 2单元 1804室'],
  ['bank numerals', '畅家巷社区人民路叁佰伍拾玖号叁号楼贰单元', '620102001001 人民路 359号 3号楼 2单元'],
  ['thousands', '畅家巷社区人民路一千二百号', '620102001001 人民路 1200号'],
  ['廿', '畅家巷社区人民路廿三号', '620102001001 人民路 23号'],
  ['a nought among numerals', '畅家巷社区人民路二0八号', '620102001001 人民路 208号'],
  ['a ring among numerals', '畅家巷社区人民路二○八号', '620102001001 人民路 208号'],
  ['a postcode in front', '730084甘肃省兰州市红古区海石湾镇火车站社区秦安路359号', '620111101001 秦安路 359号'],
  ['a postcode and its name in front', '邮编730084 甘肃省兰州市红古区海石湾镇火车站社区秦安路359号', '620111101001 秦安路 359号'],
  ['a postcode behind', '甘肃省兰州市红古区海石湾镇火车站社区秦安路359号 730084', '620111101001 秦安路 359号'],
  ['a development zone by its full name', '兰州高新技术产业开发区南面滩社区文化西路299号', '620102400401 文化西路 299号'],
  ['a development zone by its short name', '张掖经开区建设路9号', '620702402 建设路 9号'],
  ['a development zone alone', '张掖经济技术开发区建设路9号', '620702402 建设路 9号'],
  ['no 号 at the end', '畅家巷社区人民路208', '620102001001 人民路 208号'],
  ['an annexed number', '畅家巷社区人民路208号附1号', '620102001001 人民路 208附1号'],
  ['brackets', '兰州市城关区(火车站旁)畅家巷社区人民路208号', '620102001001 人民路 208号'],
  ['lead-in words', '收货地址：甘肃省张掖市甘州区东街街道甘泉社区建设路9号', '620702001005 建设路 9号'],
  ['a name in front', '李建国 甘肃省武威市凉州区东大街街道北环路66号', '620602001 北环路 66号'],
  ['a village and its group', '甘肃省平凉市崆峒区峡门乡颉岭村3社41号', '620802212218 3社 41号'],
  ['the people in the name of a town', '平凉市崆峒区峡门回族乡颉岭村三组四十一号', '620802212218 3社 41号'],
  ['村委会 for 村民委员会', '临夏县韩集镇双城村民委员会2社5号', '622921100201 2社 5号'],
  ['a town without 镇', '临夏县韩集双城村2社5号', '622921100201 2社 5号'],
  ['a county whose name begins like an ending', '庆阳镇原平泉文坬村5社99号', '621027104205 5社 99号'],
  ['an autonomous county, short', '张家川县张家川镇人民路3号', '620525100 人民路 3号'],
  ['an autonomous prefecture, short', '临夏州临夏市红园街道新华路3号', '622901006 新华路 3号'],
  ['a county of two characters', '环县环城镇人民路2号', '621022100 人民路 2号'],
  ['a statistical county', '兰州新区中川镇红玉村4社9号', '620171101213 4社 9号'],
  ['a prefecture without counties', '嘉峪关市雄关街道胜利路8号', '620201001 胜利路 8号'],
  ['the same, in full', '甘肃省嘉峪关市嘉峪关市雄关街道胜利路8号', '620201001 胜利路 8号'],
  ['a development zone in place of a town', '酒泉市肃州区酒泉经济技术开发区新华路3号', '620902403 新华路 3号'],
  ['a county and a street', '兰州市城关区甘南路123号', '620102 甘南路 123号'],
  ['a mistyped town', '兰州市城关区九泉路街道畅家巷社区人民路208号', '620102001001 人民路 208号'],
])('an address with %s', (_, text, understood) => {
  expect(understand(text)).toBe(understood);
});

test('a village that many towns have is looked for in all of them', () => {
  const [search] = readAddressText('红旗村3社12号', gazetteer).searches;
  expect(search?.where.kind === 'villages' && search.where.codes.length).toBeGreaterThan(5);
  expect(search?.numbers).toEqual(['3社12号', '3组12号', '3队12号']);
});

test('临夏县 is not 临夏市, but 华亭县, as 华亭市 was called until 2018, is 华亭市', () => {
  const divisionsOf = (text: string) => readAddressText(text, gazetteer).understood.map(({ reading }) => reading.division);
  expect(divisionsOf('临夏县人民路5号')).toContain('622921');
  expect(divisionsOf('临夏县人民路5号')).not.toContain('622901');
  expect(divisionsOf('华亭县人民路5号')).toContain('620881');
});

test('within a division, names mean those inside it', () => {
  expect(understand('红旗村3社12号', '620700')).toBe('620721101204 3社 12号');
  expect(understand('甘南路123号', '620102')).toBe('620102 甘南路 123号');
});

test('a street called as a community is looked for as either', () => {
  const { searches } = readAddressText('兰州市城关区定西路5号', gazetteer);
  expect(searches.map(({ where, street }) => `${where.kind === 'inside' ? where.division : where.kind} ${street}`)).toEqual(
    expect.arrayContaining(['villages null', '620102 定西路']),
  );
});

test.each(['', '   ', 'hello world', '兰州市', '甘肃省', '……', '1'.repeat(200), '号楼单元室'.repeat(40)])(
  'nothing is looked for in hopeless text: %s',
  (text) => {
    expect(readAddressText(text, gazetteer).searches).toEqual([]);
  },
);

test.each(['东乡回藏', '城关区', '1-', '红旗村3社', '兰州市城关区畅家巷社区', '十百零'])(
  'a text of nothing but %s is read in no time, with few searches',
  (part) => {
    const { user: before } = process.cpuUsage();
    expect(readAddressText(part.repeat(200 / part.length), gazetteer).searches.length).toBeLessThanOrEqual(8);
    expect((process.cpuUsage().user - before) / 1_000).toBeLessThan(200);
  },
);

const plate = (code: string, number: string, more: Partial<Candidate> = {}): Candidate => ({
  code,
  division: '620102001001',
  street: '人民路',
  number,
  building: null,
  room: null,
  ...more,
});
type Candidate = { code: string; division: string; street: string | null; number: string; building: string | null; room: string | null };

function rank(text: string, candidates: readonly Candidate[]) {
  return rankCandidates(readAddressText(text, gazetteer), candidates).map(({ address, score }) => `${address.code} ${score.toFixed(2)}`);
}

test('the whole address agrees fully, a neighbour in its yard less, another street least, and another house is no answer', () => {
  const candidates = [plate('C', '208号', { street: '解放街' }), plate('B', '208号附1号'), plate('A', '208号'), plate('D', '210号')];
  expect(rank('甘肃省兰州市城关区酒泉路街道畅家巷社区人民路208号', candidates)).toEqual(['A 1.00', 'B 0.89', 'C 0.82']);
});

test('full agreement needs every part', () => {
  const scoreOf = (text: string) => rankCandidates(readAddressText(text, gazetteer), [plate('A', '208号')])[0]?.score;
  expect(scoreOf('甘肃省兰州市城关区酒泉路街道畅家巷社区人民路208号')).toBe(1);
  expect(scoreOf('甘肃省兰州市城关区酒泉路街道畅家巷社区居委会人民路２０８號')).toBe(1);
  for (const text of [
    '兰州市城关区酒泉路街道畅家巷社区人民路208号',
    '甘肃省兰州城关区酒泉路街道畅家巷社区人民路208号',
    '甘肃省兰州市城关区畅家巷社区人民路208号',
  ]) {
    expect(scoreOf(text)).toBeLessThan(1);
    expect(scoreOf(text)).toBeGreaterThan(0.9);
  }
});

test('building and room tell addresses of one plate apart, and equals come by code', () => {
  const rooms = ['1804', '1803', '502'].map((room) => plate(`R${room}`, '208号', { building: '3号楼2单元', room }));
  const whole = '甘肃省兰州市城关区酒泉路街道畅家巷社区人民路208号';
  expect(rank(`${whole}3栋2单元1803`, rooms)[0]).toBe('R1803 1.00');
  expect(rank(whole, rooms)).toEqual(['R1803 1.00', 'R1804 1.00', 'R502 1.00']);
});

test('an address of another division is no answer', () => {
  expect(rank('兰州市七里河区人民路208号', [plate('A', '208号')])).toEqual([]);
});
