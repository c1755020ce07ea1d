import type { Caller } from '@longyuan/access/caller.ts';
import { refuse } from '@longyuan/schema/src/error-codes.ts';
import { NO_SPAN, type Span } from '@longyuan/telemetry/span.ts';
import { GraphQLError } from 'graphql';
import { parseSafely } from '../library-answer.ts';
import type { SealedCalls } from '../sealed-calls.ts';
import type { ErrorWords } from '../word-errors.ts';

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

/** A question about grants. `field`: the field of the directory it is asked for; a warrant opens that route alone. */
export type OwnerQuestion = Readonly<{
  path: 'list' | 'applications' | 'apply' | 'answer' | 'revoke';
  field: string;
  body: Readonly<Record<string, unknown>>;
  caller: Caller;
  /** The caller's own token, where the owner is to check it. It is sent to this owner alone. */
  authorization: string | null;
  requestId: string;
  timeoutMs: number;
  cancellations: Set<() => void>;
  /** The part of a trace that it is; left out: of none. */
  span?: Span;
  /** Whether the owner may hold the question open until it has something to tell. */
  isHeld?: boolean;
}>;

/** A page of a thousand grants with a hundred items each. */
const MAX_ANSWER_BYTES = 16_000_000;

/**
 * Asks a library's owner, and reads the JSON object it answers.
 * @throws GraphQLError with the owner's own code, in the hub's words, or LIBRARY_UNAVAILABLE and LIBRARY_TIMEOUT where it gives no answer.
 */
export async function askOwner(owner: Owner, question: OwnerQuestion): Promise<Readonly<Record<string, unknown>>> {
  const { path, field, body, caller, authorization, isHeld = false, span = NO_SPAN, ...call } = question;
  const ending = await (isHeld ? owner.callHeld : owner.callSealed)({
    ...call,
    path: `/grants/${path}`,
    body: JSON.stringify(body),
    warrant: { caller, purpose: null, items: [field] },
    headers: { ...span.headers(), ...(authorization !== null && { authorization }) },
    maxBytes: MAX_ANSWER_BYTES,
  });
  const fail = (id: 'LIBRARY_LATE' | 'LIBRARY_SILENT' | 'LIBRARY_UNREADABLE'): GraphQLError =>
    refuse(id, { library: owner.name, title: owner.title }, { library: owner.name });
  if (ending.kind === 'late') throw fail('LIBRARY_LATE');
  if (ending.kind !== 'answered') throw fail('LIBRARY_SILENT');
  const answer = parseSafely(ending.text);
  if (typeof answer !== 'object' || answer === null || ending.status === 401) throw fail('LIBRARY_UNREADABLE');
  const told: Readonly<Record<string, unknown>> = { ...answer };
  const { errors } = told;
  if (ending.status === 200 && errors === undefined) return told;
  const { message, extensions } = owner.words(Array.isArray(errors) ? errors[0] : undefined, { place: null, variables: body });
  throw new GraphQLError(message, { extensions: extensions ?? {} });
}
