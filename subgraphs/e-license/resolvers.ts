import { plainCheckCode } from '@longyuan/schema/src/check-code.ts';
import type { GraphQLResolveInfo } from 'graphql';
import { answerVerification } from '../serve/answer-verification.ts';
import type { Context } from '../serve/call/context.ts';
import type { ResolverMap } from '../serve/define-library.ts';
import { rowsOnRoute } from '../serve/rows/asked-rows.ts';
import type { Leave } from './authorize-use.ts';
import { asked } from './columns.ts';
import type { Loaders } from './loaders.ts';
import type { AuthorizationRow, HeldFilter, LicenseRow, TypeCondition } from './store.ts';

type Asking = Context<Loaders>;
type Info = GraphQLResolveInfo;

/** A person and an entity hold licenses alike; only their key has another name. */
function holderResolvers<Holder>(keyOf: (holder: Holder) => string) {
  return {
    licenses: (holder: Holder, { types, states }: Partial<HeldFilter>, context: Asking, info: Info) =>
      context.loaders.held.load(keyOf(holder), asked.license(context, info), { types: types ?? null, states: states ?? null }),
  };
}

export const resolvers: ResolverMap = {
  Query: {
    license: (_: unknown, { identifier }: { identifier: string }, context: Asking, info: Info) =>
      context.loaders.byIdentifier.load(identifier, asked.license(context, info)),
    licenseTypes: (_: unknown, { authority, holderKind }: Partial<TypeCondition>, context: Asking, info: Info) =>
      context.loaders.types({ authority: authority ?? null, holderKind: holderKind ?? null }, asked.type(context, info)),
    checkLicense: (_: unknown, args: { code: string }, context: Asking, info: Info) =>
      answerVerification({ context, info, args, subject: plainCheckCode(args.code) }, () =>
        context.loaders.check(plainCheckCode(args.code)),
      ),
  },
  Mutation: {
    authorizeUse: (_: unknown, { identifier, ...leave }: Leave & { identifier: string }, { access, loaders }: Asking, info: Info) =>
      loaders.authorize(identifier, rowsOnRoute(info, access, 'License', ['state']), leave),
  },
  License: {
    __resolveReference: ({ id }: { id: string }, context: Asking, info: Info) =>
      context.loaders.license.load(id, asked.license(context, info)),
    type: ({ type }: LicenseRow, _: unknown, context: Asking, info: Info) =>
      type && context.loaders.type.load(type, asked.type(context, info)),
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
    __resolveReference: ({ code }: { code: string }, context: Asking, info: Info) =>
      context.loaders.type.load(code, asked.type(context, info)),
  },
  UseAuthorization: {
    license: ({ licenseId }: AuthorizationRow, _: unknown, context: Asking, info: Info) =>
      context.loaders.license.load(licenseId, asked.license(context, info)),
  },
  LegalEntity: holderResolvers(({ uscc }: { uscc: string }) => uscc),
  Person: holderResolvers(({ id }: { id: string }) => id),
};
