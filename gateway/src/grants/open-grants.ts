import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import type { SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { RefusalsOf } from '../access/word-refusals.ts';
import type { LibraryWay } from '../library-source.ts';
import type { Quotas } from '../quotas/keep-quotas.ts';
import { makeErrorWords } from '../word-errors.ts';
import { openGrantDesk } from './grant-desk.ts';
import { type GrantCache, keepGrants } from './keep-grants.ts';

/** All that the gateway knows and does of grants. */
export type GatewayGrants = Readonly<{
  /** The copy that access sets are made of. */
  cache: Pick<GrantCache, 'grantsOf' | 'all' | 'untoldBy' | 'version' | 'grant'>;
  deskOf: ReturnType<typeof openGrantDesk>;
  close(): Promise<void>;
}>;

/** Opens the gateway's side of grants over the ways to the libraries. Waits for none of them. */
export function openGrants(parts: {
  libraries: readonly Library[];
  ways: ReadonlyMap<string, Pick<LibraryWay, 'callSealed' | 'callForHub' | 'callHeld'>>;
  facts: SharingFacts;
  refusalsOf: RefusalsOf;
  /** By which calls and rows of grants are counted. */
  quotas: Pick<Quotas, 'used'>;
  timeoutMs: number;
  /** How old what an owner told may be, and whether its library answers, as far as is known. */
  maxAgeMs: number;
  isUp: (library: string) => boolean;
  /** Told that a library ended a question that it held, without an answer. */
  onSilence: (library: string) => void;
  log: Pick<Logger, 'warn'>;
}): GatewayGrants {
  const { libraries, ways, facts, refusalsOf, quotas, timeoutMs, maxAgeMs, isUp, onSilence, log } = parts;
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
  const resources = new Map(facts.types.flatMap(({ resource, library }) => (resource ? [[resource.code, library.name] as const] : [])));
  const itemsOf = (library: string) => new Set(itemsByOwner.get(library));
  const cache = keepGrants({ owners: ownersForHub, itemsOf, maxAgeMs, isUp, onSilence, log });
  return {
    cache,
    deskOf: openGrantDesk({ owners, cache, quotas, libraryOfResource: (code) => resources.get(code), timeoutMs }),
    close: cache.close,
  };
}
