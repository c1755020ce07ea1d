import type { AccessFacts } from '@longyuan/access/access-facts.ts';
import type { AccessSet } from '@longyuan/access/access-set.ts';
import { mayApply } from '@longyuan/access/apply-operation.ts';
import { purposesHeld, type Refusal } from '@longyuan/access/decide.ts';
import type { Asker } from '@longyuan/inner/inner-subgraph.ts';
import type { FormatRules } from '@longyuan/schema/src/argument-formats.ts';
import type { DirectoryResource } from '@longyuan/schema/src/read-directory.ts';
import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { describeArgument, type OperationArgument } from './argument-examples.ts';
import { printSelections, type Selections, selectionAt } from './operation-text.ts';

/** As `ReadyOperation` of schema/directory.graphql; `purposes`: codes of service items. */
export type ReadyOperation = Readonly<{
  query: string;
  variables: string;
  arguments: readonly OperationArgument[];
  items: readonly string[];
  missing: readonly string[];
  purposes: readonly string[];
}>;

/** The operations of a resource, as a caller may send them; each is worked out once for one asker. */
export type OperationsFor = (asker: Pick<Asker, 'schema' | 'access'>) => (resource: string) => readonly ReadyOperation[];

/** What a reader can have, the least first: what is to be applied for, what is had for a purpose that the call does not name, and what is had. */
const REACHES = ['TO_BE_APPLIED_FOR', 'FOR_A_PURPOSE', 'HAD'] as const;
type Reach = (typeof REACHES)[number];
type Reached = Readonly<{ code: string; reach: Reach }>;

type Reading = Readonly<{ schema: GraphQLSchema; access: AccessSet; facts: AccessFacts; formats: FormatRules; resource: string }>;
type Field = GraphQLField<unknown, unknown>;
type Draft = Readonly<{
  root: string;
  selections: Selections;
  given: Map<string, OperationArgument>;
  /** All that is read; of the resource itself, and of what its records are found by. */
  items: Map<string, Reach>;
  taught: Set<string>;
}>;

/**
 * Makes the operations of a resource for one reader, out of the ways that the directory teaches (`graphqlPath`): one for each root field, that
 * with the most items first, and a list for anyone before that of one known key. Each is valid in the reader's schema, and asks for nothing that the reader can never have.
 */
export function makeReadyOperations(parts: {
  resources: readonly DirectoryResource[];
  facts: AccessFacts;
  formats: FormatRules;
}): OperationsFor {
  const { resources, facts, formats } = parts;
  const byCode = new Map(resources.map((resource) => [resource.code, resource]));
  const operationsOf = (schema: GraphQLSchema, access: AccessSet, resource: string): readonly ReadyOperation[] => {
    const reading = { schema, access, facts, formats, resource };
    const drafts = new Map<string, Draft>();
    for (const { code, fields } of byCode.get(resource)?.items ?? []) {
      for (const { graphqlPath } of fields) {
        const steps = readSteps(graphqlPath);
        for (const way of [listWay(reading, steps), steps]) {
          const [root] = way;
          if (root !== undefined) draftWay(reading, drafts.getOrInsertComputed(root, openDraft), { steps: way, code });
        }
      }
    }
    return [...drafts.values()]
      .filter(({ taught }) => taught.size > 0)
      .sort((one, other) => other.taught.size - one.taught.size)
      .map((draft) => writeOperation(reading, draft));
  };
  return ({ schema, access }) => {
    const known = new Map<string, readonly ReadyOperation[]>();
    return (resource) => known.getOrInsertComputed(resource, () => (schema ? operationsOf(schema, access, resource) : []));
  };
}

function openDraft(root: string): Draft {
  return { root, selections: new Map(), given: new Map(), items: new Map(), taught: new Set() };
}

const NARROWS = '... on ';

/** `pois(category:).nodes.code` and `creditRecords ... on Penalty.fine`, step by step; nothing of what only a mutation answers. */
function readSteps(path: string | null): readonly string[] {
  if (path === null || path.startsWith('mutation ')) return [];
  return path.split(/(?<!\.)\.(?!\.)| (?=\.\.\. on )/).map((step) => step.replace(/\(.*\)$/, ''));
}

