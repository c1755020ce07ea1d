import type { GraphQLResolveInfo } from 'graphql';
import { type ColumnMap, OF_A_PAGE } from '../serve/asked-columns.ts';
import { askedRows } from '../serve/asked-rows.ts';
import type { Context } from '../serve/context.ts';
import type { StoredShape } from '../serve/holdings/plan-holdings.ts';

const summary: ColumnMap = { permits: [], penalties: [], measures: [], repairs: [], promises: [] };
const repair: ColumnMap = { record: ['penaltyId'] };
const ofSubject: ColumnMap = { subject: ['subjectKey', 'subjectIsEntity'] };
const ownNames: ColumnMap = {};

type Asking = Pick<Context<unknown>, 'access'>;
type Info = GraphQLResolveInfo;

/** What an answer of each type reads for what was asked: which columns, of which rows. */
export const asked = {
  summary: ({ access }: Asking, info: Info) => askedRows(info, access, 'CreditSummary', summary),
  permit: ({ access }: Asking, info: Info) => askedRows(info, access, 'PermitDecision', ofSubject),
  penalty: ({ access }: Asking, info: Info) => askedRows(info, access, 'Penalty', ofSubject),
  publishedPermit: ({ access }: Asking, info: Info) => askedRows(info, access, 'PermitDecision', ofSubject, OF_A_PAGE),
  publishedPenalty: ({ access }: Asking, info: Info) => askedRows(info, access, 'Penalty', ofSubject, OF_A_PAGE),
  listed: ({ access }: Asking, info: Info) => askedRows(info, access, 'DishonestRecord', ownNames, OF_A_PAGE),
  measure: ({ access }: Asking, info: Info) => askedRows(info, access, 'JointMeasure', ownNames),
  repair: ({ access }: Asking, info: Info) => askedRows(info, access, 'CreditRepair', repair),
  promise: ({ access }: Asking, info: Info) => askedRows(info, access, 'CreditPromise', ownNames),
  /** Of records of every kind under one field. */
  record: ({ access }: Asking, info: Info) => ({
    PERMIT: askedRows(info, access, 'PermitDecision', ofSubject),
    PENALTY: askedRows(info, access, 'Penalty', ofSubject),
    DISHONEST: askedRows(info, access, 'DishonestRecord', ownNames),
  }),
};

const kindOfSubject = { subjectIsEntity: 'whether the row is about a person or an entity, which decides its class' };

/** How its types lie in its tables. */
export const stored: StoredShape = {
  columns: { CreditSummary: summary, CreditRepair: repair, PermitDecision: ofSubject, Penalty: ofSubject },
  inner: {
    CreditSummary: kindOfSubject,
    PermitDecision: kindOfSubject,
    Penalty: kindOfSubject,
    DishonestRecord: kindOfSubject,
    CreditRepair: { subjectKey: 'whose row it is' },
    CreditPromise: { subjectKey: 'whose row it is' },
  },
};
