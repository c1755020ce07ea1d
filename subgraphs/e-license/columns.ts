import type { GraphQLResolveInfo } from 'graphql';
import { askedColumns, type ColumnMap } from '../serve/asked-columns.ts';

const license: ColumnMap = { holder: ['holderKey', 'holderIsEntity'], file: ['fileDigest', 'fileSigned'] };
const ownNames: ColumnMap = {};

/** Which columns an answer of each type reads for what was asked. */
export const asked = {
  license: (info: GraphQLResolveInfo) => askedColumns(info, 'License', license),
  type: (info: GraphQLResolveInfo) => askedColumns(info, 'LicenseType', ownNames),
};
