import type { z } from 'zod';

/**
 * A kind of question that the gateway puts to a library's owner with `POST`, in JSON under a warrant. Both ends read it from here: what is
 * missing or of another form is refused, what is told beside it is not read.
 */
export type Route = Readonly<{
  path: `/${string}`;
  /** The one thing that a warrant must name to open it; none: every warrant does. */
  items: readonly [string] | readonly [];
  question: z.ZodType;
  answer: z.ZodType;
  /** With which sentence a warrant for other things is refused, as unauthenticated; left out: as one that does not reach so far. */
  notFor?: 'NOT_FOR_OWN_ROWS' | 'NOT_FOR_MEASURING' | 'NOT_FOR_HOLDINGS';
  /** With which sentence a body is refused that is no such question; left out: as no request at all. */
  noQuestion?: 'NO_QUALITY_QUESTION';
}>;

/** What is asked there, and what is answered. */
export type QuestionOf<Asked extends Route> = Unchanging<z.infer<Asked['question']>>;
export type AnswerOf<Asked extends Route> = Unchanging<z.infer<Asked['answer']>>;

/**
 * What became of a question: `refused` with the owner's own error, if it told one, or `unreadable` where what came is no answer of the route's
 * form; `late` and `silent` where none came.
 */
export type Told<Asked extends Route> =
  | Readonly<{ kind: 'told'; answer: AnswerOf<Asked> }>
  | Readonly<{ kind: 'refused'; error: unknown }>
  | Readonly<{ kind: 'unreadable' | 'late' | 'silent' }>;

type Unchanging<Value> = Value extends object ? { readonly [Name in keyof Value]: Unchanging<Value[Name]> } : Value;
