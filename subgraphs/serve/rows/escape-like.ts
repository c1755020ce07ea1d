/** Text that stands for itself in SQL's LIKE, for which % and _ are wildcards. Prisma passes them through as they are. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
