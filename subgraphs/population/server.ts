import { defineLibrary } from '../serve/define-library.ts';
import { everyRow } from '../serve/rows/asked-rows.ts';
import { addressColumns, stored } from './columns.ts';
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
  ownRows: async (store, person, isShown) => {
    const leading = addressColumns.filter((field) => isShown('Person', field));
    const [own] = await store.peopleById([person], everyRow(leading));
    return { StandardAddress: leading.flatMap((field) => own?.[field] ?? []) };
  },
  resolvers,
  stored,
});
