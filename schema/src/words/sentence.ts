/** The languages that the hub speaks. */
export type Language = 'en' | 'zh';

/** One thing to say in each of them. What stands in braces is put in as it is said, under the same name in both. */
export type Words = Readonly<Record<Language, string>>;

/** The names of what a text leaves open. */
type HolesOf<Text extends string> = Text extends `${string}{${infer Hole}}${infer Rest}` ? Hole | HolesOf<Rest> : never;

type Holes<Text extends string> = Readonly<Record<HolesOf<Text>, string | number>>;
/** The arguments that say a text: what is put in where it leaves something open, then what else the function takes. */
export type Filling<Text extends string, More extends unknown[] = []> = [HolesOf<Text>] extends [never]
  ? [holes?: Readonly<Record<string, never>>, ...more: More]
  : [holes: Holes<Text>, ...more: More];

/** Puts values where a text leaves them open. */
export function fill(text: string, holes: Readonly<Record<string, string | number>> = {}): string {
  return text.replace(/\{(\w+)\}/g, (_whole, hole: string) => String(holes[hole] ?? ''));
}
