import type { Hub } from '@longyuan/inner/inner-subgraph.ts';
import { readQualityChecks } from '@longyuan/schema/src/quality/quality-checks.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import type { SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { DirectoryStore } from '../entries/directory-store.ts';
import { questionsTo } from './measure-library.ts';
import { openObjectionStore } from './objection-store.ts';
import { openObjections } from './objections.ts';
import { openQualityRuns } from './quality-runs.ts';
import { openQualityStore } from './quality-store.ts';

/** Everything the directory answers about the quality of data (数据质量). */
export type Quality = ReturnType<typeof openQuality>;

export function openQuality(parts: {
  libraries: readonly Library[];
  facts: SharingFacts;
  ask: DirectoryStore['ask'];
  hub: Pick<Hub, 'askLibrary' | 'quotas'>;
  intervalHours: number;
  log: Logger;
}) {
  const { libraries, facts, log } = parts;
  const store = openQualityStore(parts.ask);
  const objectionStore = openObjectionStore(parts.ask);
  const titles = new Map(libraries.map(({ name, title }) => [name, title]));
  const questions = questionsTo(async (library, route, question) => {
    const told = await parts.hub.askLibrary(library, route, question);
    if (told.kind === 'told') return told.answer;
    throw refuse(told.kind === 'unreadable' ? 'LIBRARY_UNREADABLE' : 'LIBRARY_SILENT', { library, title: titles.get(library) ?? library });
  });
  const checks = readQualityChecks(facts);
  const runs = openQualityRuns({
    ...{ facts, checks, questions, store, log },
    libraries: libraries.map(({ name }) => name),
    intervalHours: parts.intervalHours,
  });
  const owners = new Map(facts.types.flatMap((type) => (type.resource ? [[type.resource.code, type.library.uscc] as const] : [])));
  return {
    ...{ checks, store, runs, objectionStore, libraries },
    objections: openObjections({ facts, questions, store: objectionStore, quotas: parts.hub.quotas }),
    /** Credit code of the owner of a resource on the hub; null where it is not on the hub. */
    ownerOf: (resource: string) => owners.get(resource) ?? null,
    close: () => runs.close(),
  };
}
