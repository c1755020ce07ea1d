import { isCalendarDay, isCreditCode } from '@longyuan/schema/src/check-digits.ts';
import { z } from 'zod';

/** A column of an inventory: how it is headed in Chinese, and how its text is read. Empty cells are read as the empty text. */
type Column = Readonly<{ heading: string; schema: z.ZodType<unknown, string> }>;

const text = (longest: number) => z.string().min(1, 'is missing').max(longest, `is longer than ${longest} characters`);
const optionalText = (longest: number) =>
  z
    .string()
    .max(longest, `is longer than ${longest} characters`)
    .transform((value) => value || null);

/** Several values in one cell: parted by 、 ； ; , or |. */
const split = (value: string) =>
  value
    .split(/[、；;,，|]/)
    .map((each) => each.trim())
    .filter(Boolean);

function choice(labels: Readonly<Record<string, string>>) {
  const values = new Map(Object.entries(labels).flatMap(([value, label]) => [[value, value] as const, [label, value] as const]));
  const says = `must be one of ${Object.entries(labels)
    .map(([value, label]) => `${label} (${value})`)
    .join(', ')}`;
  const read = (value: string) => values.get(value.toUpperCase()) ?? values.get(value);
  return {
    one: z.string().transform((value, context) => {
      const known = read(value);
      if (known !== undefined) return known;
      context.addIssue({ code: 'custom', message: value === '' ? 'is missing' : says });
      return z.NEVER;
    }),
    many: z.string().transform((value, context) => {
      const known = split(value).map(read);
      if (known.length > 0 && known.every((each) => each !== undefined)) return known;
      context.addIssue({ code: 'custom', message: value === '' ? 'is missing' : says });
      return z.NEVER;
    }),
    none: z.string().transform((value, context) => {
      if (value === '') return null;
      const known = read(value);
      if (known !== undefined) return known;
      context.addIssue({ code: 'custom', message: says });
      return z.NEVER;
    }),
  };
}

const shareTypes = choice({ UNCONDITIONAL: '无条件共享', CONDITIONAL: '有条件共享', NOT_SHARED: '不予共享' });
const reasons = choice({ LAW: '法律法规', POLICY: '政策文件', SENSITIVE: '涉及敏感信息', OTHER: '其他' });
const cycles = choice({
  REALTIME: '实时',
  DAILY: '每日',
  WEEKLY: '每周',
  MONTHLY: '每月',
  QUARTERLY: '每季度',
  YEARLY: '每年',
  ON_DEMAND: '按需',
});
const formats = choice({
  DOCUMENT: '电子文件',
  SPREADSHEET: '电子表格',
  DATABASE: '数据库',
  IMAGE: '图形图像',
  STREAM_MEDIA: '流媒体',
  SELF_DESCRIBING: '自描述格式',
  SERVICE_API: '服务接口',
});
const modes = choice({
  QUERY_API: '接口查询',
  BATCH_EXCHANGE: '批量交换',
  FILE_DOWNLOAD: '文件下载',
  VERIFICATION: '数据核验',
  OTHER: '其他',
});
const dataTypes = choice({
  C: '字符型',
  N: '数值型',
  Y: '货币型',
  D: '日期型',
  T: '日期时间型',
  L: '逻辑型',
  M: '备注型',
  G: '通用型',
  B: '双精度型',
  I: '整型',
  F: '浮点型',
});
const yesOrNo = choice({ TRUE: '是', FALSE: '否' });

/** 信息资源代码: class, item, catalogue and detail digits, a slash, a running number. */
const RESOURCE_CODE = /^[123]\d{5}\d{0,24}\/\d{1,8}$/;
const resourceCode = z
  .string()
  .regex(RESOURCE_CODE, 'must be a resource code: class, item, catalogue and detail digits, a slash and a running number, as 307062/1');

/** A day as spreadsheets and people write it, 2026/3/1 or 2026年3月1日, as YYYY-MM-DD; what is no such day is left as it is. */
function plainDay(text: string): string {
  const [, year = '', month = '', day = ''] = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 0?0:00(?::00)?)?$/.exec(text) ?? [];
  return year === '' ? text : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** Columns that say something of a resource. They stand in its first row; in its other rows they are the same, or empty. */
