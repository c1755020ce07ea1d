import { today } from '@longyuan/schema/src/province-day.ts';
import type { GraphQLResolveInfo } from 'graphql';
import { answerVerification, matchOrMismatch } from '../serve/answer-verification.ts';
import type { Context } from '../serve/call/context.ts';
import type { ResolverMap } from '../serve/define-library.ts';
import { everyRow, rowsOnRoute } from '../serve/rows/asked-rows.ts';
import { claimsToCompare, holdsIn, type ItemClaim } from '../serve/verification/compare-claims.ts';
import { asked } from './columns.ts';
import { readKin } from './kin.ts';
import { wordOfLabel } from './label-words.ts';
import type { PopulationLoaders } from './loaders.ts';
import type { PersonSearch } from './search-page.ts';
import { type StatCell, tellStatistics } from './statistics.ts';
import type {
  AssistanceRow,
  InsuranceKind,
  InsuranceRow,
  KinshipKind,
  KinshipRow,
  MarriageRow,
  MoveRow,
  PersonRow,
  StatDimension,
} from './store.ts';
import { comparedColumns, type IdentityInput, isIdentity } from './verify-identity.ts';

type InContext = Context<PopulationLoaders>;
type Info = GraphQLResolveInfo;

export const resolvers: ResolverMap = {
  Query: {
    person: (_root, { idNumber }: { idNumber: string }, context: InContext, info: Info) =>
      context.loaders.personByIdNumber.load(idNumber, asked.person(context, info)),
    persons: (_root, { idNumbers }: { idNumbers: readonly string[] }, context: InContext, info: Info) => {
      const rows = asked.person(context, info);
      return idNumbers.map((idNumber) => context.loaders.personByIdNumber.load(idNumber, rows));
    },
    searchPersons: (_root, search: PersonSearch, context: InContext, info: Info) =>
      context.loaders.searchPage(search, asked.foundPerson(context, info), context.cursors),
    verifyIdentity: (_root, args: { input: IdentityInput }, context: InContext, info: Info) => {
      const { input } = args;
      return answerVerification({ context, info, args, subject: input.idNumber }, async () => {
        const compared = rowsOnRoute(info, context.access, 'Person', comparedColumns);
        return matchOrMismatch(isIdentity(await context.loaders.personByIdNumber.load(input.idNumber, compared), input));
      });
    },
    verifyItems: (_root, args: { person: string; items: readonly ItemClaim[] }, context: InContext, info: Info) => {
      const { access, loaders } = context;
      const read = claimsToCompare(args.items, { info, access });
      const [columns, codes] = [read.map(({ column }) => column), read.map(({ code }) => code)];
      const claims = Object.fromEntries(read.map(({ code, value }) => [code, value]));
      return answerVerification({ context, info, args, subject: args.person, claims }, async () => {
        const person = await loaders.personByIdNumber.load(args.person, rowsOnRoute(info, access, 'Person', columns, codes));
        return matchOrMismatch(person !== null && read.every((claim) => holdsIn(person, claim)));
      });
    },
    populationStatistics: (_root, { division, by }: { division: string; by: readonly StatDimension[] }, { loaders }: InContext) => {
      const day = today();
      return tellStatistics(division, by, {
        countHeads: (asked, dimensions) => loaders.countHeads(asked, dimensions, day),
        countHeadsAbove: (above, dimensions) => loaders.countHeadsAbove(above, dimensions, day),
      });
    },
  },

  StatCell: {
    labelWords: ({ by, labels }: StatCell, { in: language }: { in: 'ZH' | 'EN' }) =>
      by.map((dimension, place) => wordOfLabel(dimension, labels[place] ?? '', language === 'EN' ? 'en' : 'zh')),
  },

  Person: {
    __resolveReference: ({ id }: { id: string }, context: InContext, info: Info) =>
      context.loaders.personById.load(id, asked.person(context, info)),
    birthDivision: ({ birthDivision }: PersonRow) => division(birthDivision),
    registeredDivision: ({ registeredDivision }: PersonRow) => division(registeredDivision),
    registeredAddress: ({ registeredAddress }: PersonRow) => address(registeredAddress),
    residenceAddress: ({ residenceAddress }: PersonRow) => address(residenceAddress),
    household: async ({ id, householdNo, relationToHead }: PersonRow, _asked, context: InContext, info: Info) => {
      if (!householdNo) return null;
      const rows = asked.household(context, info);
      const household = rows.columns.length > 0 ? await context.loaders.household.load(householdNo, rows) : null;
      return { ...household, householdNo, relationToHead, personId: id };
    },
    idCardValidity: ({ idCardValidFrom, idCardValidTo, idCardAuthority }: PersonRow) =>
      idCardValidFrom ? { validFrom: idCardValidFrom, validTo: idCardValidTo, authority: idCardAuthority } : null,
    moves: ({ id }: PersonRow, _asked, context: InContext, info: Info) =>
      context.loaders.moves.load(id, asked.move(context, info), undefined),
    marriage: async ({ id }: PersonRow, _asked, context: InContext, info: Info) =>
      (await context.loaders.marriage.load(id, asked.marriage(context, info))) ?? { state: SINGLE },
    relatives: ({ id }: PersonRow, { kind }: { kind?: readonly KinshipKind[] | null }, { loaders }: InContext) =>
      loaders.kinships.load(id, everyRow([]), kind ?? null),
    insurances: ({ id }: PersonRow, { kind }: { kind?: readonly InsuranceKind[] | null }, context: InContext, info: Info) =>
      context.loaders.insurances.load(id, asked.insurance(context, info), kind ?? null),
    disability: ({ id }: PersonRow, _asked, context: InContext, info: Info) =>
      context.loaders.disability.load(id, asked.disability(context, info)),
    socialAssistance: ({ id }: PersonRow, _asked, context: InContext, info: Info) =>
      context.loaders.assistances.load(id, asked.assistance(context, info), undefined),
  },

  Household: {
    members: async ({ householdNo, personId }: HouseholdOfPerson, _asked, context: InContext, info: Info) => {
      const kin = readKin(context.access, personId, asked.person(context, info));
      return (await context.loaders.members.load(householdNo, kin.asked, undefined)).map(kin.show);
    },
  },
  Marriage: {
    spouse: ({ personId, spouseId }: Partial<MarriageRow>, _asked, context: InContext, info: Info) =>
      spouseId ? kinsman({ from: personId, to: spouseId }, context, info) : null,
  },
  KinLink: {
    person: ({ personId, relativeId }: KinshipRow, _asked, context: InContext, info: Info) =>
      kinsman({ from: personId, to: relativeId }, context, info),
  },
  Move: {
    from: ({ from }: MoveRow) => division(from),
    to: ({ to }: MoveRow) => division(to),
  },
  Insurance: {
    division: (insurance: InsuranceRow) => division(insurance.division),
  },
  Assistance: {
    monthlyAmount: ({ monthlyAmount }: AssistanceRow) => monthlyAmount?.toNumber(),
  },
};

/** GB/T 2261.2: what a person without a row in the marriage register is. */
const SINGLE = '10';

/** Of a household the person's own row knows the number; `personId` is whose household it was asked for. */
type HouseholdOfPerson = Readonly<{ householdNo: string; personId: string }>;

/** A person whose key this library holds itself; nothing is read when nothing but the key is asked for, and nothing is to be decided. */
async function kinsman({ from, to }: { from: string | undefined; to: string }, context: InContext, info: Info) {
  const { asked: rows, show } = readKin(context.access, from, asked.person(context, info));
  if (rows.rows.kind === 'all' && rows.columns.every((column) => column === 'id')) return { id: to };
  const person = await context.loaders.personById.load(to, rows);
  return person && show(person);
}

function division(code: string | null | undefined) {
  return code ? { code } : null;
}

function address(id: string | null | undefined) {
  return id ? { id } : null;
}
