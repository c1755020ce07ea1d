import { defineLibrary } from '../serve/define-library.ts';
import { stored } from './columns.ts';
import { keepGazetteer } from './keep-gazetteer.ts';
import { makeGeospatialLoaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';
import { openGeospatialStore } from './store.ts';

/** 自然资源和空间地理基础信息库, answering `schema/libraries/geospatial.graphql`. */
export default defineLibrary({
  name: 'geospatial',
  openStore: openGeospatialStore,
  keep: keepGazetteer,
  makeLoaders: makeGeospatialLoaders,
  ownRows: async (store, person, isShown) => {
    const units = isShown('Person', 'realEstate') ? await store.unitsOwnedBy(person) : [];
    const addresses = isShown('RealEstateUnit', 'address') ? units.map(({ address }) => address) : [];
    return { RealEstateUnit: units.map(({ id }) => id), StandardAddress: addresses };
  },
  resolvers,
  stored,
});
