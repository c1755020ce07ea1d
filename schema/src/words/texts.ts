import type { Words } from './sentence.ts';

/** Which rows are meant (`ItemAccess.rows`). */
export const textsOfRows = {
  EVERY_ROW: { en: 'every row', zh: '全部记录' },
  NO_ROW: { en: 'no row', zh: '无记录' },
  ROWS_WHEN: { en: 'rows for which {predicate} holds', zh: '符合 {predicate} 条件的记录' },
  ROWS_OF_CALLER: { en: "the caller's own rows", zh: '调用人本人（本单位）的记录' },
  ROWS_OF_DIVISION: { en: 'rows of division {division} and below', zh: '行政区划 {division} 及其下级的记录' },
  ROWS_OF_DIVISION_OF_AGE: {
    en: 'rows of division {division} and below, without people under 14',
    zh: '行政区划 {division} 及其下级的记录（不含未满 14 周岁的人员）',
  },
} as const satisfies Readonly<Record<string, Words>>;

/** Bands of age, as statistics tell people apart by them. */
export const textsOfAges = {
  AGES: { en: 'aged {number} to {most}', zh: '{number} 至 {most} 岁' },
  AGES_FROM: { en: 'aged {number} and over', zh: '{number} 岁及以上' },
} as const satisfies Readonly<Record<string, Words>>;

/** The rules of the coverage score, by the name of the check (`score-method.ts`). */
export const rulesOfScore = {
  KEYWORDS: { en: 'Three keywords or more lead to it.', zh: '关键词不少于三个。' },
  CLASSIFICATION: {
    en: 'It is classified down to three levels (类、项、目) or more.',
    zh: '分类细化到类、项、目三级以上。',
  },
  ABSTRACT: { en: 'Its abstract has {number} characters or more and is not its name.', zh: '摘要不少于 {number} 个字符，且不与名称相同。' },
  CONNECTED: { en: 'It can be asked of the hub.', zh: '已接入共享平台，可以查询。' },
  ITEMS_CONNECTED: { en: 'Every item that is promised of it is in the schema.', zh: '承诺共享的信息项均已接入。' },
  POPULATED: { en: 'Every item in the schema holds values in its store.', zh: '已接入的信息项在库中均有数据。' },
  MACHINE_READABLE: { en: 'It is to be had in a format that machines read.', zh: '以机器可读的格式提供。' },
  TYPED_ITEMS: {
    en: 'Every item of characters says its length or the standard that rules it.',
    zh: '字符型信息项均注明长度或者所依据的标准。',
  },
  QUERY_API: { en: 'It can be queried (接口查询).', zh: '提供接口查询方式。' },
  BASIS: {
    en: 'Every item that is not shared without conditions names what that rests on.',
    zh: '非无条件共享的信息项均注明依据。',
  },
  CONDITIONS: {
    en: 'Where it is not shared without conditions, it says under which.',
    zh: '非无条件共享的，已注明共享条件。',
  },
  OPENED: {
    en: 'Every item that anyone may know (level 1, shared without conditions) is open to the public.',
    zh: '可对外公开的信息项（1 级且无条件共享）均已向社会开放。',
  },
  RELATED: { en: 'It names a related resource (关联资源).', zh: '注明关联的信息资源。' },
  PUBLISHED: { en: 'Its day of publication is past.', zh: '发布日期已到。' },
  UPDATE_CYCLE_KEPT: {
    en: 'Every record was confirmed within the update cycle, as measured in the store.',
    zh: '经库中实测，全部记录均在更新周期内得到确认。',
  },
} as const satisfies Readonly<Record<string, Words>>;
