import type { AccessFacts } from '@longyuan/schema/src/access/access-facts.ts';
import type { AccessSet } from '@longyuan/schema/src/access/access-set.ts';
import { type Decision, purposesHeld, type Refusal } from '@longyuan/schema/src/access/decide.ts';
import type { FormatRules } from '@longyuan/schema/src/argument-formats.ts';
import type { DirectoryResource } from '@longyuan/schema/src/read-directory.ts';
import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { mayApply } from '../access/apply-operation.ts';
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

/** What a reader has of a field: its value, a value for a purpose that the call does not name, or nothing unless it is applied for; null: never. */
type Standing = 'HAS' | 'NAMES_A_PURPOSE' | 'APPLIES' | null;

/** Names of variables are those of arguments; the same argument at two places is one variable. */
type Draft = {
  root: string;
  selections: Selections;
  arguments: Map<string, OperationArgument>;
  items: Map<string, Exclude<Standing, null>>;
};

/**
 * Makes the operations of a resource for one reader, out of the ways that the directory teaches (`graphqlPath`): one for each root field, that
 * with the most items first. Each is valid in the reader's schema, and asks for nothing that the reader can never have.
 */
export function makeReadyOperations(parts: {
  resources: readonly DirectoryResource[];
  facts: AccessFacts;
  formats: FormatRules;
}): (schema: GraphQLSchema, access: AccessSet, resource: string) => readonly ReadyOperation[] {
  const { resources, facts, formats } = parts;
  const byCode = new Map(resources.map((resource) => [resource.code, resource]));

  return (schema, access, code) => {
    const reading = { schema, access, facts, formats };
    const drafts = new Map<string, Draft>();
    for (const item of byCode.get(code)?.items ?? []) {
      for (const { graphqlPath } of item.fields) {
        const steps = readSteps(graphqlPath);
        const [root] = steps;
        if (root) draftWay(reading, drafts.getOrInsertComputed(root, openDraft), { steps, item: item.code });
      }
    }
    return [...drafts.values()]
      .filter(({ items }) => items.size > 0)
      .sort((one, other) => other.items.size - one.items.size)
      .map((draft) => writeOperation(reading, draft));
  };
}

type Reading = Readonly<{ schema: GraphQLSchema; access: AccessSet; facts: AccessFacts; formats: FormatRules }>;

function openDraft(root: string): Draft {
  return { root, selections: new Map(), arguments: new Map(), items: new Map() };
}

/** `pois(category:).nodes.code` and `creditRecords ... on Penalty.fine`, step by step; nothing of what only a mutation answers. */
function readSteps(path: string | null): readonly string[] {
  if (path === null || path.startsWith('mutation ')) return [];
  return path.split(/\.(?!\.)(?<!\.\.)| (?=\.\.\. on )/).map((step) => step.replace(/\(.*\)$/, ''));
}

/** Adds the way to one field of an item, unless the reader can never go it. */
function draftWay(reading: Reading, draft: Draft, { steps, item }: { steps: readonly string[]; item: string }): void {
  const { schema } = reading;
  const way: { key: string; field: GraphQLField<unknown, unknown> | null; type: string }[] = [];
  let type: GraphQLNamedType | undefined | null = schema.getQueryType();
  let standing: Standing = 'HAS';
  for (const step of steps) {
    const narrowed = /^\.\.\. on (\w+)$/.exec(step)?.[1];
    if (narrowed !== undefined) {
      way.push({ key: step, field: null, type: narrowed });
      type = schema.getType(narrowed);
      continue;
    }
    const field: GraphQLField<unknown, unknown> | undefined =
      isObjectType(type) || isInterfaceType(type) ? type.getFields()[step] : undefined;
    if (!field || !type) return;
    standing = lesser(standing, standingOf(reading, type.name, field));
    if (standing === null) return;
    way.push({ key: step, field, type: type.name });
    type = getNamedType(field.type);
  }
  if (!type) return;
  let at = draft.selections;
  for (const { key, field, type: parent } of way) {
    const given = (field?.args ?? []).filter(isRequiredArgument).map((argument) => {
      const described = describeArgument(argument, `${parent}.${field?.name}(${argument.name}:)`, reading.formats);
      draft.arguments.set(described.name, described);
      return described.name;
    });
    at = selectionAt(at, key, given);
  }
  if (!isLeafType(type)) selectBelow(reading, at, type, 0);
  draft.items.set(item, lesserItem(draft.items.get(item), standing));
}

