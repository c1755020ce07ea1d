import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../serve/call/context.ts';
import type { StoredShape } from '../serve/desks/holdings/plan-holdings.ts';
import { type ColumnMap, OF_A_PAGE } from '../serve/rows/asked-columns.ts';
import { askedRows } from '../serve/rows/asked-rows.ts';

const summary: ColumnMap = { permits: [], penalties: [], measures: [], repairs: [], promises: [] };
const repair: ColumnMap = { record: ['penaltyId'] };
const ofSubject: ColumnMap = { subject: ['subjectKey', 'subjectIsEntity'] };
const ownNames: ColumnMap = {};

type Asking = Context<unknown>;
type Info = GraphQLResolveInfo;

const permit = askedRows('PermitDecision', ofSubject);
const penalty = askedRows('Penalty', ofSubject);
const dishonest = askedRows('DishonestRecord', ownNames);

/** What an answer of each type reads for what was asked: which columns, of which rows. */
export const asked = {
  summary: askedRows('CreditSummary', summary),
  permit,
  penalty,
  publishedPermit: askedRows('PermitDecision', ofSubject, OF_A_PAGE),
  publishedPenalty: askedRows('Penalty', ofSubject, OF_A_PAGE),
  listed: askedRows('DishonestRecord', ownNames, OF_A_PAGE),
  measure: askedRows('JointMeasure', ownNames),
  repair: askedRows('CreditRepair', repair),
  promise: askedRows('CreditPromise', ownNames),
  /** Of records of every kind under one field. */
  record: (context: Asking, info: Info) => ({
    PERMIT: permit(context, info),
    PENALTY: penalty(context, info),
    DISHONEST: dishonest(context, info),
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
