import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { operationIn } from '../../../test/operation-in.ts';
import { shownPath } from './shown-path.ts';

const schema = buildSchema(`
  type Query { legalEntities: [LegalEntity] }
  type LegalEntity { uscc: ID division: Division }
  type Division { id: ID name: String }
`);
const shown = (query: string, path: readonly (string | number)[]) => shownPath(operationIn(schema, query), path);

test('a path is told as far as the caller asked', () => {
  const query = '{ firms: legalEntities { ...F } } fragment F on LegalEntity { seat: division { name } }';
  expect(shown(query, ['firms', 0, 'seat', 'name'])).toEqual(['firms', 0, 'seat', 'name']);
  expect(shown(query, ['firms', '@', 'seat', 'id'])).toEqual(['firms', '@', 'seat']);
  expect(shown(query, ['firms', 0, 'uscc'])).toEqual(['firms', 0]);
  expect(shown(query, ['legalEntities'])).toEqual([]);
});
