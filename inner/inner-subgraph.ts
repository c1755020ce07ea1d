import type { AccessSet, KnownGrants } from '@longyuan/access/access-set.ts';
import type { Caller } from '@longyuan/access/caller.ts';
import type { Grant } from '@longyuan/access/grant.ts';
import type { Language } from '@longyuan/schema/src/words/sentence.ts';
import type { Span } from '@longyuan/telemetry/span.ts';
import type { AnswerOf, QuestionOf, Route, Told } from '@longyuan/trust/routes/route.ts';
import type { DocumentNode, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { Quotas } from './quotas.ts';

/**
 * A subgraph that the gateway composes beside the libraries and answers in its own process: the hub's, and no department's, so nothing in it is
 * an item. The gateway knows it by this alone.
 */
export type InnerSubgraph = Readonly<{
  /** What is composed. */
  subgraph: Readonly<{ name: string; title: string; document: DocumentNode }>;
  /** Begins to answer, and to work for the hub. Once. */
  mount(hub: Hub): MountedSubgraph;
  /** Closes what it keeps, when nothing is asked of it any more. */
  close(): Promise<void>;
}>;

/** An inner subgraph that answers. */
export type MountedSubgraph = Readonly<{
  /** Answers one fetch of a plan. Never throws for what the fetch asks; an error without a code of the hub's is a fault, and is told as such. */
  answer(fetch: Fetch, asker: Asker): Promise<FetchAnswer>;
  /** What it hands out beside GraphQL. */
  tables: readonly InnerTable[];
  /** Ends its own work, while libraries and database can still be asked. */
  close(): Promise<void>;
}>;

type Fetch = Readonly<{ query: string; variables: Readonly<Record<string, unknown>> }>;
type FetchAnswer = Readonly<{ data: Record<string, unknown> | null; errors: readonly GraphQLFormattedError[] }>;

/** What the hub gives an inner subgraph for as long as it runs. */
export type Hub = Readonly<{
  askLibrary: AskLibrary;
  grants: CopiedGrants;
  quotas: Pick<Quotas, 'spend' | 'used'>;
}>;

/** Puts a question of the hub itself to a library by its name; `silent` where the hub has none of this name, and while it is not ready. */
export type AskLibrary = <Asked extends Route>(library: string, route: Asked, question: QuestionOf<Asked>) => Promise<Told<Asked>>;

/** The gateway's copy of all owners' grants. */
export type CopiedGrants = Required<KnownGrants> &
  Readonly<{
    /** Every owner's. */
    all(): readonly Grant[];
    /** Asks an owner at once, as after a change that went through this gateway; resolves when its answer is taken up, or there is none. */
    refresh(library: string): Promise<void>;
  }>;

/** Whoever asks, and what can be done for them. */
export type Asker = Readonly<{
  caller: Caller;
  access: AccessSet;
  /** Of the sentences that the caller reads. */
  language: Language;
  /** What the caller is told of the hub's schema; null: nothing. */
  schema: GraphQLSchema | null;
  requestId: string;
  /** The part of a trace that the fetch is. */
  span: Span;
  /** Called when nobody waits for the answer any more. */
  cancellations: Set<() => void>;
  /** What would become of another operation of the same caller. */
  explain(asked: Readonly<{ query: string; purpose?: string | null; variables?: string | null }>): Promise<AccessExplanation>;
  /** Puts another operation of the same caller through the door that this one came by: admitted, decided, counted and planned as any other. */
  ask(operation: Fetch): Promise<FetchAnswer>;
  /**
   * Puts a question of the caller's to the owner of a library. `withToken`: with the caller's own token, which goes to this owner alone.
   * @throws GraphQLError with the owner's own code, in the hub's words, or LIBRARY_UNAVAILABLE and LIBRARY_TIMEOUT where it gives no answer.
   */
  askOwner<Asked extends Route>(library: string, route: Asked, question: QuestionOf<Asked>, withToken: boolean): Promise<AnswerOf<Asked>>;
}>;

/** A table that whoever may have it loads down, a part at a time. */
export type InnerTable = Readonly<{
  path: `/${string}`;
  /**
   * Opens what a query asks for: the first part is read before anything is sent.
   * @throws GraphQLError where the caller may not have it, the query means nothing, or it cannot be read now.
   */
  open(query: Readonly<Record<string, unknown>>, caller: Caller): Promise<OpenTable>;
}>;
/** Parts of rows, the headings first. */
export type OpenTable = Readonly<{ fileName: string; parts: AsyncIterable<readonly (readonly Cell[])[]> }>;
export type Cell = string | number | null;

/** As `AccessExplanation` of schema/directory.graphql, with keys for what other loaders answer. */
export type AccessExplanation = Readonly<{ isWhole: boolean; items: readonly ExplainedRow[] }>;
export type ExplainedRow = Readonly<{
  path: string;
  coordinate: string;
  itemCode: string | null;
  access: 'VISIBLE' | 'MASKED' | 'REFUSED';
  rows: string | null;
  maskedRows: string | null;
  code: string | null;
  rule: string | null;
  basis: string | null;
  missing: string | null;
  ownerUscc: string | null;
  /** Codes of service items; null where no purpose is missing. */
  purposes: readonly string[] | null;
}>;
