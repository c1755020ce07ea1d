import type { Words } from './sentence.ts';

/** Sentences whose code depends on the case: an item that is refused, and what a library refuses without a sentence of the hub's. */
export const refusalsOfItems = {
  ITEM_REFUSED: { en: '{item} is not answered: {reason}.', zh: '未予提供 {item}：{reason}。' },
  // Behind a refusal, what this caller can do about it.
  HELD_FOR: { en: '{message} Your department holds it for {written}.', zh: '{message}贵单位持有其授权的用途为：{written}。' },
  DEVELOPERS_APPLY_FOR_IT: {
    en: '{message} A developer of your department applies for it.',
    zh: '{message}可由贵单位的开发人员提出申请。',
  },
  LIBRARY_REFUSES: { en: 'The library {library} ({title}) refuses this: {meaning}', zh: '{title}（{library}）不予应答：{meaning}' },
} as const satisfies Readonly<Record<string, Words>>;
