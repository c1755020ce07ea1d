import { defineLibrary } from '../serve/define-library.ts';
import { stored } from './columns.ts';
import { makeLoaders } from './loaders.ts';
import { predicates } from './predicates.ts';
import { resolvers } from './resolvers.ts';
import { openLegalEntityStore } from './store.ts';

export default defineLibrary({ name: 'legal-entity', openStore: openLegalEntityStore, makeLoaders, resolvers, stored, predicates });
