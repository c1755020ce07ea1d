import { Kind, parse } from 'graphql';
import { expect, test } from 'vitest';
import { shownPath } from './shown-path.ts';

function shown(query: string, path: readonly (string | number)[]) {
  const document = parse(query);
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('There is no operation.');
  return shownPath(document, operation, path);
}

test('a path is told as far as the caller asked', () => {
  const query = '{ firms: legalEntities { ...F } } fragment F on LegalEntity { seat: division { name } ...F }';
  expect(shown(query, ['firms', 0, 'seat', 'name'])).toEqual(['firms', 0, 'seat', 'name']);
  expect(shown(query, ['firms', '@', 'seat', 'id'])).toEqual(['firms', '@', 'seat']);
  expect(shown(query, ['firms', 0, 'uscc'])).toEqual(['firms', 0]);
  expect(shown(query, ['legalEntities'])).toEqual([]);
});
