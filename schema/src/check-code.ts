/** A check code (查验码) as it is printed, however it was typed or pasted: in small or wide letters, in groups of any kind, with its name before it. */
export function plainCheckCode(typed: string): string {
  return typed
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/^\p{Script=Han}+/u, '')
    .toUpperCase();
}

/** Whether this is a check code by its meaning: 20 letters and digits, in whatever way they were typed. */
export function isCheckCode(typed: string): boolean {
  return /^[0-9A-Z]{20}$/.test(plainCheckCode(typed));
}
