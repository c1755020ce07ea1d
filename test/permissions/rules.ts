import type { AccessFacts } from '@longyuan/access/access-facts.ts';
import type { FieldFacts, SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import { type GraphQLInputType, type GraphQLSchema, getNamedType, isEnumType, isInputObjectType } from 'graphql';
import { type Asker, type Right, readRight, refusalOfList } from './read-rights.ts';
import { isLedTo } from './rows.ts';

/** What stands at a field: its item's rights for the asker, the resource of the item, its mask. */
type FieldRule = Readonly<{ code: string; right: Right; resource: string | null; mask: string | null; share: string }>;

/** The plain reading of the directives for one asker. */
export type Rules = Readonly<{
  asker: Asker;
  /** Null for what is no item. */
  at: (type: string, field: string) => FieldRule | null;
  ofItem: (code: string) => FieldRule | null;
  /** Of a root that lists rows nobody named: the code with which it is refused whoever asks, if so; null for every other field. */
  listAt: (type: string, field: string) => Readonly<{ refusal: string | null }> | null;
  /** What the given arguments read. */
  reads: (type: string, field: string, given: Readonly<Record<string, unknown>>) => readonly { code: string; toVerify: boolean }[];
  mayGroupBy: (type: string, field: string, code: string) => boolean;
  /** Coordinate that a refusal of the item names. */
  shownAt: (code: string) => string | undefined;
  /** The library that answers the field of a type: where the type's rows are, else the one that declares it. */
  libraryOf: (type: string, field: string) => string;
  homeOf: (type: string) => string | null;
  typeOfResource: (resource: string) => string | undefined;
  resourceOf: (type: string) => string | null;
  isNested: (type: string) => boolean;
  /** Items of a type's own rows. */
  itemsOf: (type: string) => readonly string[];
  /** Items that are the key by which other libraries name a row. */
  keyItemsOf: (type: string) => readonly string[];
  keepsPersons: (type: string) => boolean;
  /** Whether the asker sees own rows, and rows of the type are never theirs: persons of an agent, entities of a citizen. */
  isOfOtherKind: (type: string) => boolean;
  /** Whether rows of the type are whose subject they name, and nobody else's; persons and entities themselves are none of these. */
  areBySubject: (type: string) => boolean;
}>;

/** The rows that an asker's own key names. */
const OWN_TYPES: Readonly<Partial<Record<Asker['kind'], string>>> = { citizen: 'Person', agent: 'LegalEntity' };
const SUBJECTS: readonly string[] = Object.values(OWN_TYPES);

export type Model = Readonly<{ schema: GraphQLSchema; sharing: SharingFacts; access: AccessFacts }>;

/** Makes the rules of one asker; `access` is asked for facts alone, never for a decision. */
export function readRules({ schema, sharing, access }: Model, asker: Asker): Rules {
  const declared = Map.groupBy(sharing.fields, ({ coordinate }) => coordinate);
  const homes = new Map(sharing.types.flatMap((type) => (type.resource ? [[type.name, type] as const] : [])));
  const typeOfResource = new Map([...homes.values()].map((type) => [type.resource?.code ?? '', type.name]));
  const kept = new Map<string, FieldRule | null>();
  const ruleFor = (field: FieldFacts | undefined): FieldRule | null => {
    const item = field && access.ofField(field.owner.name, field.name)?.item;
    if (!field || !item) return null;
    const { resource = null, mask = null } = access.ofField(field.owner.name, field.name) ?? {};
    const plain = item.classes.find(({ when }) => when === null);
    const ledTo = isLedTo(resource === null ? undefined : typeOfResource.get(resource));
    return { code: item.code, right: readRight({ ...item, isLedTo: ledTo }, asker), resource, mask, share: plain?.share ?? 'NOT_SHARED' };
  };
  const at = (type: string, field: string) => {
    const coordinate = `${type}.${field}`;
    const known = kept.get(coordinate);
    if (known !== undefined) return known;
    const rule = ruleFor(declared.get(coordinate)?.find(({ items }) => items.length > 0));
    kept.set(coordinate, rule);
    return rule;
  };
  const homeOf = (type: string) => homes.get(type)?.library.name ?? null;
  return {
    asker,
    at,
    ofItem: (code) => {
      const [type = '', field = ''] = access.fieldOfItem(code)?.split('.') ?? [];
      return at(type, field);
    },
    listAt(type, field) {
      const list = declared.get(`${type}.${field}`)?.find(({ lists }) => lists !== null);
      return list ? { refusal: refusalOfList(list.lists === 'OWNER' ? list.owner.library.uscc : null, asker) } : null;
    },
    reads(type, field, given) {
      const args = argumentsOf(schema, type, field);
      return Object.entries(given).flatMap(([name, value]) => {
        const taken = args.find((each) => each.name === name)?.type;
        if (!taken || value === null || value === undefined) return [];
        return [...access.readsAt(`${type}.${field}(${name}:)`), ...readsWithin(access, taken, value)];
      });
    },
    mayGroupBy: (type, field, code) => access.isStatistic(type, field) && access.mayAggregate(code),
    shownAt: access.fieldOfItem,
    libraryOf(type, field) {
      const all = declared.get(`${type}.${field}`) ?? [];
      const home = homeOf(type);
      return (all.find(({ owner }) => owner.library.name === home) ?? all[0])?.owner.library.name ?? '';
    },
    homeOf,
    typeOfResource: (resource) => typeOfResource.get(resource),
    resourceOf: (type) => homes.get(type)?.resource?.code ?? null,
    isNested: (type) => sharing.isNested(type),
    itemsOf: (type) => homes.get(type)?.fields.flatMap(({ items, name }) => (items.length > 0 ? [name] : [])) ?? [],
    keyItemsOf: (type) => homes.get(type)?.fields.flatMap(({ items, isKey, name }) => (isKey && items.length > 0 ? [name] : [])) ?? [],
    keepsPersons: (type) => homes.get(type)?.library.personKeys === true,
    isOfOtherKind: (type) => asker.kind in OWN_TYPES && SUBJECTS.includes(type) && OWN_TYPES[asker.kind] !== type,
    areBySubject: (type) => homes.get(type)?.resource?.rows?.subject != null && !isLedTo(type) && !SUBJECTS.includes(type),
  };
}

function argumentsOf(schema: GraphQLSchema, type: string, field: string) {
  const declared = schema.getType(type);
  return declared && 'getFields' in declared && !isInputObjectType(declared) ? (declared.getFields()[field]?.args ?? []) : [];
}

function readsWithin(access: AccessFacts, type: GraphQLInputType, value: unknown): readonly { code: string; toVerify: boolean }[] {
  const named = getNamedType(type);
  if (Array.isArray(value)) return value.flatMap((each: unknown) => readsWithin(access, named, each));
  if (value === null || value === undefined) return [];
  if (isEnumType(named)) return access.readsAt(`${named.name}.${String(value)}`);
  if (!isInputObjectType(named) || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, each]) => {
    const input = named.getFields()[name];
    if (!input || each === null || each === undefined) return [];
    return [...access.readsAt(`${named.name}.${name}`), ...readsWithin(access, input.type, each)];
  });
}

