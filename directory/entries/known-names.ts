import { namesOfDepartments, namesOfServiceItems } from '@longyuan/prisma/directory/names.ts';
import type { DirectoryLoaders } from './loaders.ts';

/** Name of a service item (政务服务事项) by its code; null where the hub knows none. */
export function nameOfServiceItem(code: string): string | null {
  return namesOfServiceItems.get(code) ?? null;
}

/** Service items (政务服务事项) as the directory tells them. */
export function purposesNamed(codes: readonly string[]) {
  return codes.map((code) => ({ code, name: nameOfServiceItem(code) }));
}

/** Name of a department: as it lists itself in the directory, or as the hub knows it otherwise; null where it knows none. */
export async function nameOfDepartment(uscc: string | null, { providerByUscc }: Pick<DirectoryLoaders, 'providerByUscc'>) {
  if (uscc === null) return null;
  return (await providerByUscc(uscc))?.name ?? namesOfDepartments.get(uscc) ?? null;
}
