import type { FieldFacts, SharingFacts, TypeFacts } from '@longyuan/schema/src/sharing-facts.ts';

type Cells = Readonly<Record<string, unknown>>;

/** What the rules ask of a row, as the library's own database has it. */
export type RowFacts = Readonly<{
  cells: Cells;
  division: string | null;
  subject: string | null;
  /** Persons and entities whose own row it is. */
  owners: readonly string[];
  isMinor: boolean;
  holds: (predicate: string) => boolean;
}>;

/** Every row of every resource, found by the value that names it. */
export type Rows = Readonly<{
  ofType: (type: string) => readonly RowFacts[];
  /** By the value of the type's unique field; for a type without one, by whose row it is. */
  named: (type: string, key: unknown) => RowFacts | undefined;
  /** The field that names a row in answers; null where the row above names it. */
  namingField: (type: string) => string | null;
}>;

/** Asks one library's database. */
export type AskRows = (library: string, sql: string) => Promise<readonly Cells[]>;

/**
 * Rows that are a person's own though no subject says so: people's own rows lead to them. By type, for each library that knows it, the key of
 * the row and that of the person. The README says it in words ("own rows"); it is not read from the SDL, so that the SDL is checked.
 */
const leading: Readonly<Record<string, readonly Readonly<{ library: string; sql: string }>[]>> = {
  StandardAddress: [
    {
      library: 'population',
      sql: `SELECT "registeredAddress" AS row, id AS person FROM population."Person" WHERE "registeredAddress" IS NOT NULL
        UNION ALL SELECT "residenceAddress", id FROM population."Person" WHERE "residenceAddress" IS NOT NULL`,
    },
    {
      library: 'geospatial',
      sql: `SELECT u.address AS row, o.person FROM geospatial."Ownership" o JOIN geospatial."RealEstateUnit" u ON u.id = o."unitId"
        WHERE o.person IS NOT NULL`,
    },
  ],
  RealEstateUnit: [{ library: 'geospatial', sql: `SELECT "unitId" AS row, person FROM geospatial."Ownership" WHERE person IS NOT NULL` }],
  LegalEntity: [
    {
      library: 'legal-entity',
      sql: `SELECT uscc AS row, "legalRep" AS person FROM legal_entity."LegalEntity" WHERE "legalRep" IS NOT NULL`,
    },
  ],
};

/** Whether people's own rows lead to rows of the type. */
export function isLedTo(type: string | undefined): boolean {
  return type !== undefined && Object.hasOwn(leading, type);
}

/** Of a type: to whom each key leads back. */
async function readLeading(type: string, ask: AskRows): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = await Promise.all((leading[type] ?? []).map(({ library, sql }) => ask(library, sql)));
  const byRow = Map.groupBy(found.flat(), ({ row }) => keyOf(row));
  return new Map([...byRow].map(([row, all]) => [row, all.map(({ person }) => keyOf(person))]));
}

/** Reads all rows of all resources: the suite looks rows up by the thousand. */
export async function readRows(facts: SharingFacts, ask: AskRows): Promise<Rows> {
  const resources = facts.types.filter(({ resource }) => resource !== null);
  const byType = new Map<string, { naming: string | null; all: RowFacts[]; byKey: Map<unknown, RowFacts> }>();
  for (const type of resources) {
    const schema = type.library.name.replaceAll('-', '_');
    const led = await readLeading(type.name, ask);
    const [key = ''] = type.keys;
    const all = (await ask(type.library.name, `SELECT * FROM ${schema}."${type.name}"`)).map((cells) =>
      readRow(type, cells, led.get(keyOf(cells[key])) ?? []),
    );
    const naming = namingFieldOf(type);
    byType.set(type.name, {
      naming,
      all,
      byKey: new Map(all.map((row) => [keyOf(naming === null ? row.subject : row.cells[naming]), row])),
    });
  }
  return {
    ofType: (type) => byType.get(type)?.all ?? [],
    named: (type, key) => byType.get(type)?.byKey.get(keyOf(key)),
    namingField: (type) => byType.get(type)?.naming ?? null,
  };
}

/** Numbers are numbers in the store and text in an answer. */
function keyOf(value: unknown): string {
  return String(value).trim();
}

/** The one whose values are unique: it says so, or it is the key. */
function namingFieldOf(type: TypeFacts): string | null {
  const isShown = (field: FieldFacts) => !field.isInaccessible && field.items.length > 0;
  const unique = type.fields.find((field) => isShown(field) && field.quality.some((quality) => quality.unique));
  return (unique ?? type.fields.find((field) => isShown(field) && (field.isKey || field.name === 'id')))?.name ?? null;
}

function readRow(type: TypeFacts, cells: Cells, led: readonly string[]): RowFacts {
  const scope = type.resource?.rows;
  const text = (column: string | null | undefined) => {
    const value = column ? cells[column] : null;
    return typeof value === 'string' ? value.trim() : null;
  };
  const until = scope?.minorUntil ? dayOf(cells[scope.minorUntil]) : null;
  const subject = text(scope?.subject);
  return {
    cells,
    division: text(scope?.division),
    subject,
    owners: subject === null ? led : [subject, ...led],
    isMinor: until !== null && until > today(),
    holds: (predicate) => meanings[predicate]?.(cells) ?? false,
  };
}

/** What the vocabulary (schema/directives.graphql) says that each predicate means. */
const meanings: Readonly<Record<string, (cells: Cells) => boolean>> = {
  HOLDER_IS_LEGAL_ENTITY: ({ holderIsEntity }) => holderIsEntity === true,
  SUBJECT_IS_LEGAL_ENTITY: ({ subjectIsEntity }) => subjectIsEntity === true,
  WITHIN_PUBLISH_PERIOD: ({ subjectIsEntity, publishUntil }) =>
    subjectIsEntity === true && (publishUntil === null || (dayOf(publishUntil) ?? '') >= today()),
  STILL_PUBLISHED: ({ publishUntil }) => publishUntil === null || (dayOf(publishUntil) ?? '') >= today(),
  TAX_GRADE_IS_A: ({ taxCreditGrade }) => taxCreditGrade === 'A',
  FIRM_CHOSE_TO_PUBLISH: ({ published }) => published === true,
};

/** The row as a row below it sees it: a predicate speaks of the row that has the field. */
export function withNested(row: RowFacts, nested: Cells): RowFacts {
  return { ...row, holds: (predicate) => meanings[predicate]?.(nested) ?? false };
}

/** Columns of nested types that predicates look at; the reference is asked for them. */
export const DECIDING_FIELDS: ReadonlySet<string> = new Set(['published']);

/** YYYY-MM-DD of a date as the driver gives it: midnight of the local zone, or text. */
function dayOf(value: unknown): string | null {
  if (typeof value === 'string') return value.slice(0, 10);
  return value instanceof Date ? new Date(value.getTime() - value.getTimezoneOffset() * 60_000).toISOString().slice(0, 10) : null;
}

/** Today in the province. */
function today(): string {
  return new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
}
