import { expect, test } from 'vitest';
import { anItem, complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { argumentsSayWhatTheyRead } from './arguments-say-what-they-read.ts';

const taxpayer = `type Taxpayer @key(fields: "uscc") { uscc: ID! ${anItem.open('T001')} arrears: Float ${anItem.conditional('T002')} }`;
const unsaid =
  'does not say what it reads, so a refused item could be found out by filtering → mend: add @reads(item: "…") for each item that it filters, sorts, counts or groups by, or @structure where there is none';

test('a filter that does not say what it reads is refused', () => {
  const sdl = `
    type Query { search(arrearsFrom: Float, first: Int = 20, after: String): [Taxpayer!] @structure }
    ${taxpayer}`;
  expect(complaintsAbout(argumentsSayWhatTheyRead, sdl)).toEqual([`schema/libraries/tax.graphql:2 Query.search(arrearsFrom:): ${unsaid}`]);
});

test('@reads, @structure, paging and the open key of what comes back need no more words', () => {
  const sdl = `
    type Query {
      taxpayer(uscc: ID!): Taxpayer @structure
      taxpayers(usccs: [ID!]!): [Taxpayer] @structure
      search(arrearsFrom: Float @reads(item: "T002"), rounded: Boolean @structure, first: Int, after: String): [Taxpayer!] @structure
    }
    ${taxpayer}`;
  expect(complaintsAbout(argumentsSayWhatTheyRead, sdl)).toEqual([]);
});

test('the key of another type, and a key that never leaves the hub, are filters like any other', () => {
  const sdl = `
    type Query { fines(uscc: ID!): [Fine!] @structure fine(id: ID!): Fine @structure }
    type Fine @key(fields: "id") { id: ID! @inaccessible sum: Float ${anItem.open('T003')} }
    ${taxpayer}`;
  expect(complaintsAbout(argumentsSayWhatTheyRead, sdl)).toEqual([
    `schema/libraries/tax.graphql:2 Query.fines(uscc:): ${unsaid}`,
    `schema/libraries/tax.graphql:2 Query.fine(id:): ${unsaid}`,
  ]);
});

test('an input and an enum say it part by part', () => {
  const sdl = `
    type Query { search(by: Wanted, kind: [Kind!]): [Taxpayer!] @structure }
    input Wanted { arrears: Float @reads(item: "T002") since: String }
    enum Kind { LATE @reads(item: "T002") NEVER @reads(item: "T009") }
    ${taxpayer}`;
  expect(complaintsAbout(argumentsSayWhatTheyRead, sdl)).toEqual([
    `schema/libraries/tax.graphql:3 Wanted.since: ${unsaid}`,
    'schema/libraries/tax.graphql:4 Kind.NEVER: reads T009, which is no item of any library → mend: name the code of an @item',
  ]);
});

test('open statistics group by items alone that are open or may be grouped by', () => {
  const statistics = (aggregate: boolean) => `
    type Query { statistics(by: [Dimension!]!): [Cell!] ${anItem.open('T004')} }
    type Cell @structure { count: Int suppressed: Boolean! }
    enum Dimension { GRADE @reads(item: "T005") }
    type Taxpayer @key(fields: "no") { no: ID! @inaccessible grade: String ${anItem.conditional('T005').replace('type: C', `type: C, aggregate: ${aggregate}`)} }`;
  expect(complaintsAbout(argumentsSayWhatTheyRead, statistics(true))).toEqual([]);
  expect(complaintsAbout(argumentsSayWhatTheyRead, statistics(false))).toEqual([
    'schema/libraries/tax.graphql:2 Query.statistics(by:): groups open statistics by T005, which is neither open nor aggregate → mend: say aggregate: true on that item, or leave it out of the statistic',
  ]);
});
