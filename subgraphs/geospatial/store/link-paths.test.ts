import { expect, test } from 'vitest';
import { linkPaths } from './link-paths.ts';

test('every division gets its path from the province down, in whatever order the rows come', () => {
  const rows = linkPaths([
    { code: '620201001', parent: '620201' },
    { code: '620000', parent: null },
    { code: '620201', parent: '620200' },
    { code: '620200', parent: '620000' },
  ]);
  expect(rows.map(({ path }) => path?.map(({ code }) => code).join(' '))).toEqual([
    '620000 620200 620201 620201001',
    '620000',
    '620000 620200 620201',
    '620000 620200',
  ]);
});
