import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import type { AccessSet } from '@longyuan/access/access-set.ts';
import type { Caller } from '@longyuan/access/caller.ts';
import type { Asker } from '@longyuan/inner/inner-subgraph.ts';
import type { Language } from '@longyuan/schema/src/words/sentence.ts';
import type { Span } from '@longyuan/telemetry/span.ts';
import type { GraphQLSchema } from 'graphql';
import type { RequestBudget, RequestNotes } from './request-budget.ts';

/** What the gateway's resolvers' place, the data sources, know of a request. */
export type GatewayContext = {
  caller: Caller;
  /** The hub's address as the caller knows it. */
  publicAddress: string;
  /** Code of the service item that the call named, if any. */
  purpose: string | null;
  access: AccessSet;
  /** The header with the caller's own token; null: none came. */
  authorization: string | null;
  /** Whether the hub itself asks, for pages of a file and measures: such is counted by whoever needs it. */
  isOfHub: boolean;
  /** What the caller can have inner subgraphs do. */
  explain: Asker['explain'];
  ask: Asker['ask'];
  /** What the caller is told of the schema; null: nothing. */
  schema: GraphQLSchema | null;
  /** Of the sentences that the caller reads. */
  language: Language;
  budget: RequestBudget;
  /** What is noted of the operation: of one that an inner subgraph asks, nothing is told with the request's. */
  notes: RequestNotes;
  /** The planning that is under way, as a part of its trace. */
  planning: Span | null;
};

/** The caller of a request as inner subgraphs know them; `span`: the part of the trace that is done for it. */
export type AskerOf = (context: GatewayContext, span: Span) => Asker;

type GatewayInterface = ApolloServerOptionsWithGateway<GatewayContext>['gateway'];
/** What Apollo Server hands an operation to. */
export type Executor = NonNullable<Awaited<ReturnType<GatewayInterface['load']>>['executor']>;
export type ExecutorRequest = Parameters<Executor>[0];
export type Result = Awaited<ReturnType<Executor>>;

/** The context is made in start-gateway.ts; Apollo types it as any record. */
export function contextOf({ context }: ExecutorRequest): GatewayContext {
  return context as GatewayContext;
}
