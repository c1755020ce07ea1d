import { LONGEST_TOKEN_LIFE_SECONDS } from '@longyuan/trust/keys.ts';

/** How tokens are asked for: an extension grant (RFC 6749, 4.5) open to the one client whose secret lies in the hub's data folder. */
export const ACCOUNT_GRANT = 'urn:longyuan:params:oauth:grant-type:account';
export const CLIENT_ID = 'hub-command';
/** The parameter that says how many seconds the token is good for. */
export const LIFE_PARAMETER = 'life';
export const DEFAULT_LIFE_SECONDS = 3_600;
export const LONGEST_LIFE_SECONDS = LONGEST_TOKEN_LIFE_SECONDS;

/** What a life must be. */
export function lifeRule(longestSeconds = LONGEST_LIFE_SECONDS): string {
  return `must be a whole number of seconds from 1 to ${longestSeconds}`;
}

/** Seconds; the default where nothing was told, null where it breaks the rule. */
export function readLife(told: unknown, longestSeconds = LONGEST_LIFE_SECONDS): number | null {
  if (told === undefined) return Math.min(DEFAULT_LIFE_SECONDS, longestSeconds);
  const life = typeof told === 'string' && /^\d{1,6}$/.test(told) ? Number(told) : 0;
  return life < 1 || life > longestSeconds ? null : life;
}
