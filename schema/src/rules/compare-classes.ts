import type { ItemFacts, ShareType } from '../sharing-facts.ts';

const STRICTNESS: Readonly<Record<ShareType, number>> = { UNCONDITIONAL: 0, CONDITIONAL: 1, NOT_SHARED: 2 };

type ClassFacts = Pick<ItemFacts, 'share' | 'open' | 'level'>;

/** Whether the one class lets nobody have what the other holds back: at least as strict in share, openness and level. */
export function isAsStrict(one: ClassFacts, other: ClassFacts): boolean {
  return STRICTNESS[one.share] >= STRICTNESS[other.share] && Number(one.open) <= Number(other.open) && one.level >= other.level;
}

/** `CONDITIONAL, level 3` or `UNCONDITIONAL, level 1, open`. */
export function printClass({ share, open, level }: ClassFacts): string {
  return `${share}, level ${level}${open ? ', open' : ''}`;
}
