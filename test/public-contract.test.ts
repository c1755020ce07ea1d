import { readFileSync } from 'node:fs';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import {
  buildClientSchema,
  buildSchema,
  type GraphQLField,
  type GraphQLNamedType,
  getIntrospectionQuery,
  getNamedType,
  type IntrospectionQuery,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { beforeAll, expect, inject, test } from 'vitest';
import { type Answer, ask, directoryAnswers } from './ask.ts';
import { MADE_UP, madeUpValue } from './made-up-value.ts';

const hubs = [inject('embedded'), inject('postgresql')].filter((hub) => hub !== null);
type Hub = (typeof hubs)[number];

beforeAll(async () => {
  for (const hub of hubs) await directoryAnswers(hub);
});

/** The same story told of a hub over each kind of database. */
function describeHubs(story: string, tell: (hub: Hub) => Promise<void>): void {
  test.each(hubs)(`${story} ($url)`, tell);
}

const read = (file: string) => buildSchema(readFileSync(new URL(`../schema/composed/${file}`, import.meta.url), 'utf8'));
const contract = read('public.graphql');
const whole = read('api.graphql');

const askPublic = (hub: Hub, query: string, variables: Record<string, unknown> = {}) => ask(hub, query, variables, '/public/graphql');

describeHubs('what the public door says of itself is the written contract, word for word', async (hub) => {
  const { data } = await askPublic(hub, getIntrospectionQuery({ specifiedByUrl: true }));
  const told = buildClientSchema(data as IntrospectionQuery);
  expect(printSchema(lexicographicSortSchema(told))).toBe(printSchema(lexicographicSortSchema(contract)));
});

/** A name that never was anywhere, as long as none of the others is. */
const NEVER = 'neverHeardOf';
type Question = { name: string; query: (name: string) => string; variables?: (name: string) => Record<string, unknown> };

/** Everything that the whole schema has and the contract has not, asked for in the place where it would stand. */
const closed: Question[] = Object.values(whole.getTypeMap()).flatMap((type): Question[] => {
  if (isIntrospectionType(type)) return [];
  const shown = contract.getType(type.name);
  if (!shown) return questionsAboutType(type);
  const on = (selection: string) => `{ ...F } fragment F on ${type.name} { ${selection} }`;
  if ((isObjectType(type) || isInterfaceType(type)) && (isObjectType(shown) || isInterfaceType(shown))) {
    return Object.values(type.getFields()).flatMap((field): Question[] => {
      const open = shown.getFields()[field.name];
      if (!open) return [{ name: field.name, query: (name) => on(name) }];
      return field.args
        .filter((argument) => !open.args.some(({ name }) => name === argument.name))
        .map((argument) => ({ name: argument.name, query: (name) => on(`${field.name}(${name}: 1)`) }));
    });
  }
  if (isEnumType(type) && isEnumType(shown)) {
    const gone = type.getValues().filter((value) => !shown.getValue(value.name));
    return gone.map(({ name }) => enumQuestion(type.name, name));
  }
  if (isInputObjectType(type) && isInputObjectType(shown)) {
    const gone = Object.keys(type.getFields()).filter((field) => !shown.getFields()[field]);
    return gone.map((name) => inputQuestion(type.name, name));
  }
  return [];
});

function questionsAboutType({ name }: GraphQLNamedType): Question[] {
  return [
    { name, query: (asked) => `{ ...F } fragment F on ${asked} { __typename }` },
    { name, query: (asked) => `query ($value: ${asked}) { __typename }` },
  ];
}

function enumQuestion(type: string, name: string): Question {
  return { name, query: () => `query ($value: ${type}!) { __typename }`, variables: (value) => ({ value }) };
}

function inputQuestion(type: string, name: string): Question {
  return { name, query: () => `query ($value: ${type}!) { __typename }`, variables: (field) => ({ value: { [field]: 1 } }) };
}

describeHubs('whatever is not open reads, asked for by name, as if it had never been', async (hub) => {
  expect(closed.length).toBeGreaterThan(100);
  const differing: unknown[] = [];
  for (const { name, query, variables } of closed) {
    const asked = await askPublic(hub, query(name), variables?.(name));
    const never = await askPublic(hub, query(NEVER), variables?.(NEVER));
    const blank = (answer: Answer, word: string) =>
      JSON.stringify([
        answer.status,
        answer.data,
        answer.errors?.map(({ message, extensions }) => [message.replaceAll(word, '…'), extensions]),
      ]);
    if (!asked.errors || blank(asked, name) !== blank(never, NEVER)) differing.push({ query: query(name), asked, never });
  }
  expect(differing).toEqual([]);
});

describeHubs('types that are not open are null by name, and nothing can be changed', async (hub) => {
  const names = Object.keys(whole.getTypeMap()).filter((name) => !contract.getType(name));
  const { data } = await askPublic(hub, `{ ${names.map((name) => `${name}: __type(name: "${name}") { name }`).join(' ')} }`);
  expect(Object.values(data)).toEqual(names.map(() => null));
  const mutation = await askPublic(hub, 'mutation { authorizeUse(identifier: "1") { no } }');
  expect([mutation.status, mutation.errors?.map(({ message }) => message)]).toEqual([400, ['The hub answers no mutations here.']]);
});

const [entity] = readWorld().legalEntities;
if (!entity) throw new Error('The world has no legal entity.');
/** What the walk gives where something must be given; for what is not listed it makes a value of the type, which may be malformed. */
const given: Readonly<Record<string, string>> = {
  'Query.resource(code:)': '"102001/1"',
  'Query.provider(uscc:)': `"${readLibraries()[0]?.uscc}"`,
  'Query.checkLicense(code:)': '"ABCDEFGHJKLMNPQRSTUV"',
  'Query.division(code:)': '"620102"',
  'Query.locate(lon:)': '103.84',
  'Query.locate(lat:)': '36.06',
  'Query.pois(category:)': 'HOSPITAL',
  'Query.legalEntity(uscc:)': `"${entity.uscc}"`,
  'Query.penalties(uscc:)': `"${entity.uscc}"`,
  'Query.permits(uscc:)': `"${entity.uscc}"`,
  'Query.legalEntities(usccs:)': `["${entity.uscc}"]`,
  'Query.verifyLegalEntity(uscc:)': `"${entity.uscc}"`,
  'Query.verifyLegalEntity(name:)': '"名称"',
  'Query.populationStatistics(division:)': '"620000"',
  'Query.populationStatistics(by:)': '[SEX]',
  'LegalEntity.annualReport(year:)': '2025',
};
type Way = Readonly<{ way: readonly string[]; last: string; type: GraphQLNamedType }>;

/** The shortest ways to objects by which every two fields that can follow each other do so once. */
function* waysFrom(root: GraphQLNamedType): Generator<Way> {
  const followed = new Set<string>();
  const waiting: Way[] = [{ way: [], last: '', type: root }];
  for (let at = waiting.shift(); at; at = waiting.shift()) {
    const { way, last, type } = at;
    if (way.length > 0) yield at;
    if (!(isObjectType(type) || isInterfaceType(type))) continue;
    for (const field of Object.values(type.getFields())) {
      const next = getNamedType(field.type);
      const coordinate = `${type.name}.${field.name}`;
      if (isLeafType(next) || followed.has(`${last} ${coordinate}`)) continue;
      followed.add(`${last} ${coordinate}`);
      waiting.push({ way: [...way, callOf(type.name, field)], last: coordinate, type: next });
    }
  }
}

function callOf(type: string, field: GraphQLField<unknown, unknown>): string {
  const values = field.args.flatMap((argument) => {
    if (argument.name === 'first') return ['first: 2'];
    const value =
      given[`${type}.${field.name}(${argument.name}:)`] ?? (isRequiredArgument(argument) ? madeUpValue(argument.type) : undefined);
    return value === undefined ? [] : [`${argument.name}: ${value}`];
  });
  return values.length > 0 ? `${field.name}(${values.join(', ')})` : field.name;
}

describeHubs('every way through the public schema is answered, and no answer names a type that is not in it', async (hub) => {
  const query = contract.getQueryType();
  if (!query) throw new Error('The contract has no queries.');
  const faults: unknown[] = [];
  const reached = new Set<string>();
  let ways = 0;
  for (const { way, type } of waysFrom(query)) {
    ways += 1;
    reached.add(type.name);
    const leaves = isObjectType(type)
      ? Object.values(type.getFields())
          .filter((field) => isLeafType(getNamedType(field.type)))
          .map((field) => callOf(type.name, field))
      : [];
    const operation = `{ ${way.join(' { ')} { __typename ${leaves.join(' ')} }${' }'.repeat(way.length)}`;
    const answer = await askPublic(hub, operation);
    const named = [...JSON.stringify(answer.data ?? null).matchAll(/"__typename":"(\w+)"/g)].map((match) => match[1] ?? '');
    // A way may be too long for a bound or for a busy machine, and a made-up value malformed; what it must never do is fail otherwise.
    const mayFailWith = ['OPERATION_TOO_COSTLY', 'LIBRARY_TIMEOUT', ...(operation.includes(MADE_UP) ? ['BAD_USER_INPUT'] : [])];
    const failed = (answer.errors ?? []).filter(({ extensions }) => !mayFailWith.includes(extensions.code));
    if (failed.length > 0 || named.some((name) => !contract.getType(name))) faults.push({ operation, failed, named });
  }
  expect(faults).toEqual([]);
  expect(ways).toBeGreaterThan(100);
  const objects = Object.values(contract.getTypeMap()).filter((type) => isObjectType(type) && !isIntrospectionType(type) && type !== query);
  expect(objects.map(({ name }) => name).filter((name) => !reached.has(name))).toEqual([]);
});

describeHubs('every value that the contract lets one ask for is read', async (hub) => {
  const faults: unknown[] = [];
  for (const type of Object.values(contract.getTypeMap())) {
    if (!isEnumType(type) || isIntrospectionType(type)) continue;
    for (const { name } of type.getValues()) {
      // Enums of answers alone cannot be given; the others must be read.
      const isGiven = Object.values(contract.getQueryType()?.getFields() ?? {}).some((field) =>
        field.args.some((argument) => getNamedType(argument.type) === type),
      );
      if (!isGiven) continue;
      const { errors } = await askPublic(hub, `query ($value: ${type.name}!) { ${questionWith(type.name)} }`, { value: name });
      if (errors) faults.push([type.name, name, errors]);
    }
  }
  expect(faults).toEqual([]);
});

function questionWith(enumName: string): string {
  const field = Object.values(contract.getQueryType()?.getFields() ?? {}).find((each) =>
    each.args.some((argument) => getNamedType(argument.type).name === enumName),
  );
  if (!field) throw new Error(`Nothing takes ${enumName}.`);
  const values = field.args.flatMap((argument) => {
    if (getNamedType(argument.type).name === enumName)
      return [`${argument.name}: ${String(argument.type).startsWith('[') ? '[$value]' : '$value'}`];
    const value = given[`Query.${field.name}(${argument.name}:)`];
    return value === undefined ? [] : [`${argument.name}: ${value}`];
  });
  const type = getNamedType(field.type);
  return `${field.name}(${values.join(', ')})${isLeafType(type) ? '' : ' { __typename }'}`;
}

describeHubs('what is open is asked for by GET as well, from the pages of everybody', async (hub) => {
  const address = `${hub.url}/public/graphql?query=${encodeURIComponent('{ division(code: "620000") { name } }')}`;
  const asked = await fetch(address, { headers: { origin: 'https://other.example' } });
  expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
  expect(await asked.json()).toEqual({ data: { division: { name: '甘肃省' } } });
});
