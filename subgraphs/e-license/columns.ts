import type { GraphQLResolveInfo } from 'graphql';
import type { ColumnMap } from '../serve/asked-columns.ts';
import { askedRows } from '../serve/asked-rows.ts';
import type { Context } from '../serve/context.ts';
import type { StoredShape } from '../serve/holdings/plan-holdings.ts';

const license: ColumnMap = { holder: ['holderKey', 'holderIsEntity'], file: ['fileDigest', 'fileSigned'] };
const ownNames: ColumnMap = {};

type Asking = Pick<Context<unknown>, 'access'>;
type Info = GraphQLResolveInfo;

/** What an answer of each type reads for what was asked: which columns, of which rows. */
export const asked = {
  license: ({ access }: Asking, info: Info) => askedRows(info, access, 'License', license),
  type: ({ access }: Asking, info: Info) => askedRows(info, access, 'LicenseType', ownNames),
};

/** How its types lie in its tables. */
export const stored: StoredShape = {
  columns: { License: license },
  inner: { License: { checkCode: 'a check goes by it; it is printed on the license, and the hub shows it to nobody' } },
};