/** The least that the reader has of a field and of what its needed arguments read. */
function standingOf({ access, facts }: Reading, type: string, field: GraphQLField<unknown, unknown>): Standing {
  const read = field.args.filter(isRequiredArgument).flatMap(({ name }) => facts.readsAt(`${type}.${field.name}(${name}:)`));
  const isStatistic = facts.isStatistic(type, field.name);
  const own = access.ofField(type, field.name);
  return [
    standingIn(own.refusal, facts.ofField(type, field.name)?.item?.code, { access, facts }),
    ...read
      .filter(({ code }) => !(isStatistic && facts.mayAggregate(code)))
      .map(({ code, toVerify }) => standingIn(refusalOf(access.ofItem(code), toVerify), code, { access, facts })),
  ].reduce(lesser, 'HAS');
}

function refusalOf({ verifyRefusal, wholeRefusal }: Decision, toVerify: boolean): Refusal | null {
  return toVerify ? verifyRefusal : wholeRefusal;
}

function standingIn(refusal: Refusal | null, code: string | undefined, { access, facts }: Pick<Reading, 'access' | 'facts'>): Standing {
  if (refusal === null) return 'HAS';
  const item = code === undefined ? undefined : facts.ofItem(code);
  if (refusal.missing === 'PURPOSE') return 'NAMES_A_PURPOSE';
  if (refusal.missing === 'FRESH_GRANTS') return 'APPLIES';
  return item && mayApply(item, refusal, access.standing, facts) ? 'APPLIES' : null;
}

const ORDER: readonly Standing[] = [null, 'APPLIES', 'NAMES_A_PURPOSE', 'HAS'];

function lesser(one: Standing, other: Standing): Standing {
  return ORDER.indexOf(one) <= ORDER.indexOf(other) ? one : other;
}

function lesserItem(known: Exclude<Standing, null> | undefined, standing: Exclude<Standing, null>): Exclude<Standing, null> {
  return known === undefined ? standing : (lesser(known, standing) ?? standing);
}

/** Objects of a record's own are told two levels deep; of another resource's records the first values that the reader has anyway. */
const DEEPEST = 2;
const MOST_OF_OTHERS = 2;

function selectBelow(reading: Reading, at: Selections, type: GraphQLNamedType, depth: number): void {
  if (isObjectType(type) || isInterfaceType(type)) {
    const isOther = reading.schema.getQueryType() !== type && isRecord(reading, type);
    const fields = Object.values(type.getFields()).filter((field) => !field.args.some(isRequiredArgument) && isHad(reading, type, field));
    const values = fields.filter((field) => isLeafType(getNamedType(field.type)));
    for (const { name } of isOther ? values.filter(({ name }) => name !== 'id').slice(0, MOST_OF_OTHERS) : values)
      selectionAt(at, name, []);
    if (!isOther && depth + 1 < DEEPEST) {
      for (const field of fields.filter((each) => !isLeafType(getNamedType(each.type)))) {
        selectBelow(reading, selectionAt(at, field.name, []), getNamedType(field.type), depth + 1);
      }
    }
  }
  if (at.size === 0 || !isObjectType(type)) selectionAt(at, '__typename', []);
}

function isRecord({ schema, facts }: Reading, type: GraphQLNamedType): boolean {
  const kinds = isInterfaceType(type) ? schema.getPossibleTypes(type) : [type];
  return kinds.some(({ name }) => facts.resourceOfType(name) !== null);
}

/** Of an interface, what the reader has in each of its kinds. */
function isHad({ schema, access }: Reading, type: GraphQLNamedType, { name }: GraphQLField<unknown, unknown>): boolean {
  const kinds = isInterfaceType(type) ? schema.getPossibleTypes(type) : [type];
  return kinds.every((kind) => access.ofField(kind.name, name).refusal === null);
}

function writeOperation({ access, facts }: Reading, draft: Draft): ReadyOperation {
  const given = [...draft.arguments.values()];
  const declared = given.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const items = [...draft.items.keys()];
  const purposes = new Set(
    items.flatMap((code) => {
      const item = facts.ofItem(code);
      // What every department has needs no purpose.
      return item && facts.canBeGranted(code) ? purposesHeld(item, access.standing) : [];
    }),
  );
  return {
    query: `query Read${draft.root.charAt(0).toUpperCase()}${draft.root.slice(1)}${declared === '' ? '' : `(${declared})`} ${printSelections(draft.selections)}`,
    variables: JSON.stringify(Object.fromEntries(given.map(({ name, example }) => [name, JSON.parse(example)]))),
    arguments: given,
    items,
    missing: items.filter((code) => draft.items.get(code) === 'APPLIES'),
    purposes: [...purposes].sort(),
  };
}
