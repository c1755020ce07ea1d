import type { Words } from './sentence.ts';

/** Sentences whose code depends on the case: an item that is refused, and what a library refuses without a sentence of the hub's. */
export const refusalsOfItems = {
  ITEM_REFUSED: { en: '{item} is not answered: {reason}.', zh: '未予提供 {item}：{reason}。' },
  LIBRARY_REFUSES: { en: 'The library {library} ({title}) refuses this: {meaning}', zh: '{title}（{library}）不予应答：{meaning}' },
} as const satisfies Readonly<Record<string, Words>>;
