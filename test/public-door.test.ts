import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readDirectory } from '@longyuan/schema/src/read-directory.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import {
  buildSchema,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { beforeAll, expect, inject, test } from 'vitest';
import { ask, directoryAnswers } from './ask.ts';
import { madeUpValue } from './made-up-value.ts';

// What is said at the door does not depend on the database behind it.
const hub = inject('embedded');
const address = `${hub.url}/public/graphql`;
const read = (file: string) =>
  buildSchema(readFileSync(new URL(`../schema/composed/${file}`, import.meta.url), 'utf8'), { assumeValidSDL: true });
const contract = read('public.graphql');

const askPublic = (query: string, variables: Record<string, unknown> = {}) => ask(hub, query, variables, '/public/graphql');

/** Sends a body as it stands. */
async function post(body: unknown, type = 'application/json') {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

beforeAll(() => directoryAnswers(hub));

test('the public finds out what there is, whose it is and why it is kept back, and no name of the graph behind it', async () => {
  const { data, errors } = await askPublic(`{
    resources(filter: { text: "renkou", onHub: true }, first: 1) { nodes { name openness provider { name division { name } } } }
    resource(code: "101001/1") { items { code name shareType basis openToPublic } version }
  }`);
  expect(errors).toBeUndefined();
  expect(data.resources.nodes[0]).toEqual({
    name: '人口基础信息',
    openness: 'PARTLY_OPEN',
    provider: { name: '甘肃省公安厅', division: { name: '甘肃省' } },
  });
  const number = data.resource.items.find(({ name }: { name: string }) => name === '公民身份号码');
  expect(number).toMatchObject({ shareType: 'CONDITIONAL', openToPublic: false });
  for (const field of ['items { graphqlPath }', 'items { fields { coordinate } }', 'graphqlType', 'versions { changes { before } }']) {
    const asked = await askPublic(`{ resource(code: "101001/1") { ${field} } }`);
    expect(asked.errors?.[0]?.message).toMatch(/^Cannot query field "\w+" on type "\w+"\.$/);
  }
});

test('questions about the schema and about data stand in one operation, under whatever names', async () => {
  const operation = `query Mixed($name: String!, $also: Boolean!) {
    division: __type(name: "Person") { name }
    a: __schema { queryType { name } mutationType { name } }
    ...More
    b: __typename
    __typename
    real: division(code: "620000") { name t: __typename }
    left: __type(name: "LegalEntity") @include(if: $also) { name }
  }
  fragment More on Query { ... { entity: __type(name: $name) { kind fields { name } } } a: __schema { directives { name } } }`;
  const { status, data, errors } = await askPublic(operation, { name: 'Verification', also: false });
  expect([status, errors]).toEqual([200, undefined]);
  expect(data).toEqual({
    division: null,
    a: {
      queryType: { name: 'Query' },
      mutationType: null,
      directives: expect.arrayContaining([{ name: 'include' }, { name: 'skip' }]),
    },
    entity: { kind: 'OBJECT', fields: expect.arrayContaining([{ name: 'result' }]) },
    b: 'Query',
    __typename: 'Query',
    real: { name: '甘肃省', t: 'AdministrativeDivision' },
  });
});

test('data that is named like a question about the schema is data', async () => {
  const { data } = await askPublic('{ __schema: division(code: "620000") { __type: name } }');
  expect(data).toEqual({ __schema: { __type: '甘肃省' } });
});

test('questions about the schema are answered while data is refused', async () => {
  const { data, errors } = await askPublic('{ told: __type(name: "Poi") { name } division(code: "999999") { name } }');
  expect([data, errors]).toEqual([{ told: { name: 'Poi' }, division: null }, undefined]);
});

test('what federation adds to a schema is not there: entities, services, join types', async () => {
  for (const field of ['_service { sdl }', '_entities(representations: [{ __typename: "Person" }]) { __typename }']) {
    const { status, data, errors } = await askPublic(`{ ${field} }`);
    expect([status, data, errors?.map(({ extensions }) => extensions)]).toEqual([400, undefined, [{ code: 'BAD_USER_INPUT' }]]);
    expect(errors?.[0]?.message).toBe(`Cannot query field "${field.split(/\W/)[0]}" on type "Query".`);
  }
  const supergraph = read('supergraph.graphql');
  const names = Object.keys(supergraph.getTypeMap()).filter((name) => !contract.getType(name));
  expect(names).toContain('join__Graph');
  const asked = [...names, '_Any', '_Entity', '_Service'];
  // No more root fields at once than an operation may have.
  for (let from = 0; from < asked.length; from += 50) {
    const types = asked.slice(from, from + 50).map((name, index) => `t${index}: __type(name: "${name}") { name }`);
    const { data } = await askPublic(`{ ${types.join(' ')} }`);
    expect(new Set(Object.values(data))).toEqual(new Set([null]));
  }
});

test('an operation that is not chosen is checked like the one that is', async () => {
  const query = 'query Open { division(code: "620000") { name } } query Closed { person(idNumber: "1") { name } }';
  for (const operationName of ['Open', 'Closed', 'Neither', '', null, '__proto__']) {
    const { status, text } = await post({ query, operationName });
    expect([status, JSON.parse(text)]).toMatchObject([400, { errors: [{ message: 'Cannot query field "person" on type "Query".' }] }]);
  }
  const closed = 'query Open { division(code: "620000") { name } } fragment Unused on Person { name }';
  expect(JSON.parse((await post({ query: closed, operationName: 'Open' })).text)).toMatchObject({
    errors: [{ message: 'Unknown type "Person".' }, { message: 'Fragment "Unused" is never used.' }],
  });
});

test('an operation that is named by its hash is one that was asked without a token, of the public schema', async () => {
  const hash = (query: string) => ({ persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } });
  const [open, closed] = [
    'query Open { division(code: "620000") { name } }',
    'query Closed { person(idNumber: "629901198704270021") { name } }',
  ];
  const atMain = async (query: string, headers = {}) =>
    (
      await fetch(`${hub.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, extensions: hash(query) }),
      })
    ).status;
  const told = async (query: string) => JSON.parse((await post({ extensions: hash(query) })).text);
  // What a department asks nobody finds out by its hash.
  for (const query of [open, closed]) {
    expect(await atMain(query, { authorization: `Bearer ${hub.token}` })).toBe(200);
    expect((await told(query)).errors[0].extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
  }
  // What the public asked at the other door is validated at this one.
  expect(await atMain(closed)).toBe(200);
  expect((await told(closed)).errors[0].extensions.code).toBe('BAD_USER_INPUT');
  const first = await post({ query: open, extensions: hash(open) });
  expect(await post({ extensions: hash(open) })).toEqual(first);
  expect(JSON.parse(first.text)).toEqual({ data: { division: { name: '甘肃省' } } });
});

test('there is no other way to hand an operation in: no batch, no form, no bare text', async () => {
  const query = '{ division(code: "620000") { name } }';
  expect((await post([{ query }, { query }])).status).toBe(400);
  for (const type of ['application/graphql', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    expect((await post(query, type)).status, type).toBeGreaterThanOrEqual(400);
  }
  for (const url of [`${hub.url}/public/graphql/person`, `${hub.url}/public/graphiql`]) {
    expect((await fetch(url, { headers: { 'apollo-require-preflight': '1' } })).status, url).toBe(404);
  }
});

/** Words that tell of what is not open: names that the whole schema has and the contract has not, and codes of items that are not open. */
function hiddenWords(): ReadonlySet<string> {
  const shown = namesOf(contract);
  const names = [...namesOf(read('supergraph.graphql'))].filter((name) => !shown.has(name) && name.length > 2);
  const codes = readDirectory(readLibraries()).resources.flatMap(({ items }) => items.flatMap((item) => (item.open ? [] : [item.code])));
  return new Set([...names, ...codes].filter((word) => !ORDINARY.has(word)));
}

/** Names of closed arguments and fields that plain sentences use, too: a value, a check digit, what is required. */
const ORDINARY: ReadonlySet<string> = new Set(['value', 'check', 'required']);

function namesOf(schema: GraphQLSchema): ReadonlySet<string> {
  return new Set(
    Object.values(schema.getTypeMap()).flatMap((type) => [
      type.name,
      ...(isObjectType(type) || isInterfaceType(type)
        ? Object.values(type.getFields()).flatMap((field) => [field.name, ...field.args.map(({ name }) => name)])
        : []),
      ...(isInputObjectType(type) ? Object.keys(type.getFields()) : []),
      ...(isEnumType(type) ? type.getValues().map(({ name }) => name) : []),
    ]),
  );
}

/** Values that some argument cannot take. Most are wrong for every argument, each for a few. */
const WRONG: readonly unknown[] = [{ made: 'up' }, [[1]], 'made up', `9${'9'.repeat(400)}`, -1.5, true, null, '', '\u0000', '__proto__'];

type Given = { at: string; operation: (value: unknown) => { query: string; variables: Record<string, unknown> } };

/** Every argument and input field of the contract, in an operation that gives it any value, once as a variable and once in the text. */
function* everyInput(): Generator<Given> {
  for (const type of Object.values(contract.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';
      for (const argument of field.args) {
        const others = field.args.filter((each) => each !== argument && isRequiredArgument(each));
        const call = (value: string) =>
          `${field.name}(${[`${argument.name}: ${value}`, ...others.map((each) => `${each.name}: ${madeUpValue(each.type)}`)].join(', ')})${selection}`;
        const isRoot = type === contract.getQueryType();
        for (const path of inputPaths(argument)) {
          const at = [`${type.name}.${field.name}(${argument.name}:)`, ...path].join('.');
          const within = (given: unknown) => path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), given);
          const inText = (given: unknown) => call(literal(within(given)));
          yield {
            at,
            operation: (given) => ({
              query: isRoot ? `{ ${inText(given)} }` : `{ ...F } fragment F on ${type.name} { ${inText(given)} }`,
              variables: {},
            }),
          };
          const named = `query ($value: ${String(argument.type)}) { ${call('$value')} }`;
          if (isRoot) yield { at, operation: (given) => ({ query: named, variables: { value: within(given) } }) };
        }
      }
    }
  }
}

/** The argument itself, and every field within it. */
function inputPaths(input: GraphQLArgument | GraphQLInputField, seen: readonly string[] = []): readonly (readonly string[])[] {
  const type = getNamedType(input.type);
  if (!isInputObjectType(type) || seen.includes(type.name)) return [[]];
  const fields = Object.values(type.getFields());
  return [[], ...fields.flatMap((field) => inputPaths(field, [...seen, type.name]).map((path) => [field.name, ...path]))];
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, each]) => `${name}: ${literal(each)}`)
    .join(', ')} }`;
}

test('no error about a malformed value names anything that is not open', async () => {
  const hidden = hiddenWords();
  for (const word of ['Person', 'idNumber', 'searchPersons', 'P003']) expect(hidden).toContain(word);
  const told: unknown[] = [];
  let errors = 0;
  for (const { at, operation } of everyInput()) {
    for (const wrong of WRONG) {
      const { query, variables } = operation(wrong);
      const answer = await askPublic(query, variables);
      errors += answer.errors?.length ?? 0;
      const said = answer.errors?.map(({ message, path, extensions }) => [message, path, Object.values(extensions)]);
      const words = JSON.stringify([answer.data, said]).match(/\w+/g) ?? [];
      const named = words.filter((word) => hidden.has(word) && !query.includes(word));
      const isFault = answer.errors?.some(({ extensions }) => !['BAD_USER_INPUT', 'OPERATION_TOO_COSTLY'].includes(extensions.code));
      if (named.length > 0 || isFault) told.push({ at, wrong, named, answer });
    }
  }
  expect(told).toEqual([]);
  expect(errors).toBeGreaterThan(500);
});

test('a value that is not open is refused in the text of an operation as one that never was', async () => {
  const whole = read('api.graphql');
  for (const type of Object.values(contract.getTypeMap())) {
    const before = whole.getType(type.name);
    if (!isEnumType(type) || !isEnumType(before)) continue;
    for (const field of Object.values(contract.getQueryType()?.getFields() ?? {})) {
      for (const argument of field.args.filter((each) => getNamedType(each.type) === type)) {
        const message = async (value: string) => {
          const { errors = [] } = await askPublic(`{ ${field.name}(${argument.name}: ${value}) { __typename } }`);
          return errors.map((error) => error.message.replaceAll(value, '…'));
        };
        const never = await message('NEVER_HEARD_OF');
        for (const { name } of before.getValues()) if (!type.getValue(name)) expect(await message(name), name).toEqual(never);
      }
    }
  }
});

/** How well a resource fits a search stands in its place, in figures that the order of the page tells as well. */
const RANKS = ['0', '1', '2', '3'];

test('a cursor says nothing that the page does not', async () => {
  let cursors = 0;
  for (const field of Object.values(contract.getQueryType()?.getFields() ?? {})) {
    const type = getNamedType(field.type);
    if (!isObjectType(type) || !type.getFields()['pageInfo']) continue;
    const node = getNamedType(type.getFields()['nodes']?.type);
    if (!isObjectType(node)) throw new Error(`${type.name} has a page and no nodes.`);
    const leaves = Object.values(node.getFields()).filter(
      (each) => isLeafType(getNamedType(each.type)) && !each.args.some(isRequiredArgument),
    );
    for (const given of requiredOf(field.args)) {
      const { data } = await askPublic(
        `{ page: ${field.name}(${[...given, 'first: 2'].join(', ')}) { nodes { ${leaves.map(({ name }) => name).join(' ')} } pageInfo { endCursor } } }`,
      );
      const { nodes, pageInfo } = data?.page ?? { nodes: [], pageInfo: { endCursor: null } };
      if (pageInfo.endCursor === null) continue;
      cursors += 1;
      // Of which list it is, and in which order, whoever asked said.
      const [list, order, ...placed]: unknown[] = JSON.parse(Buffer.from(pageInfo.endCursor, 'base64url').toString());
      expect([list, ['', 'code'].includes(String(order))]).toEqual([`Query.${field.name}`, true]);
      const shown = [...Object.values(nodes.at(-1)).map(String), ...RANKS];
      expect(
        placed.filter((value) => !shown.includes(String(value))),
        `${field.name}: ${JSON.stringify(placed)}`,
      ).toEqual([]);
    }
  }
  expect(cursors).toBeGreaterThan(1);
});

/** Required arguments, an enum's each value in turn; where there is something else to be given, nothing. */
function requiredOf(args: readonly GraphQLArgument[]): readonly (readonly string[])[] {
  return args.filter(isRequiredArgument).reduce<readonly (readonly string[])[]>(
    (ways, argument) => {
      const type = getNamedType(argument.type);
      const values = isEnumType(type) ? type.getValues().map(({ name }) => name) : [];
      return ways.flatMap((way) => values.map((value) => [...way, `${argument.name}: ${value}`]));
    },
    [[]],
  );
}
