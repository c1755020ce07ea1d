import { isCitizenNumber } from '@longyuan/schema/src/check-digits.ts';

/**
 * Whether words hold a citizen number or the number of a mobile phone: what is written of an objection, an application or a grant is kept, and
 * read by stewards and auditors, who see no values.
 */
export function namesAPerson(words: string): boolean {
  const plain = words.normalize('NFKC').toUpperCase().replaceAll(UUID, ' ');
  const numbers = plain.matchAll(/(?<!\d)\d(?:[ -]?\d){16}[ -]?[\dX](?![\dX])/g);
  if ([...numbers].some(([number]) => isCitizenNumber(number.replaceAll(/[ -]/g, '')))) return true;
  return /(?<!\d)(?:(?:00)?86[ -]?)?1\d{2}[ -]?\d{4}[ -]?\d{4}(?!\d)/.test(plain);
}

/** Names of requests, grants and papers are no telephone numbers, whatever digits chance put side by side in them (RFC 9562). */
const UUID = /(?<![\dA-F])[\dA-F]{8}(?:-[\dA-F]{4}){3}-[\dA-F]{12}(?![\dA-F])/g;
