import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../serve/context.ts';
import type { ResolverMap } from '../serve/define-library.ts';
import type { Leave } from './authorize-use.ts';
import { asked } from './columns.ts';
import type { Loaders } from './loaders.ts';
import type { AuthorizationRow, HeldFilter, LicenseRow, TypeCondition } from './store.ts';

type Asking = Context<Loaders>;
type Info = GraphQLResolveInfo;

/** A person and an entity hold licenses alike; only their key has another name. */
function holderResolvers<Holder>(keyOf: (holder: Holder) => string) {
  return {
    licenses: (holder: Holder, { types, states }: Partial<HeldFilter>, { loaders }: Asking, info: Info) =>
      loaders.held.load(keyOf(holder), asked.license(info), { types: types ?? null, states: states ?? null }),
  };
}

export const resolvers: ResolverMap = {
  Query: {
    license: (_: unknown, { identifier }: { identifier: string }, { loaders }: Asking, info: Info) =>
      loaders.byIdentifier.load(identifier, asked.license(info)),
    licenseTypes: (_: unknown, { authority, holderKind }: Partial<TypeCondition>, { loaders }: Asking, info: Info) =>
      loaders.types({ authority: authority ?? null, holderKind: holderKind ?? null }, asked.type(info)),
    checkLicense: (_: unknown, { code }: { code: string }, { loaders }: Asking) => loaders.check(code),
  },
  Mutation: {
    authorizeUse: (_: unknown, { identifier, ...leave }: Leave & { identifier: string }, { loaders }: Asking) =>
      loaders.authorize(identifier, leave),
  },
  License: {
    __resolveReference: ({ id }: { id: string }, { loaders }: Asking, info: Info) => loaders.license.load(id, asked.license(info)),
    type: ({ type }: LicenseRow, _: unknown, { loaders }: Asking, info: Info) => type && loaders.type.load(type, asked.type(info)),
    holder: ({ holderIsEntity, holderKey }: LicenseRow) =>
      holderIsEntity ? { __typename: 'LegalEntity', uscc: holderKey } : { __typename: 'Person', id: holderKey },
    division: ({ division }: LicenseRow) => ({ code: division }),
    file: ({ fileDigest, fileSigned }: LicenseRow) =>
      fileDigest ? { format: 'OFD', digestAlgorithm: 'SHA-256', digest: fileDigest, signed: fileSigned } : null,
  },
  LicenseHolder: {
    __resolveType: ({ __typename }: { __typename: string }) => __typename,
  },
  LicenseType: {
    __resolveReference: ({ code }: { code: string }, { loaders }: Asking, info: Info) => loaders.type.load(code, asked.type(info)),
  },
  UseAuthorization: {
    license: ({ licenseId }: AuthorizationRow, _: unknown, { loaders }: Asking, info: Info) =>
      loaders.license.load(licenseId, asked.license(info)),
  },
  LegalEntity: holderResolvers(({ uscc }: { uscc: string }) => uscc),
  Person: holderResolvers(({ id }: { id: string }) => id),
};
