import type { GraphQLResolveInfo } from 'graphql';
import { askedColumns, askedColumnsBelow } from '../serve/asked-columns.ts';
import type { Context } from '../serve/context.ts';
import type { ResolverMap } from '../serve/define-library.ts';
import { today } from '../serve/today.ts';
import { householdColumns, marriageColumns, ownColumns, personColumns } from './columns.ts';
import type { PopulationLoaders } from './loaders.ts';
import type { PersonSearch } from './search-page.ts';
import { cellsOf } from './statistics.ts';
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
import { type IdentityInput, verifyIdentity } from './verify-identity.ts';

type InContext = Context<PopulationLoaders>;
type Info = GraphQLResolveInfo;

export const resolvers: ResolverMap = {
  Query: {
    person: (_root, { idNumber }: { idNumber: string }, { loaders }: InContext, info: Info) =>
      loaders.personByIdNumber.load(idNumber, askedColumns(info, 'Person', personColumns)),
    persons: (_root, { idNumbers }: { idNumbers: readonly string[] }, { loaders }: InContext, info: Info) => {
      const columns = askedColumns(info, 'Person', personColumns);
      return idNumbers.map((idNumber) => loaders.personByIdNumber.load(idNumber, columns));
    },
    searchPersons: (_root, asked: PersonSearch, { loaders }: InContext, info: Info) =>
      loaders.searchPage(asked, askedColumnsBelow(info, ['nodes'], 'Person', personColumns)),
    verifyIdentity: (_root, { input }: { input: IdentityInput }, { loaders }: InContext) => verifyIdentity(input, loaders),
    populationStatistics: async (_root, { division, by }: { division: string; by: readonly StatDimension[] }, { loaders }: InContext) =>
      cellsOf(await loaders.countHeads(division, by, today()), by),
  },

  Person: {
    __resolveReference: ({ id }: { id: string }, { loaders }: InContext, info: Info) =>
      loaders.personById.load(id, askedColumns(info, 'Person', personColumns)),
    birthDivision: ({ birthDivision }: PersonRow) => division(birthDivision),
    registeredDivision: ({ registeredDivision }: PersonRow) => division(registeredDivision),
    registeredAddress: ({ registeredAddress }: PersonRow) => address(registeredAddress),
    residenceAddress: ({ residenceAddress }: PersonRow) => address(residenceAddress),
    household: async ({ householdNo, relationToHead }: PersonRow, _asked, { loaders }: InContext, info: Info) => {
      if (!householdNo) return null;
      const columns = askedColumns(info, 'Household', householdColumns);
      const household = columns.length > 0 ? await loaders.household.load(householdNo, columns) : null;
      return { ...household, householdNo, relationToHead };
    },
    idCardValidity: ({ idCardValidFrom, idCardValidTo, idCardAuthority }: PersonRow) =>
      idCardValidFrom ? { validFrom: idCardValidFrom, validTo: idCardValidTo, authority: idCardAuthority } : null,
    moves: ({ id }: PersonRow, _asked, { loaders }: InContext, info: Info) =>
      loaders.moves.load(id, askedColumns(info, 'Move', ownColumns), undefined),
    marriage: async ({ id }: PersonRow, _asked, { loaders }: InContext, info: Info) =>
      (await loaders.marriage.load(id, askedColumns(info, 'Marriage', marriageColumns))) ?? { state: SINGLE },
    relatives: ({ id }: PersonRow, { kind }: { kind?: readonly KinshipKind[] | null }, { loaders }: InContext) =>
      loaders.kinships.load(id, [], kind ?? null),
    insurances: ({ id }: PersonRow, { kind }: { kind?: readonly InsuranceKind[] | null }, { loaders }: InContext, info: Info) =>
      loaders.insurances.load(id, askedColumns(info, 'Insurance', ownColumns), kind ?? null),
    disability: ({ id }: PersonRow, _asked, { loaders }: InContext, info: Info) =>
      loaders.disability.load(id, askedColumns(info, 'Disability', ownColumns)),
    socialAssistance: ({ id }: PersonRow, _asked, { loaders }: InContext, info: Info) =>
      loaders.assistances.load(id, askedColumns(info, 'Assistance', ownColumns), undefined),
  },

  Household: {
    members: ({ householdNo }: { householdNo: string }, _asked, { loaders }: InContext, info: Info) =>
      loaders.members.load(householdNo, askedColumns(info, 'Person', personColumns), undefined),
  },
  Marriage: {
    spouse: ({ spouseId }: Partial<MarriageRow>, _asked, context: InContext, info: Info) =>
      spouseId ? person(spouseId, context, info) : null,
  },
  KinLink: {
    person: ({ relativeId }: KinshipRow, _asked, context: InContext, info: Info) => person(relativeId, context, info),
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

/** A person whose key this library holds itself; nothing is read when nothing but the key is asked for. */
function person(id: string, { loaders }: InContext, info: Info) {
  const columns = askedColumns(info, 'Person', personColumns);
  return columns.every((column) => column === 'id') ? { id } : loaders.personById.load(id, columns);
}

function division(code: string | null | undefined) {
  return code ? { code } : null;
}

function address(id: string | null | undefined) {
  return id ? { id } : null;
}
