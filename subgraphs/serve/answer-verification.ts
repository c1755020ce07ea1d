import { randomUUID } from 'node:crypto';
import type { AccessFacts, Read } from '@longyuan/access/access-facts.ts';
import { PUBLIC } from '@longyuan/access/caller.ts';
import { decide } from '@longyuan/access/decide.ts';
import { type GraphQLInputType, type GraphQLResolveInfo, getNullableType, isInputObjectType } from 'graphql';
import type { Context } from './call/context.ts';
import { rowGuardOf } from './rows/row-guard.ts';

/** How a comparison ended: whether the claim was right, the word for it on the receipt, and what the caller is answered beside it. */
export type Outcome<Answer extends object> = Readonly<{ isRight: boolean; result: string; answer: Answer }>;

/** When it was compared, and the receipt; signed where it is asked for, once. */
type Receipted = Readonly<{ checkedAt: Date; receiptNo: string; receipt: () => Promise<string> }>;

type Verification = Readonly<{
  context: Pick<Context<unknown>, 'caller' | 'purpose' | 'verificationsFor'>;
  info: GraphQLResolveInfo;
  /** The arguments of the field, as its resolver got them. */
  args: Readonly<Record<string, unknown>>;
  /** Whom or what it is about, as the caller names it. */
  subject: string;
  /** Values that the arguments claim of items without `@reads` naming these, by code. */
  claims?: Readonly<Record<string, string>>;
}>;

/** MATCH or MISMATCH. */
export function matchOrMismatch(isRight: boolean): Outcome<Readonly<{ result: 'MATCH' | 'MISMATCH' }>> {
  const result = isRight ? 'MATCH' : 'MISMATCH';
  return { isRight, result, answer: { result } };
}

/**
 * Answers a verification (核验), the one way there is. Where it needs a right, because an item it compares is not open or nothing but the
 * claim itself is looked up, it is a guess: refused before anything is compared where the caller has guessed wrong too often, and settled
 * before the outcome is told, so that many at once (aliases, batches, parallel calls) are no way around the bound.
 * @throws GraphQLError RATE_LIMITED, whether it would have been right or not.
 */
export async function answerVerification<Answer extends object>(
  asked: Verification,
  compare: () => Promise<Outcome<Answer>>,
): Promise<Answer & Receipted> {
  const { context, info, args, subject, claims = {} } = asked;
  const { facts } = rowGuardOf(info.schema);
  const verification = context.verificationsFor(context.caller, context.purpose);
  const values = { ...claimedIn(info, args, facts), ...claims };
  const guess = isGuess(facts, Object.keys(values)) ? verification.guess(subject.toUpperCase()) : null;
  const outcome = await compare();
  guess?.settle(outcome.isRight);
  const [checkedAt, receiptNo] = [new Date(), randomUUID()];
  let signed: Promise<string> | undefined;
  const receipt = (): Promise<string> =>
    (signed ??= verification.receipt({ receiptNo, checkedAt, result: outcome.result, claimed: { subject, values } }));
  return { ...outcome.answer, checkedAt, receiptNo, receipt };
}

/** Who can read the values in every row without a token learns nothing by guessing them. */
function isGuess(facts: AccessFacts, codes: readonly string[]): boolean {
  return codes.length === 0 || !codes.every((code) => isOpen(facts, code));
}

function isOpen(facts: AccessFacts, code: string): boolean {
  const item = facts.ofItem(code);
  return item !== undefined && decide(item, { caller: PUBLIC, purpose: null, grants: [], now: new Date(0) }).visible.rows === 'ALL';
}

/** The values that are given where `@reads(verify: true)` stands, by code of the item. */
function claimedIn(
  { parentType, fieldName }: GraphQLResolveInfo,
  args: Verification['args'],
  facts: AccessFacts,
): Readonly<Record<string, string>> {
  const claims: Record<string, string> = {};
  const note = (reads: readonly Read[], type: GraphQLInputType, value: unknown): void => {
    if (value === null || value === undefined) return;
    for (const { code, toVerify } of reads) if (toVerify) claims[code] = String(value);
    const object = getNullableType(type);
    if (!isInputObjectType(object)) return;
    for (const field of Object.values(object.getFields())) {
      note(facts.readsAt(`${object.name}.${field.name}`), field.type, Reflect.get(Object(value), field.name));
    }
  };
  for (const argument of parentType.getFields()[fieldName]?.args ?? []) {
    note(facts.readsAt(`${parentType.name}.${fieldName}(${argument.name}:)`), argument.type, args[argument.name]);
  }
  return claims;
}
