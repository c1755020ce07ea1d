/** Whether this has the form of a code: six, nine or twelve digits. The province need not have such a division. */
export function isDivisionCode(text: unknown): text is string {
  return typeof text === 'string' && /^\d{6}(\d{3}(\d{3})?)?$/.test(text);
}

/** A code as the hub writes it: 620102000000, as forms of twelve digits write a county, is 620102, and 620102001000 the town 620102001. */
export function shortDivisionCode(code: string): string {
  return code.length > 6 ? code.replace(/(?<=^\d{6}(\d{3})?)(000)+$/, '') : code;
}

/**
 * The digits with which the codes of a division and of everything below it begin: 620100 (a prefecture) 6201, 620102 (a county) 620102. Two at
 * least: no code stands for the whole country.
 */
export function divisionPrefix(code: string): string {
  const short = shortDivisionCode(code);
  return short.length === 6 ? short.replace(/(?<=..)(00)+$/, '') : short;
}

/** Whether a division is another one or lies in it. */
export function isWithin(code: string, division: string): boolean {
  return divisionPrefix(code).startsWith(divisionPrefix(division));
}
