import { readsIn } from '@longyuan/access/access-facts.ts';
import type { AccessSet } from '@longyuan/access/access-set.ts';
import { ownSubjects } from '@longyuan/access/caller.ts';
import { seesOwnRows } from '@longyuan/access/others-rows.ts';
import { isOwnAlone, meansOwn, type RowCondition } from '@longyuan/access/row-condition.ts';
import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLNamedType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isAbstractType,
  isObjectType,
} from 'graphql';
import type { Context } from '../call/context.ts';
import { once, withhold } from '../call/execution.ts';
import { askedOf as fieldsAskedOf, OF_A_PAGE, OWN_ROWS, type Ways } from './asked-columns.ts';
import type { RowGuard } from './row-guard.ts';

type Resolver = GraphQLFieldResolver<unknown, unknown>;
type Info = GraphQLResolveInfo;

/**
 * Where a way leads to rows that are not their caller's and nothing is found, whoever is told own rows alone is told that, and not that nothing
 * is there: the same whether anything is. Nobody else is concerned. The schema is guarded in place.
 */
export function refuseOthers(schema: GraphQLSchema, guard: RowGuard): void {
  const roots: readonly unknown[] = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const lists = listsOfPages(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const resolve = field.resolve ?? defaultFieldResolver;
      const isItem = Boolean(guard.facts.ofField(type.name, field.name)?.item);
      if (field.name === '_entities') field.resolve = toEntities(resolve, guard);
      else if (lists.has(field)) field.resolve = ofPage(resolve);
      else if (roots.includes(type)) field.resolve = toRows(resolve, field, type.name, guard);
      else if (guard.isAway(type.name)) {
        if (isItem) field.resolve = fromElsewhere(resolve, field, type.name, guard);
      }
      // A citizen sees their kin, or has none.
      else if (leadsToRows(schema, guard, field) && !guard.facts.wayOf(type.name, field.name).kin) {
        field.resolve = toRows(resolve, field, type.name, guard);
      }
    }
  }
}

type Field = GraphQLField<unknown, unknown>;

/** What an edge gives that begins at a row which is kept elsewhere: from somebody else's row (`Person.licenses` of a wife) nothing. */
function fromElsewhere(resolve: Resolver, field: Field, type: string, guard: RowGuard): Resolver {
  const item = `${type}.${field.name}`;
  const below = toRows(resolve, field, type, guard);
  return (parent, args, context, info) => {
    const { access, caller, execution } = context as Asking;
    if (!seesOwnRows(caller) || isOneOf(parent, ownSubjects(caller))) return resolve(parent, args, context, info);
    if (!isOwnAlone(access.ofField(type, field.name).visible)) return below(parent, args, context, info);
    const refuse = (): null => {
      withhold(execution, info, item);
      return null;
    };
    // Not even that something of theirs is another's, too, is told; an agent may come by it to the own entity.
    if (caller.kind === 'citizen') return refuse();
    return Promise.resolve(resolve(parent, args, context, info)).then((found) => (isNothing(found) ? refuse() : found));
  };
}

/** What a field gives that leads to rows of this library. */
function toRows(resolve: Resolver, field: Field, type: string, guard: RowGuard): Resolver {
  const named = getNamedType(field.type);
  const ways = pagesOf(named) ? OF_A_PAGE : OWN_ROWS;
  return (parent, args, context, info) => {
    const found = resolve(parent, args, context, info);
    const { access, caller, execution } = context as Asking;
    if (!seesOwnRows(caller)) return found;
    const { sought, asked } = once(execution, info.fieldNodes, field, () => {
      const sought = soughtBy({ field, type, guard, info, access });
      const types = rowTypes(info.schema, guard, pagesOf(named) ?? named);
      return { sought, asked: sought ? [] : askedOf({ types, ways, guard, info, access }) };
    });
    if (!sought && asked.length === 0) return found;
    const tell = (item: string, below: readonly (string | number)[] = []) => withhold(execution, info, item, below);
    const tellOne = (each: unknown, at: readonly number[]): void => {
      if (!isNothing(each)) return;
      if (sought) tell(sought, at);
      else for (const { item, key } of asked) tell(item, [...at, key]);
    };
    return whenSettled(found, (value) => {
      if (ways === OF_A_PAGE) {
        if (typeof value === 'object' && value !== null && asked.every(isOfOwnAlone)) once(execution, value, ofPage, () => asked);
      } else if (!Array.isArray(value)) tellOne(value, []);
      else if (value.length > 0) return value.map((each: unknown, place) => lookAt(each, (one) => tellOne(one, [place])));
      else if (asked.every(isOfOwnAlone)) for (const { item } of asked) tell(item);
      return value;
    });
  };
}

/** The rows of a page, or their edges: of a page of which nothing is asked but what is shown in own rows alone. */
function ofPage(resolve: Resolver): Resolver {
  return (parent, args, context, info) => {
    const found = resolve(parent, args, context, info);
    const { execution } = context as Asking;
    // What was worked out of it where it was found.
    const asked = once(execution, parent as object, ofPage, (): readonly Asked[] => []);
    if (asked.length === 0) return found;
    return lookAt(found, (value) => {
      if (isNothing(value)) for (const { item } of asked) withhold(execution, info, item);
    });
  };
}

