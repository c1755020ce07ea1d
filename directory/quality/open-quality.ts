import type { Hub } from '@longyuan/inner/inner-subgraph.ts';
import { type QualityCheck, readQualityChecks } from '@longyuan/schema/src/quality/quality-checks.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import type { SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { DirectoryStore } from '../entries/directory-store.ts';
import { questionsTo } from './library-questions.ts';
import { type ObjectionStore, openObjectionStore } from './objection-store.ts';
import { type Objections, openObjections } from './objections.ts';
import { openQualityRuns, type QualityRuns } from './quality-runs.ts';
import { openQualityStore, type QualityStore } from './quality-store.ts';

/** Everything the directory answers about the quality of data (数据质量). */
export type Quality = Readonly<{
  /** The rules that the libraries' SDL declares. */
  checks: readonly QualityCheck[];
  store: QualityStore;
  runs: QualityRuns;
  objections: Objections;
  objectionStore: ObjectionStore;
  libraries: readonly Pick<Library, 'name' | 'uscc'>[];
  /** Credit code of the owner of a resource on the hub; null where it is not on the hub. */
  ownerOf(resource: string): string | null;
  close(): Promise<void>;
}>;

export function openQuality(parts: {
  libraries: readonly Library[];
  facts: SharingFacts;
  ask: DirectoryStore['ask'];
  hub: Pick<Hub, 'askLibrary' | 'quotas'>;
  intervalHours: number;
  log: Logger;
}): Quality {
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
    ownerOf: (resource) => owners.get(resource) ?? null,
    close: () => runs.close(),
  };
}
