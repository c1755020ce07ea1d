import { expect, test } from 'vitest';
import { complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { masksAreOnText } from './masks-are-on-text.ts';

test('a text may be shown in part, a list or a way to rows may not', () => {
  const item = (code: string) =>
    `@item(code: "${code}", title: "税务", share: CONDITIONAL, basis: "法", open: false, level: 3, type: C, mask: NAME)`;
  const sdl = `
    type Query { taxpayer: Taxpayer @structure }
    type Taxpayer @key(fields: "no") {
      no: ID! ${item('T001')}
      name: String ${item('T002')}
      names: [String!] ${item('T003')}
      head: Taxpayer ${item('T004')}
    }`;
  expect(complaintsAbout(masksAreOnText, sdl)).toEqual([
    'schema/libraries/tax.graphql:6 Taxpayer.names: has the mask NAME, and is no text that could be shown in part → mend: take mask: off, or bind it to a String field',
    'schema/libraries/tax.graphql:7 Taxpayer.head: has the mask NAME, and is no text that could be shown in part → mend: take mask: off, or bind it to a String field',
  ]);
});