/** The rows that other libraries name by their keys. */
function toEntities(resolve: Resolver, guard: RowGuard): Resolver {
  return (parent, args, context, info) => {
    const found = resolve(parent, args, context, info);
    const { access, caller, execution } = context as Asking;
    if (!seesOwnRows(caller)) return found;
    const named = (args as { representations: readonly Readonly<Record<string, unknown>>[] }).representations;
    const asked = new Map<string, readonly Asked[]>();
    const tellOne = (place: number): void => {
      const representation = named[place] ?? {};
      const type = String(representation['__typename']);
      if (guard.resourceOf(type) === null || isOneOf(representation, ownSubjects(caller))) return;
      const items = asked.getOrInsertComputed(type, () => askedOf({ types: [type], ways: OWN_ROWS, guard, info, access }));
      for (const { item, key } of items) withhold(execution, info, item, [place, key]);
    };
    const lookAtOne = (each: unknown, place: number) =>
      lookAt(each, (one) => {
        if (isNothing(one)) tellOne(place);
      });
    return whenSettled(found, (value) => (Array.isArray(value) ? value.map(lookAtOne) : value));
  };
}

type Asking = Pick<Context<unknown>, 'access' | 'caller' | 'execution'>;
type Question = Readonly<{ guard: RowGuard; info: Info; access: AccessSet }>;
/** An item that is asked of rows, under a response name; `visible`: in which of them it is shown. */
type Asked = Readonly<{ item: string; key: string; visible: RowCondition }>;

/** The item that the arguments find rows by, where they find own rows alone. */
function soughtBy({ field, type, guard, info, access }: Question & Readonly<{ field: Field; type: string }>): string | null {
  const [node] = info.fieldNodes;
  if (!node || field.args.length === 0) return null;
  const given = getArgumentValues(field, node, info.variableValues);
  for (const { name, type: takes } of field.args) {
    const reads = [...guard.facts.readsAt(`${type}.${field.name}(${name}:)`), ...readsIn(guard.facts, takes, given[name])];
    for (const { code, toVerify } of given[name] == null ? [] : reads) {
      if (!toVerify && isOwnAlone(access.ofItem(code).visible)) return guard.facts.fieldOfItem(code) ?? null;
    }
  }
  return null;
}

/** Items that are asked of rows and shown in own rows, alone or among others; none where something is asked that is shown in every row. */
function askedOf({ types, ways, guard, info, access }: Question & Readonly<{ types: readonly string[]; ways: Ways }>): readonly Asked[] {
  const asked = types.flatMap((type) =>
    fieldsAskedOf(info, ways, type).flatMap(({ name, key }): Asked[] => {
      if (!guard.facts.ofField(type, name)?.item) return [];
      const { visible } = access.ofField(type, name);
      return [{ item: `${type}.${name}`, key, visible }];
    }),
  );
  return asked.some(({ visible }) => visible.rows === 'ALL') ? [] : asked.filter(({ visible }) => meansOwn(visible));
}

function isOfOwnAlone({ visible }: Asked): boolean {
  return isOwnAlone(visible);
}

function leadsToRows(schema: GraphQLSchema, guard: RowGuard, field: Field): boolean {
  return rowTypes(schema, guard, getNamedType(field.type)).length > 0;
}

/** The types of this library's rows that a type stands for. */
function rowTypes(schema: GraphQLSchema, guard: RowGuard, type: GraphQLNamedType): readonly string[] {
  const objects = isAbstractType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
  return objects.map(({ name }) => name).filter((name) => guard.resourceOf(name) !== null);
}

/** Of a type that is a page of a list, the type of its rows. */
function pagesOf(type: GraphQLNamedType): GraphQLNamedType | null {
  const nodes = isObjectType(type) && type.name.endsWith('Connection') ? type.getFields()['nodes'] : undefined;
  return nodes ? getNamedType(nodes.type) : null;
}

function listsOfPages(schema: GraphQLSchema): ReadonlySet<unknown> {
  const all = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && pagesOf(type));
  return new Set(all.flatMap((type) => (isObjectType(type) ? [type.getFields()['nodes'], type.getFields()['edges']] : [])));
}

/** Whether an edge begins at one of these: what is known there of the row is its key. */
function isOneOf(parent: unknown, keys: readonly string[]): boolean {
  return typeof parent === 'object' && parent !== null && Object.values(parent).some((key) => keys.includes(String(key)));
}

function isNothing(found: unknown): boolean {
  return found === null || found === undefined || (Array.isArray(found) && found.length === 0);
}

/** The same value, which is looked at as soon as it is there. */
function lookAt(found: unknown, look: (value: unknown) => void): unknown {
  return whenSettled(found, (value) => {
    look(value);
    return value;
  });
}

function whenSettled(found: unknown, look: (value: unknown) => unknown): unknown {
  return typeof found === 'object' && found !== null && 'then' in found ? Promise.resolve(found).then(look) : look(found);
}
