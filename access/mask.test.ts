import { expect, test } from 'vitest';
import { isMask, maskValue } from './mask.ts';

test.each([
  ['CITIZEN_NUMBER', '620102198503051234', '6201**********1234'],
  ['CITIZEN_NUMBER', '62010219850305', '6201******0305'],
  ['CITIZEN_NUMBER', '6201021985', '**********'],
  ['PHONE', '13800005678', '138****5678'],
  ['PHONE', '0931-8888888', '093*****8888'],
  ['PHONE', '8888888', '*******'],
  ['NAME', '王建国', '王**'],
  ['NAME', '王', '*'],
  ['NAME', '欧阳娜娜', '欧阳**'],
  ['NAME', '欧阳', '欧*'],
  ['NAME', '阿依古丽·买买提', '阿*******'],
  ['NAME', '𠮷田', '𠮷*'],
  ['NAME', ' 马六 ', '马*'],
  ['ADDRESS', '甘肃省兰州市城关区东岗西路街道12号3单元', '甘肃省兰州市城关区****'],
  ['ADDRESS', '甘肃省临夏回族自治州积石山保安族东乡族撒拉族自治县吹麻滩镇1号', '甘肃省临夏回族自治州积石山保安族东乡族撒拉族自治县****'],
  ['ADDRESS', '甘肃省酒泉市敦煌市沙州镇阳关东路5号', '甘肃省酒泉市敦煌市****'],
  ['ADDRESS', '甘肃省嘉峪关市雄关街道迎宾社区3号', '甘肃省嘉峪关市****'],
  ['ADDRESS', '人民路12号阳光小区', '****'],
])('%s of %s: %s', (mask, value, shown) => {
  expect(maskValue(mask, value)).toBe(shown);
});

test('what is no text, or has no mask, is not shown at all', () => {
  expect([maskValue('NAME', null), maskValue('PHONE', 13_800_005_678), maskValue(null, '王五'), maskValue('constructor', '王五')]).toEqual([
    null,
    null,
    null,
    null,
  ]);
  expect([isMask('NAME'), isMask('toString')]).toEqual([true, false]);
});
