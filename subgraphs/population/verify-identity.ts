import type { PopulationLoaders } from './loaders.ts';

export type IdentityInput = Readonly<{ name: string; idNumber: string; photoDigest?: string | null }>;

/** Whether number, name and, when given, photo are of one person; neither what differed nor whether the number exists is said. */
export async function verifyIdentity(input: IdentityInput, { personByIdNumber }: Pick<PopulationLoaders, 'personByIdNumber'>) {
  const person = await personByIdNumber.load(input.idNumber, ['name', 'photo']);
  const isPhotoRight = !input.photoDigest || person?.photo?.toLowerCase() === input.photoDigest.toLowerCase();
  const isMatch = person?.name === input.name && isPhotoRight;
  return { result: isMatch ? 'MATCH' : 'MISMATCH', checkedAt: new Date() };
}
