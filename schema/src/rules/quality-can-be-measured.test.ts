import { expect, test } from 'vitest';
import { anItem, aResource, complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { qualityCanBeMeasured } from './quality-can-be-measured.ts';

const payer = (quality: string, more = '') =>
  `type Payer @key(fields: "no") ${aResource('102009/1', more)} { no: ID! ${anItem.open('T001')} ${quality} }`;
const about = (...sdls: string[]) => complaintsAbout(qualityCanBeMeasured, ...sdls);

test('a rule names codes, keys and cycles that there are', () => {
  expect(about(payer('@coded(table: "sex") @quality(complete: true, coded: true, refersTo: "Payer.no", timely: true)'))).toEqual([]);
  expect(about(payer('@quality(coded: true)'))).toEqual([
    'schema/libraries/tax.graphql:2 Payer.no: its @quality says coded, but it is of no table of codes → mend: say @coded(table:) with a table of schema/reference/codes.json',
  ]);
  expect(about(payer('@quality(refersTo: "Payer.name")'))).toEqual([
    'schema/libraries/tax.graphql:2 Payer.no: "Payer.name" is the key of no resource → mend: name a type with @resource and its key: StandardAddress.id',
  ]);
  expect(about(payer('@quality(timely: true)').replace('DAILY', 'ON_DEMAND'))).toEqual([
    'schema/libraries/tax.graphql:2 Payer.no: is timely, but its resource is updated ON_DEMAND → mend: leave timely out, or say a cycle that can be kept',
  ]);
});

test('a rule says something, about rows of a resource', () => {
  expect(about(payer('@quality(column: "no")'))).toEqual([
    'schema/libraries/tax.graphql:2 Payer.no: its @quality says no rule → mend: say complete, valid, coded, unique, refersTo, notBefore or timely',
  ]);
  expect(about('type Query { office: String @structure @quality(complete: true) }')).toEqual([
    'schema/libraries/tax.graphql:2 Query.office: has @quality, but its rows belong to no resource → mend: move @quality to a field of a resource',
  ]);
});
