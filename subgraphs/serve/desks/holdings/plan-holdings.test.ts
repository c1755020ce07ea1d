import { readModels } from '@longyuan/prisma/store/read-models.ts';
import { readLibrary } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { expect, test } from 'vitest';
import { planHoldings } from './plan-holdings.ts';

const item = (code: string) => `@item(code: "${code}", title: "t", share: UNCONDITIONAL, open: false, level: 2, type: C)`;
const facts = readSharingFacts([
  readLibrary(
    'dogs.graphql',
    `extend schema @library(name: "dogs", title: "犬", department: "公安厅", uscc: "11620000MB1234567X", order: 1)
    type Query { dog(id: ID!): Dog @structure }
    type Dog @key(fields: "id") @resource(code: "101009/1", title: "犬只", category: "a/b/c", updateCycle: DAILY, publishedOn: "2026-01-15", keywords: [], rows: { division: "division" }) {
      id: ID!
      name: String ${item('D001')}
      chip: Chip ${item('D002')}
      walks: [Walk!] ${item('D003')}
      tags: [String!] ${item('D004')}
      age: Int ${item('D005')}
      confirmedAt: String @structure
    }
    type Chip { number: String isRead: Boolean }
    type Walk { on: String }`,
  ),
]);
const models = readModels(`
model Dog {
  id          String   @id
  name        String
  chipNumber  String?
  chipRead    Boolean
  tags        String[]
  division    String
  temper      String?
  confirmedAt DateTime
}
model Walk {
  dogId   String
  ordinal Int
  on      DateTime
  mood    String?
  @@id([dogId, ordinal])
}
`);
const shape = { columns: { Dog: { chip: ['chipNumber', 'chipRead'], walks: ['id'] } } };

test('an item is counted by the columns that tell whether it is there; one that leads to another table by its rows', () => {
  const [dogs, walks] = planHoldings(facts, models, shape).tables;
  expect(dogs).toMatchObject({ resource: '101009/1', updateCycle: 'DAILY', hasConfirmation: true, whole: ['D001'] });
  expect(dogs?.counted.map(({ code, columns }) => [code, columns.map(({ name }) => name)])).toEqual([
    ['D002', ['chipNumber']],
    ['D004', ['tags']],
  ]);
  expect(walks).toMatchObject({ resource: null, hasConfirmation: false, whole: ['D003'], counted: [] });
});

test('a column that nothing speaks of is unlisted; keys, scope, structure and columns with a purpose of their own are not', () => {
  expect(planHoldings(facts, models, shape).unlisted).toEqual([
    { table: 'Dog', column: 'temper' },
    { table: 'Walk', column: 'mood' },
  ]);
  const said = { ...shape, inner: { Dog: { temper: 'the warden goes by it' } } };
  expect(planHoldings(facts, models, said).unlisted).toEqual([{ table: 'Walk', column: 'mood' }]);
});
