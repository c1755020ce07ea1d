import {
  CREDIT_CODE_ALPHABET,
  citizenNumberCheck,
  creditCodeCheck,
  licenseCheck,
  organisationCheck,
} from '@longyuan/schema/src/check-digits.ts';
import { type Day, dayText } from './calendar.ts';
import { scramble } from './random.ts';

/** No such division exists, so a number with it inside belongs to nobody real. */
const UNASSIGNED_DIVISION = '629901';

export type Sex = '1' | '2';

/** Blocks below this may use every day of birth; those above share sequence numbers and keep apart by the day. */
const FREE_BLOCKS = 250;
/** Sequence numbers 001–998 of a day give each sex 499; what the first blocks leave: */
const SHARED_SEQUENCES = 499 - FREE_BLOCKS;
const DAY_CLASSES = 128;
/** How many blocks of people there are numbers for: 32,122, which is 3.2 million people. */
export const MOST_BLOCKS = FREE_BLOCKS + SHARED_SEQUENCES * DAY_CLASSES;

/**
 * Whether people of `block` may be born on `day`. A block has one sequence number a sex and day; blocks that share it have
 * different days, so no two blocks ever give the same citizen number, and no table of those given is needed.
 */
export function isBirthday(block: number, day: Day): boolean {
  return block < FREE_BLOCKS || (scramble(day) & (DAY_CLASSES - 1)) === Math.floor((block - FREE_BLOCKS) / SHARED_SEQUENCES);
}

/** The citizen number of the one person of this sex in `block` born on `day`. */
export function citizenNumber(block: number, sex: Sex, day: Day): string {
  const index = block < FREE_BLOCKS ? block : FREE_BLOCKS + ((block - FREE_BLOCKS) % SHARED_SEQUENCES);
  const sequence = String(index * 2 + (sex === '1' ? 1 : 2)).padStart(3, '0');
  const birth = dayText(day);
  const body = `${UNASSIGNED_DIVISION}${birth.slice(0, 4)}${birth.slice(5, 7)}${birth.slice(8)}${sequence}`;
  return body + citizenNumberCheck(body);
}

/** The credit code of entity `number` (counted over the whole country); `kind` is its first two characters, such as 91. */
export function creditCode(kind: string, number: number): string {
  // Multiplying by a number prime to 31^6 only reorders: codes look scattered and stay different.
  let rest = (BigInt(number) * 271_828_183n) % CODES;
  let serial = '';
  for (let place = 0; place < 6; place++) {
    serial = CREDIT_CODE_ALPHABET.charAt(Number(rest % 31n)) + serial;
    rest /= 31n;
  }
  return finishCreditCode(kind, `MA${serial}`);
}

const CODES = 31n ** 6n;

/** The credit code of a public body, by its number in the lists of `authorities.ts` and `world.ts`. */
export function publicBodyCode(kind: string, number: number): string {
  return finishCreditCode(kind, String(number).padStart(8, '0'));
}

function finishCreditCode(kind: string, organisation: string): string {
  const body = kind + UNASSIGNED_DIVISION + organisation + organisationCheck(organisation);
  return body + creditCodeCheck(body);
}

/** GB/T 36904: `serial` is counted over the whole country. */
export function licenseIdentifier(license: Readonly<{ type: string; authorityCode: string; serial: number }>): string {
  const serial = license.serial.toString(36).toUpperCase().padStart(9, '0');
  const check = licenseCheck(`${license.type}${license.authorityCode}${serial}001`);
  return `1.2.156.3005.2.${license.type}.${license.authorityCode}.${serial}.001.${check}`;
}

/** `digits` digits of a whole number. */
export function padded(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}
