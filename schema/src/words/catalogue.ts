import { refusalsOfHub } from './refusals-of-hub.ts';
import { refusalsOfLibraries, refusalsToGateways } from './refusals-of-libraries.ts';
import { refusalsOfRequests } from './refusals-of-requests.ts';
import { rulesOfGrants } from './rules-of-grants.ts';
import { rulesOfHub } from './rules-of-hub.ts';
import { rulesOfForms, rulesOfValues } from './rules-of-values.ts';
import { type Filling, fill, type Language, type Words } from './sentence.ts';

/** What an argument must be: each is said after the argument, with BAD_USER_INPUT. */
export const rules = { ...rulesOfValues, ...rulesOfForms, ...rulesOfGrants, ...rulesOfHub };
export type RuleId = keyof typeof rules;

/** Whole sentences, each with its code. */
export const refusals = { ...refusalsOfLibraries, ...refusalsToGateways, ...refusalsOfRequests, ...refusalsOfHub };
export type RefusalId = keyof typeof refusals;

/** Says it, in English unless another language is asked for. */
export function say<const Said extends Words>(
  words: Said,
  ...[holes, language = 'en']: Filling<Said['en'], [language?: Language]>
): string {
  return fill(words[language], holes);
}
