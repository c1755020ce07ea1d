import { expect, test } from 'vitest';
import { diffSchemas } from './schema-diff.ts';

const before = `
  type Query { person(idNumber: String!, name: String): Person }
  "A person." type Person { name: String phone: String }
  enum Sex { MALE FEMALE }`;
const changes = (after: string) => diffSchemas(before, after).map(({ severity, kind, message }) => `${severity} ${kind}: ${message}`);

test('nothing has changed', () => {
  expect(changes(before)).toEqual([]);
});

test('what takes something from a client is breaking', () => {
  expect(changes(before.replace('phone: String', '').replace('idNumber: String!', 'idNumber: ID!'))).toEqual([
    'BREAKING ARG_CHANGED_KIND: Query.person arg idNumber has changed type from String! to ID!.',
    'BREAKING FIELD_REMOVED: Person.phone was removed.',
  ]);
});

test('what a client may not expect is dangerous, and told once', () => {
  expect(changes(before.replace('FEMALE', 'FEMALE UNKNOWN').replace('name: String)', 'name: String, division: String)'))).toEqual([
    'DANGEROUS OPTIONAL_ARG_ADDED: An optional arg division on Query.person was added.',
    'DANGEROUS VALUE_ADDED_TO_ENUM: UNKNOWN was added to enum type Sex.',
  ]);
});

test('additions, stricter promises, looser demands and words are safe', () => {
  const after = before
    .replace('name: String phone', 'name: String! phone')
    .replace('idNumber: String!', 'idNumber: String')
    .replace('"A person."', '"A registered person."')
    .replace('phone: String', 'phone: String @deprecated(reason: "use contact") contact: Contact')
    .concat(' type Contact { phone: String }');
  expect(changes(after)).toEqual([
    'SAFE ARGUMENT_TYPE_CHANGED: Query.person(idNumber:) changed type from String! to String.',
    'SAFE DESCRIPTION_CHANGED: The description of Person changed.',
    'SAFE FIELD_TYPE_CHANGED: Person.name changed type from String to String!.',
    'SAFE DEPRECATION_CHANGED: Person.phone is deprecated: use contact',
    'SAFE FIELD_ADDED: Person.contact was added.',
    'SAFE TYPE_ADDED: Contact was added.',
  ]);
});
