import {
  type HolderKind,
  type License,
  type LicenseState,
  type LicenseType,
  PrismaClient,
  type UseAuthorization,
} from '@longyuan/prisma/e-license/client/client.ts';
import type { PrismaPg } from '@prisma/adapter-pg';
import { type AskedRow, selectColumns } from '../serve/select-columns.ts';

export type LicenseRow = AskedRow<License, 'id'>;
type IdentifiedRow = AskedRow<License, 'id' | 'identifier'>;
export type CheckedRow = Readonly<Pick<License, 'checkCode' | 'state' | 'validFrom' | 'validTo'>>;
export type HeldRow = AskedRow<License, 'id' | 'holderKey'>;
type TypeRow = AskedRow<LicenseType, 'code'>;
export type AuthorizationRow = Readonly<UseAuthorization>;

/** Which licenses of a holder; null: any. */
export type HeldFilter = Readonly<{ types: readonly string[] | null; states: readonly LicenseState[] | null }>;
/** Which types; null: any. `authority` is the credit code of the defining body. */
export type TypeCondition = Readonly<{ authority: string | null; holderKind: HolderKind | null }>;

/** The questions the library asks of what it stores. Each is one statement and reads the named columns and its key. */
export interface LicenseStore {
  licenses(ids: readonly string[], columns: readonly string[]): Promise<readonly LicenseRow[]>;
  licensesByIdentifier(identifiers: readonly string[], columns: readonly string[]): Promise<readonly IdentifiedRow[]>;
  licensesByCheckCode(checkCodes: readonly string[]): Promise<readonly CheckedRow[]>;
  /** By the person's opaque key or the entity's credit code, ordered by identifier. */
  held(holderKeys: readonly string[], columns: readonly string[], filter: HeldFilter): Promise<readonly HeldRow[]>;
  types(codes: readonly string[], columns: readonly string[]): Promise<readonly TypeRow[]>;
  /** Ordered by code. */
  findTypes(condition: TypeCondition, columns: readonly string[]): Promise<readonly TypeRow[]>;
  authorize(authorization: AuthorizationRow): Promise<void>;
  close(): Promise<void>;
}

/** The store in PostgreSQL. */
export function openLicenseStore(adapter: PrismaPg): LicenseStore {
  const prisma = new PrismaClient({ adapter });
  return {
    licenses: (ids, columns) =>
      prisma.license.findMany({ where: { id: { in: [...ids] } }, select: selectColumns<License>(columns, ['id']) }),
    licensesByIdentifier: (identifiers, columns) =>
      prisma.license.findMany({
        where: { identifier: { in: [...identifiers] } },
        select: selectColumns<License>(columns, ['id', 'identifier']),
      }),
    licensesByCheckCode: (checkCodes) =>
      prisma.license.findMany({
        where: { checkCode: { in: [...checkCodes] } },
        select: { checkCode: true, state: true, validFrom: true, validTo: true },
      }),
    held: (holderKeys, columns, { types, states }) =>
      prisma.license.findMany({
        where: {
          holderKey: { in: [...holderKeys] },
          ...(types === null ? {} : { type: { in: [...types] } }),
          ...(states === null ? {} : { state: { in: [...states] } }),
        },
        select: selectColumns<License>(columns, ['id', 'holderKey']),
        orderBy: { identifier: 'asc' },
      }),
    types: (codes, columns) =>
      prisma.licenseType.findMany({ where: { code: { in: [...codes] } }, select: selectColumns<LicenseType>(columns, ['code']) }),
    findTypes: ({ authority, holderKind }, columns) =>
      prisma.licenseType.findMany({
        where: { ...(authority === null ? {} : { definedByUscc: authority }), ...(holderKind === null ? {} : { holderKind }) },
        select: selectColumns<LicenseType>(columns, ['code']),
        orderBy: { code: 'asc' },
      }),
    authorize: async (authorization) => {
      await prisma.useAuthorization.create({ data: authorization, select: { no: true } });
    },
    close: () => prisma.$disconnect(),
  };
}
