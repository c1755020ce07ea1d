import { buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import { coordinatesOf } from './operation-coordinates.ts';

const schema = buildSchema(`
  scalar _Any
  type Query { person(idNumber: ID): Person  named: [Named!]  found: Found  _entities(representations: [_Any!]!): [_Entity]! }
  type Mutation { rename(name: String): Person }
  interface Named { name: String }
  type Person implements Named { name: String  phone: String  spouse: Person }
  type Firm implements Named { name: String  uscc: ID }
  union Found = Person | Firm
  union _Entity = Person | Firm
`);
const coordinates = (source: string, name?: string) => coordinatesOf(schema, parse(source), name);

test('fields are named by the type they stand on, however they are written', () => {
  expect(coordinates('{ a: person { b: name c: name @include(if: false) __typename spouse { phone } } }')).toEqual([
    'Person.name',
    'Person.phone',
    'Person.spouse',
    'Query.person',
  ]);
});

test('fragments, interfaces, unions and entities are looked through', () => {
  expect(coordinates('{ person { ...F ... { phone } } } fragment F on Person { name }')).toEqual([
    'Person.name',
    'Person.phone',
    'Query.person',
  ]);
  expect(coordinates('{ named { name ... on Firm { uscc name } } }')).toEqual(['Firm.name', 'Firm.uscc', 'Named.name', 'Query.named']);
  expect(coordinates('{ found { ... on Person { phone } } }')).toEqual(['Person.phone', 'Query.found']);
  expect(coordinates('query($r: [_Any!]!) { _entities(representations: $r) { ... on Firm { name } } }')).toEqual([
    'Firm.name',
    'Query._entities',
  ]);
});

test('only the operation that is executed counts', () => {
  const two = 'query A { person { name } } mutation B { rename { phone } }';
  expect(coordinates(two, 'A')).toEqual(['Person.name', 'Query.person']);
  expect(coordinates(two, 'B')).toEqual(['Mutation.rename', 'Person.phone']);
  expect(coordinates(two)).toEqual([]);
  expect(coordinates(two, 'C')).toEqual([]);
});

test('one document asked twice, by other names and over other schemas, is not mixed up', () => {
  const document = parse('query A { person { name } } query B { named { name } }');
  const other = buildSchema('type Query { person: Human } type Human { name: String }');
  for (const _twice of [1, 2]) {
    expect(coordinatesOf(schema, document, 'A')).toEqual(['Person.name', 'Query.person']);
    expect(coordinatesOf(schema, document, 'B')).toEqual(['Named.name', 'Query.named']);
    expect(coordinatesOf(other, document, 'A')).toEqual(['Human.name', 'Query.person']);
  }
});

test('introspection and fields that are nowhere are named, so that no warrant holds them; circles end', () => {
  expect(coordinates('{ __schema { types { name } } }')).toEqual(['Query.__schema', '__Schema.types', '__Type.name']);
  expect(coordinates('{ nobody { knows { this } } }')).toEqual(['.knows', '.this', 'Query.nobody']);
  expect(coordinates('{ person { ...A } } fragment A on Person { phone spouse { ...A } }')).toEqual([
    'Person.phone',
    'Person.spouse',
    'Query.person',
  ]);
});
