import { readFileSync } from 'node:fs';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { buildSchema, type GraphQLObjectType, getNamedType, isCompositeType, isObjectType, isRequiredArgument } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { operationIn } from '../../../test/operation-in.ts';
import type { LibrarySource } from '../libraries/library-source.ts';
import type { GatewayContext } from '../request/gateway-context.ts';
import { openBudget } from '../request/request-budget.ts';
import { type Ask, openGateway } from './open-gateway.ts';
import { keepPlainOperations, makeFetchBound } from './plain-operations.ts';

const supergraphSdl = readFileSync(new URL('../../../schema/composed/supergraph.graphql', import.meta.url), 'utf8');
const least = makeFetchBound(supergraphSdl);
const schema = buildSchema(readFileSync(new URL('../../../schema/composed/api.graphql', import.meta.url), 'utf8'));
let ask: Ask;
const plainOf = keepPlainOperations(supergraphSdl);
let calls = 0;

beforeAll(async () => {
  const source: LibrarySource = {
    process: async () => {
      calls += 1;
      return { data: {} };
    },
    close: async () => {},
  };
  const sources = new Map([...supergraphSdl.matchAll(/join__graph\(name: "([^"]+)"/g)].map(([, name = '']) => [name, source]));
  const log = openLog('gateway', { ...readEnvironment({}), logLevel: 'silent' });
  ({ ask } = await openGateway({ log, supergraphSdl, sources, maxFetches: 100_000 }));
});

/** Plans and runs an operation over libraries that hold nothing: what was counted before it was planned, and of its plan. */
async function count(query: string): Promise<{ before: number; planned: number; called: number }> {
  const operation = operationIn(schema, query);
  const { document } = operation;
  const budget = openBudget('r', 60_000);
  calls = 0;
  const context = { budget } as GatewayContext;
  // What Apollo Server would say of the request beside this is not looked at.
  await ask({ document, request: { query }, context, cache: {}, schema } as never, plainOf(operation, operation.root, query));
  return { before: least(operation), planned: budget.fetches, called: calls };
}

const firm = (selection: string) => `{ legalEntity(uscc: "91629901MAR2E1L78Q") { ${selection} } }`;
const times = (n: number, one: (n: number) => string) => Array.from({ length: n }, (_, at) => one(at)).join(' ');

test.each([
  ['one library', '{ division(code: "620000") { name children { name } } }', { before: 1, planned: 1 }],
  ['a hundred questions to one library', `{ ${times(100, (n) => `d${n}: division(code: "620000") { name }`)} }`, { before: 1, planned: 1 }],
  ['four hundred names of an edge', firm(times(400, (n) => `a${n}: address { fullText }`)), { before: 401, planned: 401 }],
  ['the same edge twice', firm('address { fullText } address { street }'), { before: 2, planned: 2 }],
  [
    'names in a fragment',
    `${firm('...A b: address { ...B }')} fragment A on LegalEntity { a: address { ...B } } fragment B on StandardAddress { fullText }`,
    { before: 3, planned: 3 },
  ],
])('%s: fetches are counted before the plan is made and in it', async (_name, query, expected) => {
  expect(await count(query)).toMatchObject(expected);
});

test('under a condition nothing is counted before the plan is made, and the plan counts the side with more', async () => {
  const { before, planned } = await count(firm('name @skip(if: false) a: address @include(if: true) { fullText }'));
  expect(before).toBeLessThanOrEqual(planned);
  expect(planned).toBe(2);
});

test('of 300 operations drawn at random none is counted higher before than its plan is, and no plan calls more often than it is counted', async () => {
  let state = 7;
  const draw = (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const select = (type: GraphQLObjectType, depth: number): string =>
    Object.values(type.getFields())
      .filter(
        ({ args, type: of }) =>
          !args.some(isRequiredArgument) && (isObjectType(getNamedType(of)) ? depth > 0 : !isCompositeType(getNamedType(of))),
      )
      .filter(() => draw(3) === 0)
      .slice(0, 4)
      .flatMap((field) => {
        const below = getNamedType(field.type);
        const inner = isObjectType(below) ? `{ __typename ${select(below, depth - 1)} }` : '';
        return Array.from({ length: 1 + draw(2) }, () => `f${draw(1_000_000)}: ${field.name} ${inner}`);
      })
      .join(' ');
  const roots: Readonly<Record<string, string>> = {
    'legalEntity(uscc: "91629901MAR2E1L78Q")': 'LegalEntity',
    'person(idNumber: "11010519491231002X")': 'Person',
    'persons(idNumbers: ["11010519491231002X"])': 'Person',
    'license(identifier: "x")': 'License',
    'address(code: "x")': 'StandardAddress',
    'realEstateUnit(no: "x")': 'RealEstateUnit',
    'division(code: "620000")': 'AdministrativeDivision',
  };
  const wrong: string[] = [];
  let crossing = 0;
  for (let n = 0; n < 300; n += 1) {
    const chosen = Object.entries(roots).filter(() => draw(4) === 0);
    const query = `{ __typename ${chosen.map(([root, type]) => `r${draw(1_000_000)}: ${root} { __typename ${select(schema.getType(type) as GraphQLObjectType, 3)} }`).join(' ')} }`;
    const { before, planned, called } = await count(query);
    if (before > planned || called > planned) wrong.push(`${before} ${planned} ${called} ${query}`);
    if (before > chosen.length) crossing += 1;
  }
  expect(wrong).toEqual([]);
  // Else this would say nothing of edges from one library to another.
  expect(crossing).toBeGreaterThan(50);
});
