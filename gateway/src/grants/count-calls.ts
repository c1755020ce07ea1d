import type { Grant } from '@longyuan/schema/src/access/grant.ts';
import { dayInProvince } from '@longyuan/schema/src/province-day.ts';

/** Counts the calls of a day that grants were used for. */
export type CallCounter = Readonly<{
  /** Counts one call; false where the grant's calls of the day are used up, and then nothing is counted. */
  useGrant(grant: Pick<Grant, 'id' | 'callsPerDay'>): boolean;
  isUsedUp(grant: Pick<Grant, 'id' | 'callsPerDay'>): boolean;
  /** Calls counted today. */
  used(id: string): number;
}>;

/** Grants counted, some 100 bytes each; with more in one day, those counted first begin anew. */
const MOST_COUNTED = 200_000;

/**
 * Counts in this process alone: a gateway that starts anew begins the day with nothing used, and each of several gateways counts its own
 * calls. The day ends at the province's midnight.
 */
export function countCalls(now: () => number = Date.now): CallCounter {
  const counted = new Map<string, number>();
  let day = '';
  const used = (id: string): number => {
    const today = dayInProvince(now());
    if (today !== day) {
      counted.clear();
      day = today;
    }
    return counted.get(id) ?? 0;
  };
  const isUsedUp: CallCounter['isUsedUp'] = ({ id, callsPerDay }) => used(id) >= callsPerDay;
  return {
    useGrant(grant) {
      if (isUsedUp(grant)) return false;
      const { id } = grant;
      const calls = used(id);
      const [first] = counted.keys();
      if (calls === 0 && counted.size >= MOST_COUNTED && first !== undefined) counted.delete(first);
      counted.set(id, calls + 1);
      return true;
    },
    isUsedUp,
    used,
  };
}
