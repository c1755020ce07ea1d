import { expect, test } from 'vitest';
import { anItem, complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { keysSayNothing } from './keys-say-nothing.ts';

const mend = 'mend: make it an opaque key with @inaccessible, or an open @item in the library that answers for it';

test('a key that callers see is an open item of some library', () => {
  const owner = `type Taxpayer @key(fields: "uscc") { uscc: ID! ${anItem.open('T001')} }`;
  const stub = 'type Taxpayer @key(fields: "uscc") { uscc: ID! }';
  expect(complaintsAbout(keysSayNothing, owner, stub)).toEqual([]);
  expect(complaintsAbout(keysSayNothing, stub)).toEqual([
    `schema/libraries/tax.graphql:2 Taxpayer.uscc: is a key that callers see, but no item → ${mend}`,
  ]);
});

test('a citizen number is no key', () => {
  expect(complaintsAbout(keysSayNothing, `type Person @key(fields: "idNumber") { idNumber: ID! ${anItem.conditional('P001')} }`)).toEqual([
    `schema/libraries/tax.graphql:2 Person.idNumber: is a key and the item P001, which is not open → ${mend}`,
  ]);
});

test('an opaque key is hidden in every library that holds it', () => {
  const hidden = 'type Person @key(fields: "id") { id: ID! @inaccessible }';
  expect(complaintsAbout(keysSayNothing, hidden, 'type Person @key(fields: "id") { id: ID! }')).toEqual([
    `schema/libraries/vat.graphql:2 Person.id: is a key that callers see, but no item → ${mend}`,
  ]);
});
