import { expect, test } from 'vitest';
import { isSameText, spellingsOf } from './same-text.ts';

test.each([
  ['傅亚萍', '傅亚萍 '],
  ['傅亚萍', '傅亚萍\u3000'],
  ['傅亚萍', ' 傅 亚萍'],
  ['康兴茂（兰州）副食店', '康兴茂(兰州)副食店'],
  ['买买提·吐尔逊', '买买提•吐尔逊'],
  ['John Smith', 'john smith'],
  ['傅亚萍', '傅亚萍\u200b'],
  ['傅亚萍', '\ufeff傅\u200e亚萍'],
  ['傅亚萍', '傅亞萍'],
  ['甘肃康兴茂商贸有限公司', '甘肅康興茂商貿有限公司'],
  ['李乾肃', '李乾肅'],
  ['钱锺书', '錢锺書'],
])('%s is what is meant by "%s"', (registered, typed) => expect(isSameText(registered, typed)).toBe(true));

test.each([
  ['傅亚萍', '傅亚平'],
  ['李乾', '李干'],
  ['傅亚萍', '傅亞'],
  ['John Smith', 'JohnSmith'],
  [null, ''],
])('%s is another name than "%s"', (registered, typed) => expect(isSameText(registered, typed)).toBe(false));

test('a name is searched for with the brackets and the characters that the register uses', () => {
  expect(spellingsOf(' (兰州)副食 ')).toEqual(['(兰州)副食', '（兰州）副食']);
  expect(spellingsOf('副食')).toEqual(['副食']);
  expect(spellingsOf('康兴茂 (兰州) 副食店')).toContain('康兴茂（兰州）副食店');
  expect(spellingsOf('福荣泰\u3000燃气')).toContain('福荣泰燃气');
  expect(spellingsOf('\ufeff副食')).toEqual(['副食']);
  expect(spellingsOf('甘肅')).toEqual(['甘肅', '甘肃']);
  expect(spellingsOf('(蘭州)')).toEqual(['(蘭州)', '（蘭州）', '(兰州)', '（兰州）']);
});
