/**
 * The digits with which the codes of a division and of everything below it begin: 620100 (a prefecture) 6201, 620102 (a county) 620102. Two at
 * least: no code stands for the whole country.
 */
export function divisionPrefix(code: string): string {
  return code.length === 6 ? code.replace(/(?<=..)(00)+$/, '') : code;
}

/** Whether a division is another one or lies in it. */
export function isWithin(code: string, division: string): boolean {
  return divisionPrefix(code).startsWith(divisionPrefix(division));
}
