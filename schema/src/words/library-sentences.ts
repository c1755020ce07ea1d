import type { ErrorCode } from '../error-codes.ts';
import { CLOSED, readTemplates, type Template } from './read-sentence.ts';
import { refusalsOfLibraries } from './refusals-of-libraries.ts';
import { rulesOfGrants } from './rules-of-grants.ts';
import { rulesOfForms, rulesOfValues } from './rules-of-values.ts';

/** What may stand in the holes of what a library says, and that the hub has to know. The other holes leave no room for words. */
export type Hole = 'title' | 'code' | 'type' | 'coordinate' | 'arguments' | 'limit' | 'library' | 'department' | 'variable' | 'asked';
/** Whether a value belongs into a hole. */
export type Known = (hole: Hole, value: string) => boolean;

const LONGEST = 600;
const rules = readTemplates(Object.values({ ...rulesOfValues, ...rulesOfForms, ...rulesOfGrants }));
const refusals = new Map(
  [...Map.groupBy(Object.values(refusalsOfLibraries), ({ code }): ErrorCode => code)].map(([code, words]) => [code, readTemplates(words)]),
);

/**
 * Whether this is a sentence that a library may have the hub say with this code, or, where `argument` is given, of that argument. A library's
 * word is not quoted: what is none of these is worded by the hub itself.
 */
export function isLibrarySentence(code: ErrorCode, text: string, argument: string | null, known: Known): boolean {
  if (text.length > LONGEST) return false;
  const begin = argument === null ? '' : `${argument} `;
  const templates = argument === null ? (refusals.get(code) ?? []) : rules;
  return text.startsWith(begin) && templates.some((template) => fits(template, text.slice(begin.length), known));
}

function fits({ read }: Template, text: string, known: Known): boolean {
  const found = read(text);
  // What is in no closed form is one of the holes that somebody has to know.
  return found !== null && [...found].every(([hole, value]) => CLOSED.has(hole) || known(hole as Hole, value));
}
