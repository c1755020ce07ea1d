import type { Words } from './sentence.ts';

/** What the gateway and its directory say of an argument, and no library. */
export const rulesOfHub = {
  TIDIED: {
    en: '{rule}; this one is, once it is written in plain characters, in capitals and without spaces',
    zh: '{rule}；填写的内容改为半角、大写并去除空格后即符合要求',
  },
  RESOURCE_ON_HUB: { en: 'must be the code of a resource that is on the hub', zh: '须为已接入共享平台的信息资源的代码' },
  SOME_APPLICATION: { en: 'must be the number of an application', zh: '须为申请的编号' },
  GRANT_OF_YOURS: { en: 'must be the id of a grant that your department gave or holds', zh: '须为贵单位授出或持有的授权的编号' },
  ITEM_OF_RESOURCE: { en: 'must be the code of an item of the resource', zh: '须为该信息资源的信息项代码' },
  OPEN_OBJECTION: {
    en: 'must be the id of an open objection to data of your own department',
    zh: '须为针对贵单位数据且尚未办结的异议的编号',
  },
  OWN_DEPARTMENT: {
    en: 'must be your own department: objections to the data of others are for their stewards',
    zh: '须为贵单位：其他部门数据的异议由其数据管理员办理',
  },
  LIBRARY_OF_HUB: { en: 'must be the name of a library of the hub', zh: '须为已接入共享平台的基础库的名称' },
  OWN_LIBRARY: { en: 'must be a library of your own department', zh: '须为贵单位的基础库' },
  JSON_OBJECT: { en: 'must be a JSON object', zh: '须为 JSON 对象' },
  ONE_OF: { en: 'must be one of {written}', zh: '须为下列之一：{written}' },
  REFUSED_AS_WHOLE: { en: 'would be refused as a whole: {message}', zh: '将被整体拒绝：{message}' },
} as const satisfies Readonly<Record<string, Words>>;
