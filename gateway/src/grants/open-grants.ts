import type { Asker } from '@longyuan/inner/inner-subgraph.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import type { SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { RefusalsOf } from '../access/word-refusals.ts';
import type { LibraryWay } from '../libraries/library-source.ts';
import { makeErrorWords } from '../libraries/word-errors.ts';
import type { GatewayContext } from '../request/gateway-context.ts';
import { remainingMs } from '../request/request-budget.ts';
import { askGrants } from './ask-grants.ts';
import { keepGrants } from './keep-grants.ts';

/** Opens the gateway's side of grants over the ways to the libraries. Waits for none of them. */
export function openGrants(parts: {
  libraries: readonly Library[];
  ways: ReadonlyMap<string, Pick<LibraryWay, 'callSealed' | 'callForHub' | 'callHeld'>>;
  facts: SharingFacts;
  refusalsOf: RefusalsOf;
  timeoutMs: number;
  /** How old what an owner told may be, and whether its library answers, as far as is known. */
  maxAgeMs: number;
  isUp: (library: string) => boolean;
  /** Told that a library ended a question that it held, without an answer. */
  onSilence: (library: string) => void;
  log: Pick<Logger, 'warn'>;
}) {
  const { libraries, ways, facts, refusalsOf, timeoutMs, maxAgeMs, isUp, onSilence, log } = parts;
  const owners = libraries.flatMap((library) => {
    const { name, title, department, uscc } = library;
    const way = ways.get(name);
    const words = makeErrorWords(library, facts, refusalsOf);
    return way
      ? [{ name, title, department, uscc, callSealed: way.callSealed, callForHub: way.callForHub, callHeld: way.callHeld, words }]
      : [];
  });
  // The hub's own copy waits behind no caller's question.
  const ownersForHub = owners.map((owner) => ({ ...owner, callSealed: owner.callForHub }));
  const ownerOf = (code: string) => facts.fieldsOfItem(code)[0]?.owner.library.name;
  const itemsByOwner = Map.groupBy(facts.itemCodes(), ownerOf);
  const itemsOf = (library: string) => new Set(itemsByOwner.get(library));
  const cache = keepGrants({ owners: ownersForHub, itemsOf, maxAgeMs, isUp, onSilence, log });
  const byName = new Map(owners.map((owner) => [owner.name, owner]));
  return {
    /** The copy that access sets are made of. */
    cache,
    /** Has callers ask the owners themselves. */
    askerOf:
      ({ caller, authorization, budget }: Pick<GatewayContext, 'caller' | 'authorization' | 'budget'>): Asker['askOwner'] =>
      async (library, route, question, withToken) => {
        const owner = byName.get(library);
        if (!owner) throw new Error('The hub has no library of this name.');
        const span = budget.span.call(`ask ${library}`, { 'longyuan.library': library });
        return askGrants(owner, route, question, {
          ...{ caller, authorization: withToken ? authorization : null, span },
          requestId: budget.requestId,
          timeoutMs: Math.min(timeoutMs, remainingMs(budget)),
          cancellations: budget.cancellations,
        }).finally(() => span.end());
      },
    close: cache.close,
  };
}