/** The code with which an argument's items are refused, and the coordinate that is named; null where all may be read. */
export function refusalOfArguments(rules: Rules, type: string, field: string, given: Readonly<Record<string, unknown>>) {
  for (const { code, toVerify } of rules.reads(type, field, given)) {
    if (rules.mayGroupBy(type, field, code)) continue;
    const right = rules.ofItem(code)?.right;
    // A search in own rows alone would find none, as if there were none, and so would one by what is never the asker's.
    const isNobodys = rules.listAt(type, field) !== null || isOthersItem(rules, rules.shownAt(code)?.split('.')[0] ?? '', code);
    const inOwn = right?.isOwnAlone && !toVerify && isNobodys ? 'ITEM_NOT_SHARED' : null;
    const refusal = right ? (toVerify ? right.verifyRefusal : (right.filterRefusal ?? inOwn)) : 'ITEM_NOT_SHARED';
    if (refusal) return { item: rules.shownAt(code) ?? `${type}.${field}`, code: refusal };
  }
  return null;
}

/** Whether an item of a type is of rows that are never the asker's own: what is known of an agent's representative is the person's. */
export function isOthersItem(rules: Rules, type: string, code: string): boolean {
  const resource = rules.ofItem(code)?.resource;
  const of = resource === undefined || resource === null ? undefined : rules.typeOfResource(resource);
  return rules.isOfOtherKind(type) && of !== undefined && !isLedTo(of);
}
