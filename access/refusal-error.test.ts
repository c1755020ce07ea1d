import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { expect, test } from 'vitest';
import type { Refusal } from './decide.ts';
import { missingIn, writeRefusals } from './refusal-error.ts';

const facts = readSharingFacts(readLibraries());
const write = writeRefusals(facts);
const said = (item: string, refusal: Refusal) => write({ item, refusal, path: ['x'] }).message;
const verified = facts.fields.find(({ items }) => items.some(({ share, verifyOnly }) => share === 'NOT_SHARED' && verifyOnly));

test.each<[refusal: Refusal, why: string]>([
  [{ code: 'PURPOSE_REQUIRED', missing: 'PURPOSE' }, 'the grant is bound to purposes: name one of them in X-Purpose'],
  // Who has named one is not told to name one.
  [{ code: 'PURPOSE_NOT_GRANTED', missing: 'PURPOSE' }, "no grant of your department's covers the purpose that X-Purpose names"],
  [{ code: 'ITEM_NOT_GRANTED', missing: 'GRANT' }, 'it is shared on conditions, and your department holds no grant for it'],
  // Not all that needs a grant is shared on conditions.
  [
    { code: 'LIBRARY_UNAVAILABLE', missing: 'FRESH_GRANTS' },
    'it needs a grant, and it is not known now which grants its owner has in force',
  ],
])('a refusal says what is so: %o', (refusal, why) => {
  const message = said('Person.phone', refusal);
  expect(message).toBe(`Person.phone (联系电话, 甘肃省公安厅) is not answered: ${why}.`);
  expect(missingIn(message)).toBe(refusal.missing);
});

test.each([
  ['Person.phone', '101001/1'],
  ['Person.represents', '102001/1'],
  ['Person.licenses', '105002/1'],
  ['Person.credit', '104004/1'],
])('a refusal of %s names the resource, which is that of its item where an edge leads to it', (item, resource) => {
  const { extensions } = write({ item, refusal: { code: 'ITEM_NOT_GRANTED', missing: 'GRANT' }, path: ['x'] });
  expect(extensions).toMatchObject({ item, resource });
});

test('an item that is verified and not shared is not told to be shared on conditions', () => {
  const message = said(verified?.coordinate ?? '', { code: 'ITEM_NOT_GRANTED', missing: 'GRANT' });
  expect(message).toMatch(/: it is verified for holders of a grant, and your department holds none for it\.$/);
  expect(missingIn(message)).toBe('GRANT');
});
