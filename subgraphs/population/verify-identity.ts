import type { PersonRow } from './store.ts';

export type IdentityInput = Readonly<{ name: string; idNumber: string; photoDigest?: string | null }>;

/** Columns that an identity is compared with. */
export const comparedColumns = ['name', 'photo'] as const;

/** Whether number, name and, when given, photo are of one person; neither what differed nor whether the number exists is said. */
export function verifyIdentity(person: PersonRow | null, { name, photoDigest }: IdentityInput) {
  const isPhotoRight = !photoDigest || person?.photo?.toLowerCase() === photoDigest.toLowerCase();
  const isMatch = person?.name === name && isPhotoRight;
  return { result: isMatch ? 'MATCH' : 'MISMATCH', checkedAt: new Date() };
}
