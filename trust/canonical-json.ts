/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | Readonly<{ [name: string]: Json }>;

/**
 * The one spelling of a JSON value (RFC 8785): members sorted by the code units of their names, no space. Signatures are made over it.
 * @throws TypeError for what JSON cannot say: a number that is not finite, a function, undefined.
 */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('A number that is not finite cannot be said in JSON.');
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`A ${typeof value} cannot be said in JSON.`);
  return text;
}
