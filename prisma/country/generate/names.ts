import type { Day } from './calendar.ts';
import { yearOf } from './calendar.ts';
import type { Sex } from './numbers.ts';
import { cumulate, type Random } from './random.ts';

/** Surnames of Gansu, the frequent ones first, with weights after the national ranking. */
const surnames = [
  ...'王张李刘马陈杨赵黄周吴徐孙胡朱高林何郭罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文把苟牟火漆漫牛尚慕岳裴包柴党',
];
const surnameWeights = cumulate(surnames.map((_, rank) => 1 / (rank + 6)));
const huiSurnames = [...'马马马马马马丁穆哈沙白海铁喇拜妥祁韩张王李陈杨冶'];

type Era = 'old' | 'middle' | 'young';
const given: Readonly<Record<Sex, Readonly<Record<Era, readonly [first: string, second: string]>>>> = {
  1: {
    old: ['建国志永福德文世占生明玉金学成万天积俊兴克富有正维', '国生林海军忠义明福祥财华贵仁才德平山成荣堂儒祖川录'],
    middle: ['建小志永晓国文海军伟俊鹏立宏红玉春双东彦继明新学', '军平强伟明华东峰龙林斌刚辉杰勇涛鹏荣文红生武宏亮成'],
    young: ['子浩宇俊博明嘉天泽文一梓昊思家奕致佳锦沐瑞亦轩恩皓', '轩涵然宇博泽杰豪阳辰昊睿航霖宸瑞浩源铭旭哲洋熙毅恒'],
  },
  2: {
    old: ['秀玉桂淑翠月兰春金菊爱凤巧素彩雪梅红莲存改引银香转', '英兰花香梅芳珍莲琴娥霞桃凤云芝叶玲霞秀萍贞妹女娃巧'],
    middle: ['小晓玉红丽艳海秀春雪慧亚燕彩桂娟巧文淑转金爱美银佳', '霞燕丽红梅芳娟玲萍琴英艳兰莉慧琳娜平花香云珍秀琼芬'],
    young: ['子梓雨欣思佳诗语若可嘉一艺雅馨奕紫静怡梦心宛晨婉熙', '涵萱怡彤琪妍悦瑶欣婷雯菲琳桐颖洁诺晴溪然宁蕊柔玥曦'],
  },
};
const givenCharacters = Object.fromEntries(
  Object.entries(given).map(([sex, eras]) => [
    sex,
    Object.fromEntries(Object.entries(eras).map(([era, [first, second]]) => [era, [[...first], [...second]] as const])),
  ]),
);

const huiGiven: Readonly<Record<Sex, readonly string[]>> = {
  1: ['哈三', '尔萨', '依布拉', '努海', '阿卜都', '者麻', '木萨', '尤奴', '热麦', '索里么', '占山', '麻乃', '艾优布', '达吾'],
  2: ['阿依舍', '法土麦', '麦力燕', '海力麦', '索非也', '哈力麦', '则乃白', '阿西也', '祖力哈', '热比燕'],
};
const tibetanFirst = [
  '扎西',
  '才让',
  '多杰',
  '尼玛',
  '达瓦',
  '贡保',
  '旦知',
  '丹增',
  '道吉',
  '桑吉',
  '拉毛',
  '完么',
  '仁青',
  '索南',
  '旦巴',
  '格桑',
  '云丹',
];
const tibetanLast: Readonly<Record<Sex, readonly string[]>> = {
  1: ['才让', '多杰', '加', '扎西', '东智', '尖措', '道吉', '次力', '华旦', '杰布'],
  2: ['卓玛', '草', '拉毛', '吉', '才旦', '措', '央金', '卓玛草', '拉姆'],
};
const kazakhNames: Readonly<Record<Sex, readonly string[]>> = {
  1: ['叶尔兰', '巴合提', '哈德尔', '木拉提', '赛力克', '阿斯哈尔', '达吾列提', '加尔肯'],
  2: ['古丽孜', '阿依古丽', '巴合提古丽', '叶尔克', '沙吾烈', '阿娜尔', '加娜尔'],
};
const mongolNames: Readonly<Record<Sex, readonly string[]>> = {
  1: ['巴图', '那顺', '孟克', '乌力吉', '巴雅尔', '额尔登', '苏和', '布仁'],
  2: ['其其格', '娜仁', '萨仁', '乌云', '格日乐', '阿拉腾', '斯琴', '高娃'],
};

/** Peoples whose names have a surname of the Muslim communities of Linxia. */
const muslimEthnicities = new Set(['03', '26', '35', '47']);

/** A surname for someone of this people; empty where their names have none. */
export function makeSurname(random: Random, ethnicity: string): string {
  if (muslimEthnicities.has(ethnicity)) return random.pick(huiSurnames);
  if (ethnicity === '04' || ethnicity === '17' || ethnicity === '02') return '';
  return surnames[random.weighted(surnameWeights)] ?? '王';
}

/** A whole name: after the father's `surname` where there is one. */
export function makeName(random: Random, person: Readonly<{ surname: string; ethnicity: string; sex: Sex; birth: Day }>): string {
  const { surname, ethnicity, sex, birth } = person;
  if (surname === '') {
    if (ethnicity === '17') return random.pick(kazakhNames[sex]);
    if (ethnicity === '02') return random.pick(mongolNames[sex]);
    const first = random.pick(tibetanFirst);
    const last = random.pick(tibetanLast[sex]);
    return first === last ? first : first + last;
  }
  if (muslimEthnicities.has(ethnicity) && random.chance(0.45)) return surname + random.pick(huiGiven[sex]);
  const year = yearOf(birth);
  const era = year < 1970 ? 'old' : year < 1998 ? 'middle' : 'young';
  const [first, second] = givenCharacters[sex]?.[era] ?? [[], []];
  return random.chance(0.22) ? surname + random.pick(second) : surname + random.pick(first) + random.pick(second);
}
