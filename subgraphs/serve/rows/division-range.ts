import { divisionPrefix } from '@longyuan/schema/src/division-prefix.ts';

/**
 * Where the codes of a division and of everything below it lie: 620100 (a prefecture) holds 6201…, 620102 (a county) 620102….
 * A range rather than a prefix, so that an index answers it under any collation.
 */
export function divisionRange(code: string): Readonly<{ gte: string; lt: string }> {
  const prefix = divisionPrefix(code);
  return { gte: prefix, lt: String(Number(prefix) + 1).padStart(prefix.length, '0') };
}
