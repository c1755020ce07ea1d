import type { Caller } from '@longyuan/access/caller.ts';

/** Whom a caller shares with: a room for each department, each person and each firm, and one for everybody without a token. */
export type Place = Readonly<{
  room: string;
  /** Who it is within the room. */
  who: string;
  /** Its part beside the other rooms': a department asks for many people, a person for themselves. */
  weight: number;
  /** Comes last: everybody without a token. */
  isPublic: boolean;
}>;

/** What a department may take beside one person, one firm, or the public as a whole. */
export const DEPARTMENT_WEIGHT = 4;

/** Where a caller stands; `address` is where a caller without a token asks from. */
export function placeOf(caller: Caller, address: string): Place {
  switch (caller.kind) {
    case 'public':
      return { room: 'public', who: address, weight: 1, isPublic: true };
    case 'citizen':
      return { room: `person ${caller.person}`, who: caller.sub, weight: 1, isPublic: false };
    case 'agent':
      return { room: `firm ${caller.uscc}`, who: caller.sub, weight: 1, isPublic: false };
    case 'department':
      return { room: `department ${caller.uscc}`, who: caller.sub, weight: DEPARTMENT_WEIGHT, isPublic: false };
    case 'auditor':
      return { room: 'auditors', who: caller.sub, weight: DEPARTMENT_WEIGHT, isPublic: false };
    default:
      return caller satisfies never;
  }
}
