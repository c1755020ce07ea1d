import { maskValue } from '@longyuan/access/mask.ts';
import {
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import {
  type Asked,
  allArguments,
  collectFields,
  isListInPart,
  isOfKin,
  objectsOf,
  type Refusal,
  refusalAt,
  type Whose,
  whoseBelow,
} from './expect-refusals.ts';
import type { RowFacts, Rows } from './rows.ts';
import { withNested } from './rows.ts';
import type { Rules } from './rules.ts';

/** Stands for a value that the suite does not know: anything will do. */
const UNKNOWN = Symbol('unknown');
/** An object that a refused non-null field may take with it. */
class MayBeMissing {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

/** Names under which the reference (reference.ts) is asked for more than the caller asked. */
export const TOLD = { type: '__typename', name: 'zNamed', deciding: 'zDeciding', all: 'zAll', page: 'zPage', owner: 'zOwner' } as const;

/** Rows that say of one person among several what is theirs: a caller who sees own rows alone sees their own of these. By type, the person. */
export const SHARES: Readonly<Record<string, string>> = { Ownership: 'person' };

type Tree = Readonly<Record<string, unknown>>;
/** Where an object was reached: by a field of which library, under which row, from whose row. */
type Way = Readonly<{
  path: string;
  library: string;
  above: RowFacts | null;
  aboveType: string | null;
  route: (row: RowFacts, type: string) => boolean;
  /** A list of rows that nobody named: a row is there for what is shown whole of it. `IN_PART`: nothing asked of it is, in any row. */
  list?: 'WHOLE' | 'IN_PART';
  /** In a page: everything that is asked of its rows, under whatever names. Which rows there are is one question for the whole page. */
  asksOfRows?: readonly SelectionSetNode[];
  /** Whose row it is, where the way tells it. */
  whose: Whose;
}>;

/** A field of an object of the answer. */
type FieldAt = Readonly<{
  object: GraphQLObjectType;
  key: string;
  nodes: readonly FieldNode[];
  tree: Tree;
  row: RowFacts | null;
  way: Way;
}>;

const EVERYWHERE: Way['route'] = () => true;

/**
 * What an asker must be answered, given what the reference was answered for the same operation; the lists that are refused because nothing in
 * them can be theirs; and the places of which the suite knows nothing.
 */
export type Expected = Readonly<{ data: Tree; emptied: readonly Refusal[]; unknown: readonly string[] }>;

/** Works it out. */
export function expectAnswer(question: { rules: Rules; rows: Rows; asked: Asked; reference: Tree }): Expected {
  const { rules, rows, asked } = question;
  const root = asked.schema.getQueryType();
  const emptied: Refusal[] = [];
  const unknown: string[] = [];
  return { data: root ? answerRoot(root) : {}, emptied, unknown };

  function answerRoot(query: GraphQLObjectType): Tree {
    const answer: Record<string, unknown> = {};
    for (const [key, nodes] of collectFields(asked, query, [asked.selectionSet])) {
      const [node] = nodes;
      if (node)
        answer[key] =
          nodes.length > 0 && isNothingLeft(query, nodes)
            ? null
            : answerField({ object: query, key, nodes, tree: question.reference, row: null, way: topWay });
    }
    return answer;
  }

  /** A root of which every field right below it is refused is not asked for. */
  function isNothingLeft(object: GraphQLObjectType, nodes: readonly FieldNode[]): boolean {
    const type = getNamedType(object.getFields()[nodes[0]?.name.value ?? '']?.type);
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    if (!isObjectType(type) || sets.length === 0) return false;
    const fields = [...collectFields(asked, type, sets).values()].flatMap((each) => each[0] ?? []);
    const inPart = isListInPart(rules, asked, object, nodes);
    return fields.length > 0 && fields.every((node) => refusalAt(rules, asked, type, node, { needsWhole: inPart }) !== null);
  }

  function answerField(at: FieldAt): unknown {
    const { object, key, nodes, tree, row, way } = at;
    const [node] = nodes;
    const name = node?.name.value ?? '';
    if (name === '__typename') return object.name;
    const field = object.getFields()[name];
    if (!node || !field) return UNKNOWN;
    if (refusalAt(rules, asked, object, node, { needsWhole: way.list === 'IN_PART', whose: way.whose })) return null;
    // Times of answering differ, and what a comparison says of rows out of scope is another test's.
    if (String(field.type) === 'DateTime!' || isComparison(object, node)) return UNKNOWN;
    const rule = rules.at(object.name, name);
    const library = rules.libraryOf(object.name, name);
    const isOfRow = rules.homeOf(object.name) === library || rules.isNested(object.name);
    let value = tree[key];
    if (rule && rule.share === 'NOT_SHARED' && row && !field.type.toString().startsWith('['))
      value = name in row.cells ? row.cells[name] : UNKNOWN;
    if (rule && isOfRow && row && !rule.right.whole(row)) {
      if (!isShownOfKin(way, object, name)) {
        // The same whether anything stands there or not.
        if (rule.right.isOfOwn) tellWithheld(pathOf(way, key), `${object.name}.${name}`);
        return rule.right.masked(row) && value !== UNKNOWN ? maskValue(rule.mask, value) : null;
      }
    }
    const isAnothers = rule && !isOfRow && rule.right.isOwnAlone && row && !row.owners.includes(rules.asker.own ?? '');
    if (!isAnothers) return answerBelow(at, value);
    // A citizen is told nothing behind it; an agent is where the own entity is behind it.
    const answer = rules.asker.kind === 'citizen' ? null : answerBelow(at, value, true);
    if (answer !== null && !(Array.isArray(answer) && answer.length === 0)) return answer;
    tellWithheld(pathOf(way, key), `${object.name}.${name}`);
    return null;
  }

  function tellWithheld(path: string, item: string): void {
    emptied.push({ path, item, code: 'ITEM_NOT_SHARED' });
  }

  /** The value of a field that is shown, with what is below it; `isEdge`: what it says where nothing is found is told of the edge itself. */
  function answerBelow(at: FieldAt, value: unknown, isEdge = false): unknown {
    const answer = answerFound(at, value);
    if (!isEdge && value !== UNKNOWN) tellEmpty(at, answer);
    return answer;
  }

  /** Whoever is told own rows alone is told that where they find none, whether there are others or not. */
  function tellEmpty({ object, key, nodes, row, way }: FieldAt, answer: unknown): void {
    const [node] = nodes;
    const field = object.getFields()[node?.name.value ?? ''];
    const type = getNamedType(field?.type);
    if (!node || !field || !isCompositeType(type) || (rules.asker.kind !== 'citizen' && rules.asker.kind !== 'agent')) return;
    const name = node.name.value;
    const library = rules.libraryOf(object.name, name);
    const home = rules.homeOf(object.name);
    const led = objectsOf(asked.schema, type).filter((each) => rules.homeOf(each.name) === library);
    // Nothing behind the own row is nothing.
    const isOwnEdge = home !== null && home !== library && row?.subject === rules.asker.own;
    if (led.length === 0 || isOwnEdge || isOfKin(rules, object, name)) return;
    const path = pathOf(way, key);
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const whose = whoseBelow(rules, asked, object, node, way.whose);
    const items = led.flatMap((each) => itemsAsked(each, collectFields(asked, each, sets), whose));
    const sought = rules
      .reads(object.name, name, allArguments(asked, object, node))
      .find(({ code, toVerify }) => !toVerify && rules.ofItem(code)?.right.isOwnAlone);
    const isEmptyList = Array.isArray(answer) && answer.length === 0;
    const isMissing = answer === null || (Array.isArray(answer) && answer.includes(null));
    if (isMissing && sought) tellWithheld(path, rules.shownAt(sought.code) ?? '');
    if (sought || !(isEmptyList || isMissing)) return;
    if (items.some(({ right }) => right.isEverywhere) || (isEmptyList && !items.every(({ right }) => right.isOwnAlone))) return;
    for (const { item, key: below, right } of items) if (right.isOfOwn) tellWithheld(isEmptyList ? path : `${path}.${below}`, item);
  }

  /** Items of a type's own rows that are asked of one, and not refused before; with the key by which other libraries are asked of it. */
  function itemsAsked(object: GraphQLObjectType, fields: Map<string, FieldNode[]>, whose: Whose, isFromHome = true) {
    const home = rules.homeOf(object.name);
    const all = [...fields].flatMap(([key, [node]]) => {
      const right = node && rules.at(object.name, node.name.value)?.right;
      if (!node || !right || refusalAt(rules, asked, object, node, { whose })) return [];
      const name = node.name.value;
      return [{ key, right, item: `${object.name}.${name}`, isOfRow: rules.libraryOf(object.name, name) === home }];
    });
    const keys = isFromHome && all.some(({ isOfRow }) => !isOfRow) ? rules.keyItemsOf(object.name) : [];
    const ofKeys = keys.flatMap((key) => {
      const right = rules.at(object.name, key)?.right;
      return right ? [{ key, right, item: `${object.name}.${key}`, isOfRow: true }] : [];
    });
    return [...all.filter(({ isOfRow }) => isOfRow), ...ofKeys];
  }

  function answerFound({ object, key, nodes, row, way }: FieldAt, value: unknown): unknown {
    const [node] = nodes;
    const name = node?.name.value ?? '';
    const field = object.getFields()[name];
    if (value === null || value === undefined || value === UNKNOWN || !node || !field) return value ?? null;
    const rule = rules.at(object.name, name);
    const library = rules.libraryOf(object.name, name);
    const isOfRow = rules.homeOf(object.name) === library || rules.isNested(object.name);
    const route: Way['route'] = (below, type) => {
      const resource = rules.resourceOf(type);
      // An item at an edge to another library's rows, or at a root, speaks of the rows it leads to; in a list of several kinds, of its own kind.
      if (rule && !isOfRow && rule.resource === resource && !rule.right.whole(below)) return false;
      return rules.reads(object.name, name, allArguments(asked, object, node)).every(({ code }) => {
        const read = rules.ofItem(code);
        return !read || read.resource !== resource || read.right.whole(below);
      });
    };
    const isList = rules.listAt(object.name, name) !== null;
    const list = isList && { list: isListInPart(rules, asked, object, nodes) ? ('IN_PART' as const) : ('WHOLE' as const) };
    const inPage = way.asksOfRows && rules.homeOf(object.name) === null && { asksOfRows: way.asksOfRows };
    const whose = whoseBelow(rules, asked, object, node, way.whose);
    const below: Way = { path: pathOf(way, key), library, above: row, aboveType: way.aboveType, route, whose, ...list, ...inPage };
    return answerValue(
      value,
      field.type,
      nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
      below,
      object,
    );
  }

  function isComparison(object: GraphQLObjectType, node: FieldNode): boolean {
    return rules.reads(object.name, node.name.value, allArguments(asked, object, node)).some(({ toVerify }) => toVerify);
  }

  function isShownOfKin(way: Way, object: GraphQLObjectType, field: string): boolean {
    return way.route === KIN && rules.resourceOf(object.name) !== null && field === 'name';
  }

  function answerValue(
    value: unknown,
    type: GraphQLOutputType,
    sets: readonly SelectionSetNode[],
    way: Way,
    from: GraphQLObjectType,
  ): unknown {
    if (value === null || value === undefined) return null;
    if (isNonNullType(type)) return answerValue(value, type.ofType, sets, way, from);
    if (isListType(type)) {
      if (!Array.isArray(value)) return value;
      const all = value.map((each: unknown) => answerValue(each, type.ofType, sets, way, from));
      return isNonNullType(type.ofType) ? all.filter((each) => each !== null) : all;
    }
    if (sets.length === 0 || typeof value !== 'object') return value;
    return answerObject({ ...value }, sets, way, from);
  }

  function answerObject(tree: Tree, sets: readonly SelectionSetNode[], way: Way, from: GraphQLObjectType): unknown {
    const object = asked.schema.getType(String(tree[TOLD.type]));
    if (!isObjectType(object)) return UNKNOWN;
    const fields = collectFields(asked, object, sets);
    const home = rules.homeOf(object.name);
    if (home === null) return isShareOfAnother(object, tree, way) ? null : answerNested(object, fields, tree, way);

    const row = rowOf(object.name, tree, way);
    const isKin =
      rules.asker.kind === 'citizen' &&
      rules.isNested(from.name) &&
      rules.keepsPersons(object.name) &&
      way.above?.subject === rules.asker.own &&
      way.above !== null;
    const judged = way.asksOfRows ? collectFields(asked, object, way.asksOfRows) : fields;
    const isThere = isKin || (row !== undefined && exists(object, judged, row, way, way.library === home) && way.route(row, object.name));
    if (way.library === home && !isThere) return null;
    // Other libraries name the row: it is not told whether there is one.
    const isOwn = row?.subject === rules.asker.own;
    const items = isThere || isOwn ? [] : itemsAsked(object, fields, way.whose, false);
    if (!items.some(({ right }) => right.isEverywhere)) {
      for (const { item, key, right } of items) if (right.isOfOwn) tellWithheld(pathOf(way, key), item);
    }
    const answer: Record<string, unknown> = {};
    let isWhole = true;
    for (const [key, nodes] of fields) {
      const name = nodes[0]?.name.value ?? '';
      const isHome = rules.libraryOf(object.name, name) === home;
      const inner: Way = {
        path: way.path,
        library: way.library,
        above: row ?? null,
        aboveType: object.name,
        route: isKin ? KIN : EVERYWHERE,
        whose: way.whose,
      };
      const isKey = isNonNullType(object.getFields()[name]?.type);
      answer[key] =
        isHome && !isThere && !isKey && name !== '__typename'
          ? null
          : answerField({
              object,
              key,
              nodes,
              tree,
              row: row ?? null,
              way: way.list === 'IN_PART' ? { ...inner, list: 'IN_PART' } : inner,
            });
      if (isKey && answer[key] === null) isWhole = false;
    }
    return isWhole ? answer : new MayBeMissing(answer);
  }

  function isShareOfAnother(object: GraphQLObjectType, tree: Tree, { above }: Way): boolean {
    if (rules.asker.kind !== 'citizen' || !Object.hasOwn(SHARES, object.name) || !above) return false;
    const owner: unknown = tree[TOLD.owner];
    const named = typeof owner === 'object' && owner !== null ? Object.values(owner)[0] : null;
    return rows.named('Person', named)?.subject !== rules.asker.own;
  }

  function answerNested(object: GraphQLObjectType, fields: Map<string, FieldNode[]>, tree: Tree, from: Way): unknown {
    const way = TOLD.all in tree ? { ...from, asksOfRows: asksOfRowsIn(object, fields) } : from;
    const deciding = tree[TOLD.deciding];
    const row = way.above && deciding !== undefined ? withNested(way.above, { published: deciding }) : way.above;
    const answer: Record<string, unknown> = {};
    const isPage = TOLD.all in tree;
    const isEdge = object.name.endsWith('Edge');
    // An edge is there as its row is; which rows there are depends on what is asked of them.
    if (isEdge && ![...fields.values()].some(([node]) => node?.name.value === 'node')) return UNKNOWN;
    for (const [key, nodes] of fields) {
      const name = nodes[0]?.name.value ?? '';
      const isStructure = !rules.isNested(object.name);
      // Whoever sees fewer rows than the reference has others on a first page, where there are more of them than one page holds.
      if (isPage && isCut(tree) && name !== '__typename') {
        answer[key] = UNKNOWN;
        unknown.push(`${way.path}.${key}`);
      }
      // A cursor may be sealed anew for each page.
      else if (isEdge && name === 'cursor') answer[key] = UNKNOWN;
      else if (isPage && name === 'total') answer[key] = totalOf(object, fields, tree, way);
      else if (isPage && name === 'pageInfo') answer[key] = UNKNOWN;
      else {
        // A page hands the way on: what was asked of the list is asked of each of its rows.
        const told = emptied.length;
        const passed = answerField({ object, key, nodes, tree, row, way });
        const isComposite = nodes.some(({ selectionSet }) => selectionSet !== undefined);
        const isPassedOn = isStructure && isComposite && passed !== null;
        // What is told below is told of the way that is handed on.
        if (isPassedOn) emptied.length = told;
        answer[key] = isPassedOn ? throughPage(object, nodes, tree[key], { ...way, path: pathOf(way, key) }) : passed;
        if (isPage && isComposite && Array.isArray(answer[key]) && answer[key].length === 0)
          tellEmptyPage(object, fields, pathOf(way, key));
        // What must be there and is not takes the object with it: a match whose address is out of scope is no match.
        if (isComposite && answer[key] === null && isNonNullType(object.getFields()[name]?.type)) return null;
      }
    }
    return answer;
  }

  /** Of a page of own rows alone that there are none in it. */
  function tellEmptyPage(page: GraphQLObjectType, fields: Map<string, FieldNode[]>, path: string): void {
    const type = getNamedType(page.getFields()['nodes']?.type);
    if (!isObjectType(type)) return;
    const items = itemsAsked(type, collectFields(asked, type, asksOfRowsIn(page, fields)), null);
    if (items.every(({ right }) => right.isOwnAlone)) for (const { item } of items) tellWithheld(path, item);
  }

  function throughPage(object: GraphQLObjectType, nodes: readonly FieldNode[], value: unknown, way: Way): unknown {
    const field = object.getFields()[nodes[0]?.name.value ?? ''];
    if (!field) return UNKNOWN;
    return answerValue(
      value,
      field.type,
      nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
      way,
      object,
    );
  }

  function totalOf(object: GraphQLObjectType, fields: Map<string, FieldNode[]>, tree: Tree, way: Way): unknown {
    const all = tree[TOLD.all];
    const type = getNamedType(object.getFields()['nodes']?.type);
    if (!Array.isArray(all) || !isObjectType(type) || isCut(tree)) return UNKNOWN;
    const below = collectFields(asked, type, asksOfRowsIn(object, fields));
    return all.filter((each: Tree) => {
      const row = rowOf(type.name, each, way);
      return row !== undefined && exists(type, below, row, way) && way.route(row, type.name);
    }).length;
  }

  /** What a page is asked of its rows, as `nodes` and as `edges { node }`. */
  function asksOfRowsIn(page: GraphQLObjectType, fields: Map<string, FieldNode[]>): readonly SelectionSetNode[] {
    const setsAt = (within: Map<string, FieldNode[]>, step: string) =>
      [...within.values()].flat().flatMap(({ name, selectionSet }) => (name.value === step ? (selectionSet ?? []) : []));
    const edge = getNamedType(page.getFields()['edges']?.type);
    const ofEdges = isObjectType(edge) ? setsAt(collectFields(asked, edge, setsAt(fields, 'edges')), 'node') : [];
    return [...setsAt(fields, 'nodes'), ...ofEdges];
  }

  function rowOf(type: string, tree: Tree, way: Way): RowFacts | undefined {
    if (rows.namingField(type) !== null) return rows.named(type, tree[`${TOLD.name}${type}`]);
    const key = way.above?.subject;
    return key ? rows.named(type, key) : undefined;
  }

  /** Whether the row is there for what was selected of it: one of the items is shown, or any item of the resource where none was selected. */
  function exists(object: GraphQLObjectType, fields: Map<string, FieldNode[]>, row: RowFacts, way: Way, isFromHome = true): boolean {
    const home = rules.homeOf(object.name);
    const asksItem = (library: (of: string) => boolean) =>
      [...fields.values()].flatMap(([node]) => {
        const name = node?.name.value ?? '';
        if (!node || !library(rules.libraryOf(object.name, name)) || !rules.at(object.name, name)) return [];
        return refusalAt(rules, asked, object, node, { needsWhole: way.list === 'IN_PART', whose: way.whose }) ? [] : [name];
      });
    // To ask another library about the row its key is read here; where the key is an item (`uscc`), it is one of those asked for.
    const keys = isFromHome && asksItem((of) => of !== home).length > 0 ? rules.keyItemsOf(object.name) : [];
    const selected = [...asksItem((of) => of === home), ...keys];
    return (selected.length > 0 ? selected : rules.itemsOf(object.name)).some((name) => {
      const right = rules.at(object.name, name)?.right;
      return right !== undefined && right.refusal === null && (right.whole(row) || (way.list === undefined && right.masked(row)));
    });
  }
}

function pathOf({ path }: Way, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

const KIN: Way['route'] = () => true;
const topWay: Way = { path: '', library: '', above: null, aboveType: null, route: EVERYWHERE, whose: null };

function isCut(tree: Tree): boolean {
  const page = tree[TOLD.page];
  return typeof page === 'object' && page !== null && 'hasNextPage' in page && page.hasNextPage === true;
}

/** What differs, as `path: expected …, was …`. Values are not told: they are somebody's. */
export function differences(expected: unknown, actual: unknown, path = ''): string[] {
  if (expected === UNKNOWN) return [];
  if (expected instanceof MayBeMissing) return actual === null ? [] : differences(expected.value, actual, path);
  const is = actual ?? null;
  if (Array.isArray(expected)) {
    if (!Array.isArray(is)) return [`${path}: a list of ${expected.length} is missing`];
    if (is.length !== expected.length) return [`${path}: ${expected.length} rows expected, ${is.length} answered`];
    return expected.flatMap((each, place) => differences(each, is[place], `${path}.${place}`));
  }
  if (typeof expected === 'object' && expected !== null) {
    if (expected instanceof Date) return [];
    // Of an object of which nothing is asked (all of it skipped) Apollo's planner fetches nothing: null tells as much as {}.
    if (is === null && Object.keys(expected).length === 0) return [];
    if (typeof is !== 'object' || is === null) return [`${path}: an object is missing`];
    const answered: Tree = { ...is };
    return Object.entries(expected).flatMap(([key, each]) => differences(each, answered[key], `${path}.${key}`));
  }
  const wanted = expected ?? null;
  if (wanted === is) return [];
  if (wanted === null) return [`${path}: a value that is refused was answered`];
  return [`${path}: a visible value ${is === null ? 'is missing' : 'differs'}`];
}
