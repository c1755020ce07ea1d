import { type FieldFacts, plainClass, type QualityFacts, type SharingFacts } from '../sharing-facts.ts';

/** What a check is about: 完整性, 有效性, 唯一性, 参照一致, order of days, 及时性. */
export type QualityRule = 'COMPLETE' | 'VALID' | 'UNIQUE' | 'REFERS' | 'IN_ORDER' | 'TIMELY';

/** One rule over one column of one table, as a `@quality` says it. */
export type QualityCheck = Readonly<{
  /** `Person.phone VALID PHONE`: the same as long as the rule is said the same. */
  id: string;
  library: string;
  /** Code of the resource the rows belong to. */
  resource: string;
  /** Code of the item; null for what is structure, such as the time of confirmation. */
  item: string | null;
  coordinate: string;
  rule: QualityRule;
  /** Name of the form, the table of codes (`codes:sex`), the key referred to, the earlier column or the update cycle; null for the other two. */
  expects: string | null;
  table: string;
  column: string;
  /** Only of rows that have one of these values in the column; null: of every row. */
  of: Readonly<{ column: string; is: readonly string[] }> | null;
}>;

/** Every check that the libraries' SDL declares, in the order of the fields. Expects libraries that `checkSchema` has nothing against. */
export function readQualityChecks(facts: SharingFacts): readonly QualityCheck[] {
  return facts.fields.flatMap((field) => field.quality.flatMap((said) => checksOf(facts, field, said)));
}

function checksOf(facts: SharingFacts, field: FieldFacts, said: QualityFacts): QualityCheck[] {
  const [resource] = facts.resourcesOver(field);
  if (resource === undefined) return [];
  const cycle = facts.types.find((type) => type.resource?.code === resource)?.resource?.updateCycle ?? null;
  const [column = field.name, table = field.owner.name] = (said.column ?? field.name).split('.').reverse();
  const item = field.isStructure ? null : ((plainClass(field) ?? facts.itemsOver(field)[0])?.code ?? null);
  return rulesOf(said, cycle).map(([rule, expects]) => ({
    id: [field.coordinate, rule, expects, said.of && `of ${said.of.column} ${said.of.is.join('|')}`].filter(Boolean).join(' '),
    library: field.owner.library.name,
    resource,
    item,
    coordinate: field.coordinate,
    rule,
    expects,
    table,
    column,
    of: said.of,
  }));
}

function rulesOf(said: QualityFacts, cycle: string | null): readonly (readonly [QualityRule, string | null])[] {
  return [
    said.complete && (['COMPLETE', null] as const),
    said.valid !== null && (['VALID', said.valid] as const),
    said.codes !== null && (['VALID', `codes:${said.codes}`] as const),
    said.unique && (['UNIQUE', null] as const),
    said.refersTo !== null && (['REFERS', said.refersTo] as const),
    said.notBefore !== null && (['IN_ORDER', said.notBefore] as const),
    said.timely && cycle !== null && (['TIMELY', cycle] as const),
  ].filter((each) => each !== false);
}

/** A column whose values name one record: where it is stored. */
export type RecordName = Readonly<{ library: string; table: string; column: string }>;

/** The key `StandardAddress.id`, where the library that lists its type as a resource stores it; null where none does. */
export function findKey(facts: SharingFacts, named: string): RecordName | null {
  const [typeName = '', column = ''] = named.split('.');
  const home = facts.typesNamed(typeName).find((type) => type.resource !== null && type.keys.includes(column));
  return home ? { library: home.library.name, table: typeName, column } : null;
}

/**
 * Names by which people outside the hub know a record of the resource: columns that are unique, and the key where it is open.
 * Empty for a resource whose records have no name of their own.
 */
export function recordNamesOf(facts: SharingFacts, resource: string): readonly RecordName[] {
  const home = facts.types.find((type) => type.resource?.code === resource);
  if (!home) return [];
  const named = home.fields.filter(
    (field) => field.quality.some((said) => said.unique && said.of === null) || (field.isKey && !field.isInaccessible),
  );
  const columns = named.map((field) => field.quality.find((said) => said.unique)?.column ?? field.name);
  return [...new Set(columns)].map((column) => ({ library: home.library.name, table: home.name, column }));
}
