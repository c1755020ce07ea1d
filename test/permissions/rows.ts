import type { FieldFacts, SharingFacts, TypeFacts } from '@longyuan/schema/src/sharing-facts.ts';

type Cells = Readonly<Record<string, unknown>>;

/** What the rules ask of a row, as the library's own database has it. */
export type RowFacts = Readonly<{
  cells: Cells;
  division: string | null;
  subject: string | null;
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

/** Reads all rows of all resources: the suite looks rows up by the thousand. */
export async function readRows(facts: SharingFacts, ask: AskRows): Promise<Rows> {
  const resources = facts.types.filter(({ resource }) => resource !== null);
  const byType = new Map<string, { naming: string | null; all: RowFacts[]; byKey: Map<unknown, RowFacts> }>();
  for (const type of resources) {
    const schema = type.library.name.replaceAll('-', '_');
    const all = (await ask(type.library.name, `SELECT * FROM ${schema}."${type.name}"`)).map((cells) => readRow(type, cells));
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

function readRow(type: TypeFacts, cells: Cells): RowFacts {
  const scope = type.resource?.rows;
  const text = (column: string | null | undefined) => {
    const value = column ? cells[column] : null;
    return typeof value === 'string' ? value.trim() : null;
  };
  const until = scope?.minorUntil ? dayOf(cells[scope.minorUntil]) : null;
  return {
    cells,
    division: text(scope?.division),
    subject: text(scope?.subject),
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
