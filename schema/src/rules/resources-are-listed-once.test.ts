import { expect, test } from 'vitest';
import { aResource, complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { resourcesAreListedOnce } from './resources-are-listed-once.ts';

test('two resources do not share a code', () => {
  expect(
    complaintsAbout(
      resourcesAreListedOnce,
      `type Taxpayer ${aResource('102009/1')} { a: Int }`,
      `type Invoice ${aResource('102009/1')} { a: Int }`,
    ),
  ).toEqual([
    'schema/libraries/vat.graphql:2 Invoice: 102009/1 is already the code of Taxpayer in schema/libraries/tax.graphql → mend: give it the next running number',
  ]);
});

test('one library answers for a resource', () => {
  expect(
    complaintsAbout(
      resourcesAreListedOnce,
      `type Taxpayer ${aResource('102009/1')} { a: Int }`,
      `type Taxpayer ${aResource('102009/2')} { a: Int }`,
    ),
  ).toEqual([
    'schema/libraries/vat.graphql:2 Taxpayer: is already a resource of schema/libraries/tax.graphql → mend: keep @resource in the library that answers for it',
  ]);
});

test('related resources are there', () => {
  expect(complaintsAbout(resourcesAreListedOnce, `type Taxpayer ${aResource('102009/1', 'related: ["102009/9"]')} { a: Int }`)).toEqual([
    'schema/libraries/tax.graphql:2 Taxpayer: is related to 102009/9, which is no other resource → mend: name the code of another @resource',
  ]);
});