/**
 * The way through a list for anyone, where the records of one known key (`permits(uscc:)`) are listed for nobody in particular too
 * (`publishedPermits`); no step where they are not.
 */
function listWay({ schema, facts }: Reading, [root, ...rest]: readonly string[]): readonly string[] {
  const roots = Object.values(schema.getQueryType()?.getFields() ?? {});
  const keyed = roots.find(({ name }) => name === root);
  if (!keyed?.args.some(isRequiredArgument) || !isListType(getNullableType(keyed.type))) return [];
  const record = getNamedType(keyed.type);
  const list = roots.find(
    ({ name, type, args }) =>
      facts.ofField('Query', name)?.listOf?.length === 0 && !args.some(isRequiredArgument) && recordOfConnection(type) === record,
  );
  return list ? [list.name, 'nodes', ...rest] : [];
}

/** What a connection is of; null for any other type. */
function recordOfConnection(type: GraphQLOutputType): GraphQLNamedType | null {
  const nodes = fieldsOf(getNamedType(type)).find(({ name }) => name === 'nodes');
  return nodes ? getNamedType(nodes.type) : null;
}

/** Adds the way to one field of an item, unless the reader can never go it. */
function draftWay(reading: Reading, draft: Draft, { steps, code }: { steps: readonly string[]; code: string }): void {
  const way: { step: string; field: Field | null; parent: string }[] = [];
  let type: GraphQLNamedType | undefined | null = reading.schema.getQueryType();
  const reached: Reached[] = [];
  for (const step of steps) {
    if (!type) return;
    if (step.startsWith(NARROWS)) {
      way.push({ step, field: null, parent: type.name });
      type = reading.schema.getType(step.slice(NARROWS.length));
      continue;
    }
    const field: Field | undefined = fieldsOf(type).find(({ name }) => name === step);
    const there = field && reachedAt(reading, type.name, field);
    if (!field || !there) return;
    reached.push(...there);
    way.push({ step, field, parent: type.name });
    type = getNamedType(field.type);
  }
  if (!type) return;
  let at = draft.selections;
  for (const { step, field, parent } of way) {
    const needed = (field?.args ?? []).filter(isRequiredArgument);
    at = selectionAt(
      at,
      step,
      needed.map((argument) => {
        const described = describeArgument(argument, `${parent}.${step}(${argument.name}:)`, reading.formats);
        const known = draft.given.get(argument.name);
        const name = known === undefined || known.type === described.type ? argument.name : `${step}_${argument.name}`;
        draft.given.set(name, { ...described, name });
        return [argument.name, name];
      }),
    );
  }
  if (!isLeafType(type)) selectBelow(reading, at, type, 0);
  draft.taught.add(code);
  // Whoever has the item and not the number that its record is found by is answered nothing, so that is told too.
  for (const each of [{ code, reach: 'HAD' as const }, ...reached])
    draft.items.set(each.code, least([each.reach, draft.items.get(each.code) ?? 'HAD']));
}

/** The least that the reader has of a field and of what its needed arguments read; null: never anything. */
function reachOf(reading: Reading, type: string, field: Field): Reach | null {
  const reached = reachedAt(reading, type, field);
  return reached && least(reached.map(({ reach }) => reach));
}

/** Each item that a field shows or its needed arguments read, and what the reader has of it; null where never anything of one. */
function reachedAt({ access, facts }: Reading, type: string, field: Field): readonly Reached[] | null {
  const isStatistic = facts.isStatistic(type, field.name);
  const read = field.args
    .filter(isRequiredArgument)
    .flatMap(({ name }) => facts.readsAt(`${type}.${field.name}(${name}:)`))
    .filter(({ code }) => !(isStatistic && facts.mayAggregate(code)))
    .map(({ code, toVerify }) => {
      const { verifyRefusal, wholeRefusal } = access.ofItem(code);
      return { code, refusal: toVerify ? verifyRefusal : wholeRefusal };
    });
  const own = { code: facts.ofField(type, field.name)?.item?.code, refusal: access.ofField(type, field.name).refusal };
  const reached = [own, ...read].map(({ code, refusal }) => ({ code, reach: reachOfRefused(refusal, code, { access, facts }) }));
  if (reached.some(({ reach }) => reach === null)) return null;
  return reached.flatMap(({ code, reach }) => (code === undefined || reach === null ? [] : [{ code, reach }]));
}

