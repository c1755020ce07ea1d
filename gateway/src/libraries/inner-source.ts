import type { InnerSubgraph, MountedSubgraph } from '@longyuan/inner/inner-subgraph.ts';
import type { AskerOf, GatewayContext } from '../request/gateway-context.ts';
import { type AnswerLimits, spendAnswer } from '../request/request-budget.ts';
import { makeFetchReader } from './fetch-shape.ts';
import type { LibrarySource } from './library-source.ts';

/** The way to an inner subgraph: a call in this process, with its part of the trace and within the bounds of what a request may bring. */
export function openInnerSource(
  { subgraph, close }: InnerSubgraph,
  { answer }: Pick<MountedSubgraph, 'answer'>,
  askerOf: AskerOf,
  limits: AnswerLimits,
): LibrarySource {
  const readFetch = makeFetchReader(subgraph);
  return {
    async process({ request: { query = '', variables = {} }, context }) {
      // The gateway types its own context loosely; this one is made in start-gateway.ts.
      const { budget } = context as GatewayContext;
      const span = budget.span.begin(`fetch ${subgraph.name}`, { 'longyuan.library': subgraph.name });
      const { data, errors } = await answer({ query, variables }, askerOf(context as GatewayContext, span)).finally(() => span.end());
      const values = data ? (readFetch(query).hold(data, variables)?.values ?? 0) : 0;
      const passed = spendAnswer(budget, { values, bytes: 0 }, limits);
      if (passed) return { errors: [passed] };
      return { data, ...(errors.length > 0 && { errors: [...errors] }) };
    },
    close,
  };
}
