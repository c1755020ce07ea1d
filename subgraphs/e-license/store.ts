import {
  type HolderKind,
  type License,
  type LicenseState,
  type LicenseType,
  PrismaClient,
  type UseAuthorization,
} from '@longyuan/prisma/e-license/client/client.ts';
import type { PrismaPg } from '@prisma/adapter-pg';
import type { AskedRows } from '../serve/rows/asked-rows.ts';
import { type AskedRow, narrowed, selectColumns } from '../serve/rows/put-to-prisma.ts';

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

/** The questions the library asks of what it stores. Each is one statement and reads the asked-for columns and its key, of the asked-for rows. */
export interface LicenseStore {
  licenses(ids: readonly string[], asked: AskedRows): Promise<readonly LicenseRow[]>;
  licensesByIdentifier(identifiers: readonly string[], asked: AskedRows): Promise<readonly IdentifiedRow[]>;
  licensesByCheckCode(checkCodes: readonly string[]): Promise<readonly CheckedRow[]>;
  /** By the person's opaque key or the entity's credit code, ordered by identifier. */
  held(holderKeys: readonly string[], asked: AskedRows, filter: HeldFilter): Promise<readonly HeldRow[]>;
  types(codes: readonly string[], asked: AskedRows): Promise<readonly TypeRow[]>;
  /** Ordered by code. */
  findTypes(condition: TypeCondition, asked: AskedRows): Promise<readonly TypeRow[]>;
  authorize(authorization: AuthorizationRow): Promise<void>;
  close(): Promise<void>;
}

/** The store in PostgreSQL. */
export function openLicenseStore(adapter: PrismaPg): LicenseStore {
  const prisma = new PrismaClient({ adapter });
  return {
    licenses: (ids, { columns, rows }) =>
      prisma.license.findMany({ where: narrowed({ id: { in: [...ids] } }, rows), select: selectColumns<License>(columns, ['id']) }),
    licensesByIdentifier: (identifiers, { columns, rows }) =>
      prisma.license.findMany({
        where: narrowed({ identifier: { in: [...identifiers] } }, rows),
        select: selectColumns<License>(columns, ['id', 'identifier']),
      }),
    licensesByCheckCode: (checkCodes) =>
      prisma.license.findMany({
        where: { checkCode: { in: [...checkCodes] } },
        select: { checkCode: true, state: true, validFrom: true, validTo: true },
      }),
    held: (holderKeys, { columns, rows }, { types, states }) =>
      prisma.license.findMany({
        where: narrowed(
          {
            holderKey: { in: [...holderKeys] },
            ...(types === null ? {} : { type: { in: [...types] } }),
            ...(states === null ? {} : { state: { in: [...states] } }),
          },
          rows,
        ),
        select: selectColumns<License>(columns, ['id', 'holderKey']),
        orderBy: { identifier: 'asc' },
      }),
    types: (codes, { columns, rows }) =>
      prisma.licenseType.findMany({
        where: narrowed({ code: { in: [...codes] } }, rows),
        select: selectColumns<LicenseType>(columns, ['code']),
      }),
    findTypes: ({ authority, holderKind }, { columns, rows }) =>
      prisma.licenseType.findMany({
        where: narrowed(
          { ...(authority === null ? {} : { definedByUscc: authority }), ...(holderKind === null ? {} : { holderKind }) },
          rows,
        ),
        select: selectColumns<LicenseType>(columns, ['code']),
        orderBy: { code: 'asc' },
      }),
    authorize: async (authorization) => {
      await prisma.useAuthorization.create({ data: authorization, select: { no: true } });
    },
    close: () => prisma.$disconnect(),
  };
}
