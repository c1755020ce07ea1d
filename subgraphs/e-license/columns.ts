import type { StoredShape } from '../serve/desks/holdings/plan-holdings.ts';
import type { ColumnMap } from '../serve/rows/asked-columns.ts';
import { askedRows } from '../serve/rows/asked-rows.ts';

const license: ColumnMap = { holder: ['holderKey', 'holderIsEntity'], file: ['fileDigest', 'fileSigned'] };
const ownNames: ColumnMap = {};

/** What an answer of each type reads for what was asked: which columns, of which rows. */
export const asked = {
  license: askedRows('License', license),
  type: askedRows('LicenseType', ownNames),
};

/** How its types lie in its tables. */
export const stored: StoredShape = {
  columns: { License: license },
  inner: { License: { checkCode: 'a check goes by it; it is printed on the license, and the hub shows it to nobody' } },
};
