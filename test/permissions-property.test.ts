import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { drawNumbers } from './open-database.ts';
import { openSuiteOver } from './permission-suite.ts';
import { checkExplanation } from './permissions/check-explanation.ts';
import type { Suite } from './permissions/open-suite.ts';
import { drawOperation } from './permissions/random-operations.ts';
import { BusyError, RefusedForAllError, refer, tryAs } from './permissions/try-operation.ts';

/** SUITE_SEED and SUITE_TRIES of a failure repeat it. */
const TRIES = Number(process.env['SUITE_TRIES'] ?? 2_000);
const PUBLIC_TRIES = Math.min(TRIES, 200);
const CALLERS_OF_EACH = 8;
const AT_ONCE = 4;
/** Of fewer, shares say nothing: a failure is being repeated. */
const LEAST_FOR_SHARES = 500;
const EXPLAINED_PERCENT = 25;
const seed = Number(process.env['SUITE_SEED'] ?? 77);

let suite: Suite;
let citizen: Suite['rules'][number] | undefined;
beforeAll(async () => {
  suite = await openSuiteOver(inject('embedded'), 2);
  citizen = suite.rules.find(({ asker }) => asker.kind === 'citizen');
});
afterAll(() => suite?.end());

test('random operations of the public at its own door: the rows that are open are answered, and no others', async () => {
  const { tried: at, rules, specimens } = suite.atPublicDoor;
  const [anyone] = rules;
  if (!anyone) throw new Error('Nobody asks.');
  const found: string[] = [];
  let tried = 0;
  for (let own = seed; tried < PUBLIC_TRIES && found.length === 0; own += 1) {
    const operation = drawOperation(at.model, specimens, drawNumbers(own));
    const referred = await refer(at, operation).catch((error: unknown) => {
      if (error instanceof RefusedForAllError || error instanceof BusyError) return null;
      throw new Error(`SUITE_SEED=${own}`, { cause: error });
    });
    if (referred === null) continue;
    tried += 1;
    for (const each of await tryAs(at, referred, anyone))
      found.push(`SUITE_SEED=${own}: ${each}\n  of ${referred.text}\n  with ${JSON.stringify(referred.variables)}`);
  }
  expect(found).toEqual([]);
}, 300_000);

test(`${TRIES} random operations and callers: no value that is refused is answered, none that is visible is missing`, async () => {
  const found: string[] = [];
  let tried = 0;
  let drawn = 0;
  let explained = 0;
  let refusedForAll = 0;
  const takeTurns = async () => {
    while (tried < TRIES && found.length === 0) {
      // Each operation has a seed of its own, so that those which run beside it change nothing in it.
      const own = seed + drawn;
      drawn += 1;
      const draw = drawNumbers(own);
      const operation = drawOperation(suite.tried.model, suite.specimens, draw);
      const referred = await refer(suite.tried, operation).catch((error: unknown) => {
        if (error instanceof RefusedForAllError || error instanceof BusyError) return null;
        throw new Error(`SUITE_SEED=${own}`, { cause: error });
      });
      if (referred === null) {
        refusedForAll += 1;
        continue;
      }
      for (let left = CALLERS_OF_EACH; left > 0; left -= 1) {
        const drawnRules = suite.rules[draw(suite.rules.length)];
        // Own rows are theirs whose they are: the first to be asked is the person.
        const rules = operation.isOfOwnRow && left === CALLERS_OF_EACH ? citizen : drawnRules;
        if (!rules) continue;
        const differences = await tryAs(suite.tried, referred, rules).then(
          (all) => [...all],
          (error: unknown) => {
            if (error instanceof BusyError) return null;
            throw error;
          },
        );
        if (differences === null) continue;
        tried += 1;
        if (draw(100) < EXPLAINED_PERCENT) {
          explained += 1;
          differences.push(...(await checkExplanation(suite.tried, referred, rules)));
        }
        found.push(
          ...differences.map(
            (each) => `SUITE_SEED=${own} SUITE_TRIES=1: ${each}\n  of ${referred.text}\n  with ${JSON.stringify(referred.variables)}`,
          ),
        );
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, takeTurns));
  expect(found).toEqual([]);
  if (TRIES < LEAST_FOR_SHARES) return;
  expect(tried).toBeGreaterThanOrEqual(TRIES);
  expect(explained).toBeGreaterThan(TRIES / 10);
  expect(refusedForAll).toBeLessThan(TRIES / 4);
}, 500_000);
