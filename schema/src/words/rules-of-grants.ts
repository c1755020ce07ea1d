import type { Words } from './sentence.ts';

/** What owners say of applications, answers and revocations, after the argument that breaks the rule. */
export const rulesOfGrants = {
  MISSING: { en: 'is missing', zh: '未填写' },
  TEXT_OF: { en: 'must be text of 1 to {number} characters', zh: '须为 1 至 {number} 个字符的文字' },
  NAMES_NOBODY: {
    en: 'must not hold a citizen number or a telephone number: what is written here is kept',
    zh: '不得含有公民身份号码或者电话号码：此处填写的内容将被留存',
  },
  WHOLE_NUMBER: { en: 'must be a whole number from 1 to {number}', zh: '须为 1 至 {number} 的整数' },
  LIST_OF: { en: 'must be a list of 1 to {number}', zh: '须为 1 至 {number} 项的列表' },
  ITEM_AND_ACCESS: {
    en: 'must each have the code of an item, and READ, MASKED or VERIFY',
    zh: '每项须填写信息项代码和获取方式：READ（查询）、MASKED（脱敏）或 VERIFY（核验）',
  },
  OWN_RESOURCE: { en: 'is of your own department, which needs no grant for it', zh: '为贵单位自有的信息资源，无需授权' },
  RESOURCE_OF_LIBRARY: { en: 'must be the code of a resource of this library', zh: '须为本库信息资源的代码' },
  ITEMS_OF_RESOURCE: { en: 'must be items of the resource {code}: "{asked}" is none', zh: '须为信息资源 {code} 的信息项：“{asked}”不是' },
  NEEDS_NO_GRANT: {
    en: '{code} ({title}) is shared unconditionally: every department may read it, and no grant is needed',
    zh: '中的 {code}（{title}）属于无条件共享，各部门均可查询，无需授权',
  },
  NEVER_SHARED: { en: '{code} ({title}) is not shared (不予共享)', zh: '中的 {code}（{title}）属于不予共享' },
  VERIFY_ONLY: {
    en: '{code} ({title}) answers match or mismatch only: its access must be VERIFY',
    zh: '中的 {code}（{title}）只提供核验结果（一致或不一致），获取方式须为 VERIFY',
  },
  NO_MASK: {
    en: '{code} ({title}) has no mask: its access cannot be MASKED',
    zh: '中的 {code}（{title}）未设脱敏规则，获取方式不得为 MASKED',
  },
  MORE_SENSITIVE: {
    en: '{code} ({title}) has the sensitivity {number}: the level of the grant must be {number} or more',
    zh: '中的 {code}（{title}）敏感级别为 {number} 级，授权级别不得低于 {number} 级',
  },
  EACH_PURPOSE_ONCE: { en: 'must name each service item once', zh: '同一政务服务事项不得重复填写' },
  KNOWN_PURPOSES: { en: 'must be codes of service items (实施编码) that there are', zh: '须为已发布的政务服务事项的实施编码' },
  GRANT_DIVISION: {
    en: 'must be the code of a division of the province (区划代码): 6, 9 or 12 digits',
    zh: '须为本省行政区划代码：6 位、9 位或 12 位数字',
  },
  AFTER_BEGINNING: { en: 'must be after the beginning of the term', zh: '须晚于授权起始时间' },
  YEARS_OF_TERM: { en: 'must be at most {number} years after the beginning of the term', zh: '距授权起始时间不得超过 {number} 年' },
  NOT_OVER: { en: 'must not be over already', zh: '不得早于当前时间' },
  SAME_RESOURCE: {
    en: 'must be the one that was applied for: an answer may give less than was applied for, never more',
    zh: '须与申请的信息资源一致：答复可少于申请，不得多于申请',
  },
  LESS_ACCESS: {
    en: 'must not give {access} of {asked}: an answer may give less than was applied for, never more',
    zh: '不得对 {asked} 授予 {access}：答复可少于申请，不得多于申请',
  },
  AMONG_ASKED: {
    en: 'must be among those that were applied for: an answer may give less than was applied for, never more',
    zh: '须在申请的事项之内：答复可少于申请，不得多于申请',
  },
  WITHIN_ASKED: {
    en: 'must lie in the one that was applied for: an answer may give less than was applied for, never more',
    zh: '须在申请的行政区划之内：答复可少于申请，不得多于申请',
  },
  AT_MOST_ASKED: {
    en: 'must be at most {number}: an answer may give less than was applied for, never more',
    zh: '不得大于 {number}：答复可少于申请，不得多于申请',
  },
  NOT_BEFORE_ASKED: {
    en: 'must not be before {moment}: an answer may give less than was applied for, never more',
    zh: '不得早于 {moment}：答复可少于申请，不得多于申请',
  },
  NOT_AFTER_ASKED: {
    en: 'must not be after {moment}: an answer may give less than was applied for, never more',
    zh: '不得晚于 {moment}：答复可少于申请，不得多于申请',
  },
  TOO_MANY_OPEN: {
    en: 'must wait: {number} applications of your department to this library are unanswered, the most there may be',
    zh: '暂不能提交：贵单位向本库提出的申请已有 {number} 件尚未答复，达到上限',
  },
  SAME_APPLICATION: {
    en: 'is the same as an application of your department that is not answered yet',
    zh: '与贵单位一件尚未答复的申请相同',
  },
  NUMBER_OF_APPLICATION: {
    en: 'must be the number of an application to this library, for a division that you work for',
    zh: '须为向本库提出且在您所辖区划内的申请的编号',
  },
  READABLE_APPLICATION: {
    en: 'must be that of an application whose terms can be read: these cannot, so refuse it',
    zh: '对应的申请内容无法读取，不能授权，请答复 REFUSE（不同意）',
  },
  UNALTERED_APPLICATION: {
    en: 'must be that of an application as it was made: this one is not, so refuse it',
    zh: '对应的申请内容与提交时不一致，不能授权，请答复 REFUSE（不同意）',
  },
  OWN_DIVISION: { en: 'must lie in the one that you work for', zh: '须在您所辖区划之内' },
  ANSWERED_ALREADY: {
    en: 'must be that of an application that waits for an answer: this one has been answered',
    zh: '对应的申请已经答复，不能再次答复',
  },
  REASON_OF_REFUSAL: { en: 'must say why, where the answer is no', zh: '不同意授权的，须说明理由' },
  GRANT_OR_REFUSE: { en: 'must be GRANT or REFUSE', zh: '须为 GRANT（同意）或 REFUSE（不同意）' },
  GRANT_OF_DEPARTMENT: {
    en: 'must be the id of a grant that your department gave or holds, for a division that you work for',
    zh: '须为贵单位授出或持有、且在您所辖区划内的授权的编号',
  },
  REVOKED_BEFORE: { en: 'is that of a grant that was revoked before', zh: '对应的授权已被撤销' },
} as const satisfies Readonly<Record<string, Words>>;
