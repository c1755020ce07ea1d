import type { Words } from './sentence.ts';

/** A sentence of the catalogue as it is found again: what stands in its holes, by their names. */
export type Template = Readonly<{ words: Words; read: (text: string) => ReadonlyMap<string, string> | null }>;

const number = '-?(?:\\d{1,12}(?:\\.\\d{1,6})?|Infinity)';
const written = '[\\s\\S]{0,1500}?';
const within = '[^\\n]{1,400}';
/** The form of what may stand in each hole. In the closed ones there is no room for words. */
const forms: Readonly<Record<string, string>> = {
  number,
  most: number,
  left: number,
  each: number,
  size: `${number}|countless`,
  moment: '\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,3})?Z',
  access: 'READ|MASKED|VERIFY',
  title: '[^()]{1,100}',
  code: '[\\w./~-]{1,60}',
  type: '@?[\\w!\\[\\]]{1,200}',
  coordinate: '\\w{1,100}\\.\\w{1,100}',
  arguments: '`\\w{1,60}`(?:(?:, | or )`\\w{1,60}`){0,20}',
  limit: 'HUB_[A-Z_]{1,60}',
  library: '[\\w-]{1,60}',
  department: '[^,]{1,100}',
  variable: '\\$\\w{1,200}',
  asked: '[\\w./~-]{1,60}',
  // Those of the hub's own sentences, which no library says.
  argument: '[^\\s"]{1,200}',
  name: '[^"\\s]{1,300}',
  operation: '\\w{1,20}',
  no: '[\\w./-]{1,80}',
  resource: '[\\w./~-]{1,60}',
  address: 'https?://[^\\s"]{1,300}?|',
  item: '[^\\n]{1,300}?',
  place: '[^"]{1,300}',
  predicate: '\\w{1,100}',
  division: '\\w{1,20}',
  other: written,
  written,
  message: written,
  reason: within,
  rule: within,
  meaning: within,
  fault: within,
};

/** Holes that leave no room for words. */
export const CLOSED: ReadonlySet<string> = new Set(['number', 'most', 'moment', 'access']);

/** Makes what finds a sentence again in its English. @throws Error for a hole that has no form. */
function readTemplate(words: Words): Template {
  const holes: string[] = [];
  const parts = words.en.split(/(\{\w+\})/).map((part) => {
    const hole = /^\{(\w+)\}$/.exec(part)?.[1];
    if (hole === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const form = forms[hole];
    if (form === undefined) throw new Error(`{${hole}} of "${words.en}" has no form`);
    const isKnown = holes.includes(hole);
    holes.push(hole);
    return isKnown ? `\\k<${hole}>` : `(?<${hole}>${form})`;
  });
  const form = new RegExp(`^${parts.join('')}$`, 'u');
  return {
    words,
    read: (text) => {
      const found = form.exec(text);
      return found && new Map(Object.entries(found.groups ?? {}));
    },
  };
}

/** Templates in the order in which they are tried: what says more of itself comes first. */
export function readTemplates(all: Iterable<Words>): readonly Template[] {
  const literal = ({ en }: Words): number => en.replace(/\{\w+\}/g, '').length;
  return [...all].sort((one, other) => literal(other) - literal(one)).map(readTemplate);
}
