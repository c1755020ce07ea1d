import type { Words } from './sentence.ts';

/** Why an item is refused, by what is missing (`decide.ts`). They end the sentence `ITEM_REFUSED`. */
export const reasonsOfItems = {
  LOGIN: { en: 'it is not open to the public, and the call carries no token', zh: '不向社会开放，本次调用未携带令牌' },
  GRANT: {
    en: 'it is shared on conditions, and your department holds no grant for it',
    zh: '该信息项属于有条件共享，贵单位未持有其授权',
  },
  GRANT_TO_VERIFY: {
    en: 'it is verified for holders of a grant, and your department holds none for it',
    zh: '该信息项须经授权方可核验，贵单位未持有其授权',
  },
  TERM: {
    en: "the term of your department's grant for it is over or has not begun",
    zh: '贵单位对该信息项的授权已到期或者尚未生效',
  },
  LEVEL: {
    en: "its sensitivity is higher than your department's grants reach",
    zh: '该信息项的敏感级别高于贵单位授权的级别',
  },
  REGION: {
    en: 'nothing of it that your department may have lies in the division that you work for',
    zh: '贵单位可获取的范围不在您所辖的行政区划之内',
  },
  PURPOSE_REQUIRED: {
    en: 'the grant is bound to purposes: name one of them in X-Purpose',
    zh: '授权限定了用途，请在 X-Purpose 中填写授权所列的政务服务事项',
  },
  PURPOSE_NOT_GRANTED: {
    en: "no grant of your department's covers the purpose that X-Purpose names",
    zh: 'X-Purpose 填写的用途不在贵单位授权的用途之内',
  },
  ACCESS: {
    en: "your department's grant gives less than this: a part of the value, or match and mismatch alone",
    zh: '贵单位的授权只能获取部分内容（脱敏）或者核验结果，不足以办理本项请求',
  },
  NOTHING_HELPS: { en: 'it is never shared with this kind of caller', zh: '不向此类调用方共享' },
  OWN_ROWS: {
    en: 'it is shown in your own rows, and which those are cannot be told now',
    zh: '该信息项只提供本人的记录，而目前无法确认哪些记录属于本人',
  },
  OTHERS: { en: 'it is not yours, and you are told your own alone', zh: '该信息项不属于本人，您只能获取本人的信息' },
  FRESH_GRANTS: {
    en: 'it needs a grant, and it is not known now which grants its owner has in force',
    zh: '获取该信息项须有授权，目前无法确认数源部门的哪些授权有效',
  },
} as const satisfies Readonly<Record<string, Words>>;

/** Why a token is not valid. They end the sentence `TOKEN_NOT_VALID`. */
export const reasonsOfTokens = {
  TOKEN_MISSING: { en: 'Authorization must be "Bearer" and a token', zh: 'Authorization 须为“Bearer”加令牌' },
  TOKEN_TOO_LONG: { en: 'it is longer than {number} characters', zh: '长度超过 {number} 个字符' },
  TOKEN_OTHER_USE: { en: 'it was made for another use', zh: '令牌用途不符' },
  TOKEN_NO_MOMENT: { en: 'a time in it is no moment', zh: '其中的时间无效' },
  TOKEN_FROM_LATER: { en: 'it says that it was made later than now', zh: '签发时间晚于当前时间' },
  TOKEN_LASTS_LONG: {
    en: 'it lasts longer than a token may (OIDC_LONGEST_LIFE_SECONDS)',
    zh: '有效期超过上限（OIDC_LONGEST_LIFE_SECONDS）',
  },
  TOKEN_EXPIRED: { en: 'it has expired', zh: '令牌已过期' },
  TOKEN_OTHER_ISSUER: { en: 'it is of another issuer', zh: '不是由本平台认可的统一身份认证系统签发' },
  TOKEN_OTHER_AUDIENCE: { en: 'it is not meant for this hub', zh: '不是为本平台签发的' },
  TOKEN_NO_EXPIRY: { en: 'it says no proper expiry', zh: '未载明有效的到期时间' },
  TOKEN_NOT_YET: { en: 'it is not valid yet', zh: '令牌尚未生效' },
  TOKEN_CLAIMS: { en: 'a claim of it is missing or malformed', zh: '载明的事项缺失或者格式不正确' },
  TOKEN_ALGORITHM: { en: 'it is signed in a way that is not accepted', zh: '签名算法不被接受' },
  TOKEN_KEY: { en: 'it is signed with a key that the identity provider does not have', zh: '签名密钥不属于统一身份认证系统' },
  TOKEN_SIGNATURE: { en: 'its signature does not hold', zh: '签名核验未通过' },
  TOKEN_MALFORMED: { en: 'it is not a well-formed signed JWT', zh: '不是格式正确的已签名 JWT' },
  TOKEN_NOBODY: { en: 'its claims name no caller of the hub', zh: '载明的事项不能对应本平台的调用方' },
} as const satisfies Readonly<Record<string, Words>>;

/** Why an application cannot be told. They end the sentence `APPLICATION_UNTOLD`, and stand in `ShareApplication.fault`. */
export const faultsOfApplications = {
  UNNUMBERED: { en: 'its owner tells no number of it', zh: '数源部门未提供其编号' },
  UNREADABLE: { en: 'what is stored of it cannot be read', zh: '留存的申请内容无法读取' },
  UNREADABLE_GRANT: { en: 'what is stored of its grant cannot be read', zh: '留存的授权内容无法读取' },
  ALTERED: { en: 'what is stored of it is not what its owner signed', zh: '留存的申请内容与数源部门签名时不一致' },
  ALTERED_GRANT: { en: 'what is stored of its grant is not what its owner signed', zh: '留存的授权内容与数源部门签名时不一致' },
} as const satisfies Readonly<Record<string, Words>>;
