import { everyRow } from '../serve/asked-rows.ts';
import { defineLibrary } from '../serve/define-library.ts';
import { stored } from './columns.ts';
import { keepHeadCounts } from './keep-head-counts.ts';
import { makePopulationLoaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';
import { openPopulationStore } from './store.ts';

export default defineLibrary({
  name: 'population',
  openStore: openPopulationStore,
  keep: keepHeadCounts,
  makeLoaders: makePopulationLoaders,
  personKey: async (store, idNumber) => (await store.peopleByIdNumber([idNumber], everyRow([])))[0]?.id ?? null,
  resolvers,
  stored,
});
