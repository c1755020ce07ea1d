import { readAccessFacts } from '@longyuan/access/access-facts.ts';
import { makeAccessSet } from '@longyuan/access/access-set.ts';
import { PUBLIC } from '@longyuan/access/caller.ts';
import { composeSupergraph } from '@longyuan/schema/src/compose-supergraph.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { buildSchema, print } from 'graphql';
import { expect, test } from 'vitest';
import { operationIn } from '../test/operation-in.ts';
import { pruneOperation } from './prune-operation.ts';

const libraries = readLibraries();
const facts = readAccessFacts(readSharingFacts(libraries));
const schema = buildSchema(composeSupergraph(libraries).apiSdl);
const access = makeAccessSet(facts, { caller: PUBLIC, purpose: null, grants: [], now: new Date() });

/** What is left of an operation for the public, and what was refused. */
function prune(text: string) {
  const { document: left, refused } = pruneOperation({ operation: operationIn(schema, text), facts, access, given: {} });
  return {
    left: left && print(left).replace(/\s+/g, ' ').trim(),
    refused: refused.map(({ path, item, refusal }) => `${path.join('.')} ${item} ${refusal.code}`),
  };
}

test('the word of a code that is not open is refused as the code is', () => {
  const { left, refused } = prune(
    '{ division(code: "62") { code } legalEntity(uscc: "1") { payroll { stateWord } kindWord legalRep { sexWord } } }',
  );
  expect(left).toBe('{ division(code: "62") { code } legalEntity(uscc: "1") { kindWord } }');
  expect(refused).toEqual([
    'legalEntity.payroll LegalEntity.payroll UNAUTHENTICATED',
    'legalEntity.legalRep LegalEntity.legalRep UNAUTHENTICATED',
    'legalEntity.legalRep.sexWord Person.sexWord UNAUTHENTICATED',
  ]);
});

test('an id is shown wherever its key is, and the way to it is guarded as ever', () => {
  expect(prune('{ searchLegalEntities { edges { node { id division { id } } } } }').refused).toEqual([]);
  expect(prune('{ realEstateUnit(no: "1") { owners { entity { id } } } }').left).toBeNull();
});

test('what is asked by edges is refused as what is asked by nodes', () => {
  const rows = (ways: string) => prune(`{ searchPersons(name: "马") { ${ways} } }`);
  const [nodes, edges] = [rows('nodes { name }'), rows('edges { cursor node { name } }')];
  expect(nodes.left).toBeNull();
  expect(edges.left).toBeNull();
  expect(edges.refused.map((each) => each.replace('edges.node', 'nodes'))).toEqual(nodes.refused);
  // Cursors alone are a list of the rows, too.
  expect(rows('edges { cursor }').left).toBeNull();
});