export const resourceColumns = {
  name: { heading: '信息资源名称', schema: text(200) },
  category: { heading: '信息资源分类', schema: text(300) },
  providerName: { heading: '信息资源提供方', schema: text(100) },
  providerUscc: {
    heading: '信息资源提供方代码',
    schema: z.string().refine(isCreditCode, 'must be a credit code (统一社会信用代码, GB 32100) with the right check digit'),
  },
  providerOffice: { heading: '提供方内部部门', schema: optionalText(100) },
  division: {
    heading: '行政区划代码',
    schema: z
      .string()
      .regex(/^(\d{6}|\d{9}|\d{12})?$/, 'must be a division code of 6, 9 or 12 digits')
      .transform((value) => value || null),
  },
  abstract: { heading: '信息资源摘要', schema: text(2000) },
  formats: { heading: '信息资源格式', schema: formats.many },
  shareCondition: { heading: '共享条件', schema: optionalText(500) },
  shareModes: { heading: '共享方式', schema: modes.many },
  openCondition: { heading: '开放条件', schema: optionalText(500) },
  updateCycle: { heading: '更新周期', schema: cycles.one },
  publishedOn: {
    heading: '发布日期',
    schema: z.string().transform(plainDay).refine(isCalendarDay, 'must be a real day, YYYY-MM-DD'),
  },
  related: {
    heading: '关联资源代码',
    schema: z
      .string()
      .transform(split)
      .refine((codes) => codes.every((code) => RESOURCE_CODE.test(code)), 'must hold resource codes, parted by 、'),
  },
  keywords: {
    heading: '关键字',
    schema: z
      .string()
      .transform(split)
      .refine((words) => words.length <= 20 && words.every((word) => word.length <= 100), 'must hold at most 20 words of 100 characters'),
  },
} as const satisfies Record<string, Column>;

/** Columns that say something of one item. */
export const itemColumns = {
  itemCode: {
    heading: '信息项代码',
    schema: z.string().regex(/^[\p{L}\p{N}_.-]{1,50}$/u, 'must be letters, digits, _, . or -, at most 50'),
  },
  itemName: { heading: '信息项名称', schema: text(200) },
  dataType: { heading: '数据类型', schema: dataTypes.one },
  length: {
    heading: '数据长度',
    schema: z
      .string()
      .regex(/^([1-9]\d{0,8})?$/, 'must be a whole number above 0')
      .transform((value) => (value === '' ? null : Number(value))),
  },
  standard: { heading: '代码标准', schema: optionalText(200) },
  shareType: { heading: '共享类型', schema: shareTypes.one },
  basis: { heading: '共享依据', schema: optionalText(500) },
  noShareReason: { heading: '不共享原因', schema: reasons.none },
  openToPublic: { heading: '是否向社会开放', schema: yesOrNo.one.transform((value) => value === 'TRUE') },
  level: {
    heading: '敏感级别',
    schema: z
      .string()
      .regex(/^[1-4]$/, 'must be 1, 2, 3 or 4')
      .transform(Number),
  },
  source: { heading: '来源方', schema: optionalText(100) },
} as const satisfies Record<string, Column>;

/** The column that says which resource a row belongs to. */
const codeColumn = { code: { heading: '信息资源代码', schema: resourceCode } } as const satisfies Record<string, Column>;

export const columns = { ...codeColumn, ...resourceColumns, ...itemColumns };
export type ColumnName = keyof typeof columns;

const OPTIONAL = new Set<string>([
  'providerOffice',
  'division',
  'shareCondition',
  'openCondition',
  'related',
  'keywords',
  'length',
  'standard',
  'basis',
  'noShareReason',
  'source',
]);

/** Columns that no inventory may leave out. */
export const requiredColumns = (Object.keys(columns) as ColumnName[]).filter((name) => !OPTIONAL.has(name));

/** The column with this heading, in Chinese or by its English name; undefined where there is none. */
export function columnHeaded(heading: string): ColumnName | undefined {
  return byHeading.get(heading.trim());
}

const byHeading: ReadonlyMap<string, ColumnName> = new Map(
  // The keys of the object are the names of its type.
  (Object.keys(columns) as ColumnName[]).flatMap((name) => [[name, name] as const, [columns[name].heading, name] as const]),
);

const schemaOf = <Columns extends Record<string, Column>>(some: Columns) =>
  z.object(
    // Each member keeps its own schema; Object.fromEntries does not carry that along.
    Object.fromEntries(Object.entries(some).map(([name, { schema }]) => [name, schema])) as {
      [Name in keyof Columns]: Columns[Name]['schema'];
    },
  );

export const resourceRow = schemaOf({ ...codeColumn, ...resourceColumns });
export const itemRow = schemaOf(itemColumns).superRefine((item, context) => {
  const complain = (path: ColumnName, message: string) => context.addIssue({ code: 'custom', path: [path], message });
  if (item.shareType !== 'UNCONDITIONAL' && item.basis === null)
    complain('basis', 'is missing: 有条件共享 and 不予共享 name the law, regulation or central policy they rest on');
  if (item.shareType !== 'NOT_SHARED' && item.noShareReason !== null) complain('noShareReason', 'is for items that are 不予共享 alone');
  if (item.openToPublic && item.shareType !== 'UNCONDITIONAL') complain('openToPublic', 'can be 是 only where the item is 无条件共享');
  if (item.openToPublic && item.level > 1) complain('openToPublic', 'can be 是 only where 敏感级别 is 1');
});
