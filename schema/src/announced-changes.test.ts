import { expect, test } from 'vitest';
import { findUnannounced, readAnnouncements } from './announced-changes.ts';
import { diffSchemas } from './schema-diff.ts';

test('what breaks and was not announced is found; what was announced, or breaks nothing, is not', () => {
  const changes = diffSchemas(
    'type Query { firm: String fax: String permit: String }',
    'type Query { firm: String permit: Int phone: String }',
  );
  const announced = readAnnouncements('# Changes\n\nFax goes.\n\n- Query.fax was removed.\n');
  expect(findUnannounced(changes, announced).map((change) => change.message)).toEqual(['Query.permit changed type from String to Int.']);
});
