import type { Entry } from '../entries/entry.ts';

const LEAST_ABSTRACT = 10;
const LEAST_CATEGORIES = 2;

/** A day after which nothing can have been published yet: YYYY-MM-DD. */
type Day = string;

/** The core metadata (核心元数据) of 发改高技〔2017〕1272号, each with whether an entry says it and says something. */
const coreMetadata: Readonly<Record<string, (entry: Entry, today: Day) => boolean>> = {
  信息资源分类: ({ category }) => category.split('/').filter((name) => name.trim()).length >= LEAST_CATEGORIES,
  信息资源名称: ({ name, code }) => name.trim().length > 1 && name !== code,
  信息资源代码: ({ code }) => code !== '',
  信息资源提供方: ({ provider }) => provider.name.trim() !== '',
  信息资源提供方代码: ({ provider }) => provider.uscc !== '',
  信息资源摘要: ({ abstract, name }) => abstract.trim().length >= LEAST_ABSTRACT && abstract !== name,
  信息资源格式: ({ formats }) => formats.length > 0,
  信息项信息: ({ items }) => items.length > 0 && items.every((item) => item.name.trim() !== ''),
  共享属性: ({ shareType, shareCondition, shareModes }) =>
    shareModes.length > 0 && (shareType === 'UNCONDITIONAL' || Boolean(shareCondition)),
  开放属性: ({ openness }) => openness !== '',
  更新周期: ({ updateCycle }) => updateCycle !== '',
  发布日期: ({ publishedOn }, today) => publishedOn <= today,
  // It may have no related resource, but a code that stands there is another's.
  关联资源代码: ({ related, code }) => !related.includes(code),
};

/** Names of the core metadata that are missing or not sensible. */
export function missingMetadata(entry: Entry, today: Day): readonly string[] {
  return Object.entries(coreMetadata).flatMap(([name, isSaid]) => (isSaid(entry, today) ? [] : [name]));
}
