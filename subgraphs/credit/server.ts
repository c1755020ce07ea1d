import { defineLibrary } from '../serve/define-library.ts';
import { stored } from './columns.ts';
import { makeLoaders } from './loaders.ts';
import { predicates } from './predicates.ts';
import { resolvers } from './resolvers.ts';
import { openCreditStore } from './store.ts';

export default defineLibrary({
  name: 'credit',
  openStore: openCreditStore,
  makeLoaders: (store) => makeLoaders(store),
  resolvers,
  stored,
  predicates,
});
