import { type AccessSet, onceOfEach } from './access-set.ts';
import { PUBLIC } from './caller.ts';
import { EVERYTHING } from './decide.ts';

/**
 * The access set of a hub that decides nothing: every item of every row. For the embedded demo with its warrant check switched off, for
 * measuring what decisions cost, and for tests of what a library answers.
 */
export const EVERYTHING_VISIBLE: AccessSet = Object.freeze({
  standing: { caller: PUBLIC, purpose: null, grants: [], now: new Date(0) },
  fingerprint: 'everything',
  ofField: () => EVERYTHING,
  ofItem: () => EVERYTHING,
  once: onceOfEach(),
});
