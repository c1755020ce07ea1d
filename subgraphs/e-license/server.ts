import { defineLibrary } from '../serve/define-library.ts';
import { stored } from './columns.ts';
import { makeLoaders } from './loaders.ts';
import { predicates } from './predicates.ts';
import { resolvers } from './resolvers.ts';
import { openLicenseStore } from './store.ts';

export default defineLibrary({ name: 'e-license', openStore: openLicenseStore, makeLoaders, resolvers, stored, predicates });
