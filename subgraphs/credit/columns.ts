import type { GraphQLResolveInfo } from 'graphql';
import { askedColumns, askedColumnsBelow, type ColumnMap } from '../serve/asked-columns.ts';

const summary: ColumnMap = { permits: [], penalties: [], measures: [], repairs: [], promises: [] };
const repair: ColumnMap = { record: ['penaltyId'] };
const ownNames: ColumnMap = {};

/** Which columns an answer of each type reads for what was asked. */
export const asked = {
  summary: (info: GraphQLResolveInfo) => askedColumns(info, 'CreditSummary', summary),
  permit: (info: GraphQLResolveInfo) => askedColumns(info, 'PermitDecision', ownNames),
  penalty: (info: GraphQLResolveInfo) => askedColumns(info, 'Penalty', ownNames),
  listed: (info: GraphQLResolveInfo) => askedColumnsBelow(info, ['nodes'], 'DishonestRecord', ownNames),
  measure: (info: GraphQLResolveInfo) => askedColumns(info, 'JointMeasure', ownNames),
  repair: (info: GraphQLResolveInfo) => askedColumns(info, 'CreditRepair', repair),
  promise: (info: GraphQLResolveInfo) => askedColumns(info, 'CreditPromise', ownNames),
  /** Of records of every kind under one field. */
  record: (info: GraphQLResolveInfo) => ({
    PERMIT: askedColumns(info, 'PermitDecision', ownNames),
    PENALTY: askedColumns(info, 'Penalty', ownNames),
    DISHONEST: askedColumns(info, 'DishonestRecord', ownNames),
  }),
};
