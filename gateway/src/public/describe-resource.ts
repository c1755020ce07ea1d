import { isOpenSomewhere } from '@longyuan/schema/src/read-directory.ts';
import { partWords, wordsOfName } from '@longyuan/schema/src/words/describe-words.ts';
import type { OpenResource } from './find-datasets.ts';

/** What is open of a resource, in Chinese: what it holds in its owner's words, whose it is, where from, how often it is made new, which rows. */
export function describeZh({ resource, cycle, openRows }: OpenResource): string {
  const { abstractZh, title, provider, sources } = resource;
  const from = sources.length > 0 ? `，其中部分信息项来自${sources.join('、')}` : '';
  const rows = openRows ? `向社会开放的是${openRows.zh}的行。` : '';
  return `${abstractZh ?? `${title}。`}由${provider.name}提供${from}，更新周期：${cycle.zh}。${rows}`;
}

/** The same in English; of what is only asked for, what of it is open, which the owner's words say in Chinese. */
export function describeEn({ resource, dataset, cycle, openRows }: OpenResource): string {
  const { abstract, provider, sources } = resource;
  const told = partWords(abstract).en ?? abstract;
  const from = sources.length > 0 ? `, some items from ${sources.join(', ')}` : '';
  const rows = openRows?.en ? ` Open are the rows for which this holds: ${openRows.en}` : '';
  return `${told.charAt(0).toUpperCase()}${told.slice(1)} Provided by ${provider.name}${from}; update cycle: ${cycle.en ?? cycle.zh}.${rows}${dataset ? '' : openPartEn(resource)}`;
}

function openPartEn({ items }: OpenResource['resource']): string {
  const open = items.filter(isOpenSomewhere);
  if (open.length === items.length) return '';
  const names = open.flatMap(({ fields }) => fields.map(({ coordinate }) => wordsOfName(coordinate.split('.')[1] ?? '')));
  return ` Only this of it is open: ${[...new Set(names)].join(', ')}.`;
}
