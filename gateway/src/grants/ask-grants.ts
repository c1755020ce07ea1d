import type { Caller } from '@longyuan/access/caller.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import { NO_SPAN, type Span } from '@longyuan/telemetry/span.ts';
import type { AnswerOf, QuestionOf, Route } from '@longyuan/trust/routes/route.ts';
import { GraphQLError } from 'graphql';
import type { OrderedCall, SealedCalls } from '../libraries/sealed-calls.ts';
import { askOwner } from '../libraries/sealed-calls.ts';
import type { ErrorWords } from '../libraries/word-errors.ts';

/** A library whose owner is asked, and the way there. */
export type Owner = Readonly<{
  name: string;
  title: string;
  department: string;
  uscc: string;
  callSealed: SealedCalls;
  /** On a connection of its own: an answer that is waited for keeps no caller from asking. */
  callHeld: SealedCalls;
  words: ErrorWords;
}>;

/** For whom a question is put to an owner, and how. */
export type GrantOrder = Pick<OrderedCall, 'requestId' | 'timeoutMs' | 'cancellations'> &
  Readonly<{
    caller: Caller;
    /** The caller's own token, where the owner is to check it. It is sent to this owner alone. */
    authorization: string | null;
    /** The part of a trace that it is; left out: of none. */
    span?: Span;
    /** Whether the owner may hold the question open until it has something to tell. */
    isHeld?: boolean;
  }>;

/** A page of a thousand grants with a hundred items each. */
const MAX_ANSWER_BYTES = 16_000_000;

/**
 * Asks a library's owner about grants.
 * @throws GraphQLError with the owner's own code, in the hub's words, or LIBRARY_UNAVAILABLE and LIBRARY_TIMEOUT where it gives no answer.
 */
export async function askGrants<Asked extends Route>(
  owner: Owner,
  route: Asked,
  question: QuestionOf<Asked>,
  { authorization, isHeld = false, span = NO_SPAN, ...order }: GrantOrder,
): Promise<AnswerOf<Asked>> {
  const told = await askOwner(isHeld ? owner.callHeld : owner.callSealed, route, question, {
    ...order,
    headers: { ...span.headers(), ...(authorization !== null && { authorization }) },
    maxBytes: MAX_ANSWER_BYTES,
  });
  if (told.kind === 'told') return told.answer;
  if (told.kind !== 'refused') throw refuse(endings[told.kind], { library: owner.name, title: owner.title }, { library: owner.name });
  const { message, extensions } = owner.words(told.error, { place: null, variables: Object.fromEntries(Object.entries(question ?? {})) });
  throw new GraphQLError(message, { extensions: extensions ?? {} });
}

const endings = { late: 'LIBRARY_LATE', silent: 'LIBRARY_SILENT', unreadable: 'LIBRARY_UNREADABLE' } as const;
