import type { Caller } from '@longyuan/access/caller.ts';
import type { AnswerOf, QuestionOf, Route } from '@longyuan/trust/routes/route.ts';
import type { CallEnding } from './call-library.ts';
import { parseSafely } from './library-answer.ts';
import type { OrderedCall, SealedCalls } from './sealed-calls.ts';

/**
 * What became of a question: `refused` with the owner's own error, if it told one, or `unreadable` where what came is no answer of the route's
 * form; `late` and `silent` where none came.
 */
export type Told<Asked extends Route> =
  | Readonly<{ kind: 'told'; answer: AnswerOf<Asked> }>
  | Readonly<{ kind: 'refused'; error: unknown }>
  | Readonly<{ kind: 'unreadable' | 'late' | 'silent' }>;

/** For whom it is asked, and how long for. */
type Order = Omit<OrderedCall, 'path' | 'body' | 'warrant'> & Readonly<{ caller: Caller }>;

/** Puts a question of the gateway's own to a library's owner, under a warrant for this route alone. */
export async function askOwner<Asked extends Route>(
  calls: SealedCalls,
  route: Asked,
  question: QuestionOf<Asked>,
  { caller, ...order }: Order,
): Promise<Told<Asked>> {
  const { path, items } = route;
  const ending = await calls({ ...order, path, body: JSON.stringify(question), warrant: { caller, purpose: null, items } });
  if (ending.kind === 'late') return { kind: 'late' };
  return ending.kind === 'answered' ? readTold(route, ending) : { kind: 'silent' };
}

/** Reads what an owner answered, which is another department's and not trusted to be well formed. */
export function readTold<Asked extends Route>(route: Asked, { status, text }: Extract<CallEnding, { kind: 'answered' }>): Told<Asked> {
  const answer = parseSafely(text);
  if (typeof answer !== 'object' || answer === null || status === 401) return { kind: 'unreadable' };
  const errors = 'errors' in answer ? answer.errors : undefined;
  if (status !== 200 || errors !== undefined) return { kind: 'refused', error: Array.isArray(errors) ? errors[0] : undefined };
  const read = route.answer.safeParse(answer);
  // It is what the route's own form has read.
  return read.success ? { kind: 'told', answer: read.data as AnswerOf<Asked> } : { kind: 'unreadable' };
}