function reachOfRefused(
  refusal: Refusal | null,
  code: string | undefined,
  { access, facts }: Pick<Reading, 'access' | 'facts'>,
): Reach | null {
  if (refusal === null) return 'HAD';
  if (refusal.missing === 'PURPOSE') return 'FOR_A_PURPOSE';
  const item = code === undefined ? undefined : facts.ofItem(code);
  const isOpenStill = refusal.missing === 'FRESH_GRANTS' || (item !== undefined && mayApply(item, refusal, access.standing, facts));
  return isOpenStill ? 'TO_BE_APPLIED_FOR' : null;
}

function least(reaches: readonly Reach[]): Reach {
  return REACHES.find((reach) => reaches.includes(reach)) ?? 'HAD';
}

/** Objects of a record's own are told so deep; of the records they lead to, the first items that the reader has, or is about to ask for. */
const DEEPEST = 2;
const MOST_OF_RECORDS = 2;

function selectBelow(reading: Reading, at: Selections, type: GraphQLNamedType, depth: number): void {
  const { facts } = reading;
  const kinds = kindsOf(reading, type);
  const isRecord = kinds.some(({ name }) => facts.resourceOfType(name) !== null);
  const isItem = ({ name }: Field) => kinds.every((kind) => facts.ofField(kind.name, name)?.item);
  const fields = fieldsOf(type).filter((field) => !field.args.some(isRequiredArgument) && isAskedFor(reading, kinds, field));
  const values = fields.filter((field) => isLeafType(getNamedType(field.type)));
  for (const { name } of isRecord ? values.filter(isItem).slice(0, MOST_OF_RECORDS) : values) selectionAt(at, name, []);
  if (!isRecord && depth + 1 < DEEPEST) {
    for (const field of fields.filter((each) => !values.includes(each)))
      selectBelow(reading, selectionAt(at, field.name, []), getNamedType(field.type), depth + 1);
  }
  if (at.size === 0 || !isObjectType(type)) selectionAt(at, '__typename', []);
}

/** Of each kind: what the reader has, and of the resource that is read what the reader may apply for, too. */
function isAskedFor(reading: Reading, kinds: readonly GraphQLNamedType[], field: Field): boolean {
  return kinds.every(({ name }) => {
    const reach = reachOf(reading, name, field);
    return reach === 'HAD' || (reach !== null && reading.facts.ofField(name, field.name)?.resource === reading.resource);
  });
}

function kindsOf({ schema }: Reading, type: GraphQLNamedType): readonly GraphQLNamedType[] {
  return isInterfaceType(type) ? schema.getPossibleTypes(type) : [type];
}

function fieldsOf(type: GraphQLNamedType): readonly Field[] {
  return isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
}

function writeOperation({ access, facts }: Reading, { root, selections, given, items }: Draft): ReadyOperation {
  const variables = [...given.values()];
  const declared = variables.length === 0 ? '' : `(${variables.map(({ name, type }) => `$${name}: ${type}`).join(', ')})`;
  const codes = [...items.keys()];
  const granted = codes.filter(facts.canBeGranted).flatMap((code) => facts.ofItem(code) ?? []);
  return {
    query: `query Read${root.charAt(0).toUpperCase()}${root.slice(1)}${declared} ${printSelections(selections)}`,
    variables: JSON.stringify(Object.fromEntries(variables.map(({ name, example }) => [name, JSON.parse(example)]))),
    arguments: variables,
    items: codes,
    missing: codes.filter((code) => items.get(code) === 'TO_BE_APPLIED_FOR'),
    purposes: [...new Set(granted.flatMap((item) => purposesHeld(item, access.standing)))].sort(),
  };
}
