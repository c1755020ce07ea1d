import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import type { ErrorCode } from './error-codes.ts';
import { type RefusalId, type RuleId, refusals, rules } from './words/catalogue.ts';
import { type Filling, fill } from './words/sentence.ts';

/**
 * An error that a caller may read: a sentence of the catalogue (`words/`) in English, which is put into the caller's language where it leaves.
 * What stands in it is never personal data, SQL or an address.
 */
export function refuse<Id extends RefusalId>(
  id: Id,
  ...[holes, extensions = {}]: Filling<(typeof refusals)[Id]['en'], [extensions?: GraphQLErrorExtensions]>
): GraphQLError {
  const { code, en } = refusals[id];
  return withoutStack(() => new GraphQLError(fill(en, holes), { extensions: { ...extensions, code } }));
}

/** A value that breaks a rule: `argument` says where it stands (`Query.person(idNumber:)`), the rule what it must be. */
export function badUserInput<Id extends RuleId>(argument: string, id: Id, ...[holes]: Filling<(typeof rules)[Id]['en']>): GraphQLError {
  const extensions = { argument, code: 'BAD_USER_INPUT' satisfies ErrorCode };
  return withoutStack(() => new GraphQLError(`${argument} ${fill(rules[id].en, holes)}`, { extensions }));
}

/** Makes an error that is part of an answer: they are made by the thousand, nobody looks for its place in the program, and a stack would be most of its cost. */
export function withoutStack<Made extends Error>(make: () => Made): Made {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
