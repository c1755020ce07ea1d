import type { Purposes } from '@longyuan/settings/purposes.ts';
import type { DirectoryLoaders } from './loaders.ts';

type Named = Readonly<{ purposes: Purposes }>;

/** Service items (政务服务事项) as the directory tells them. */
export function purposesNamed(codes: readonly string[], { purposes }: Named) {
  return codes.map((code) => ({ code, name: purposes.nameOf(code) }));
}

/** Name of a department: as it lists itself in the directory, or as the hub knows it otherwise; null where it knows none. */
export async function nameOfDepartment(
  uscc: string | null,
  { loaders, purposes }: Named & Readonly<{ loaders: Pick<DirectoryLoaders, 'providerByUscc'> }>,
) {
  if (uscc === null) return null;
  return (await loaders.providerByUscc(uscc))?.name ?? purposes.nameOfDepartment(uscc);
}
