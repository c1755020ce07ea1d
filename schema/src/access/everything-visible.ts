import type { AccessSet } from './access-set.ts';
import { PUBLIC } from './caller.ts';
import type { Decision } from './decide.ts';
import { ALL_ROWS, NO_ROWS } from './row-condition.ts';

const VISIBLE: Decision = { visible: ALL_ROWS, masked: NO_ROWS, verifiable: ALL_ROWS, refusal: null, verifyRefusal: null, by: [] };

/**
 * The access set of a hub that decides nothing: every item of every row. For the embedded demo with its warrant check switched off, for
 * measuring what decisions cost, and for tests of what a library answers.
 */
export const EVERYTHING_VISIBLE: AccessSet = Object.freeze({
  standing: { caller: PUBLIC, purpose: null, grants: [], now: new Date(0) },
  fingerprint: 'everything',
  ofField: () => VISIBLE,
  ofItem: () => VISIBLE,
});
