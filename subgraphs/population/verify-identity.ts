import { isSameText } from '../serve/verification/same-text.ts';
import type { PersonRow } from './store.ts';

export type IdentityInput = Readonly<{ name: string; idNumber: string; photoDigest?: string | null }>;

/** Columns that an identity is compared with. */
export const comparedColumns = ['name', 'photo'] as const;

/** Whether number, name and, when given, photo are of one person; neither what differed nor whether the number exists is said. */
export function isIdentity(person: PersonRow | null, { name, photoDigest = null }: IdentityInput): boolean {
  const isPhotoRight = photoDigest === null || person?.photo?.toLowerCase() === photoDigest.toLowerCase();
  return isSameText(person?.name, name) && isPhotoRight;
}
