import { readAccessFacts } from '@longyuan/schema/src/access/access-facts.ts';
import { makeAccessSet } from '@longyuan/schema/src/access/access-set.ts';
import { type Caller, PUBLIC } from '@longyuan/schema/src/access/caller.ts';
import type { Grant } from '@longyuan/schema/src/access/grant.ts';
import { readArgumentFormats } from '@longyuan/schema/src/argument-formats.ts';
import { composeSupergraph } from '@longyuan/schema/src/compose-supergraph.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { buildSchema, print, validate } from 'graphql';
import { expect, test } from 'vitest';
import { makeFetchBound } from '../gateway/src/fairness/count-fetches.ts';
import { shownPath } from '../gateway/src/public/shown-path.ts';
import { makeAskedItems } from '../gateway/src/usage/asked-items.ts';
import { drawOperation } from '../test/draw-operation.ts';
import { operationIn } from '../test/operation-in.ts';
import { patience } from '../test/patience.ts';
import { checkFormats } from './check-formats.ts';
import { costOfOperation } from './cost-of-operation.ts';
import { type ExplainedItem, explainOperation } from './explain-operation.ts';
import { checkArgumentFormats } from './oracles/argument-formats.ts';
import { type AskedField as FormerPlace, makeAskedItems as makeFormerItems } from './oracles/asked-items.ts';
import { makeFetchBound as makeFormerBound } from './oracles/count-fetches.ts';
import { explainOperation as formerlyExplained } from './oracles/explain-operation.ts';
import { rootKeys } from './oracles/introspection-keys.ts';
import { coordinatesOf } from './oracles/operation-coordinates.ts';
import { costOfOperation as formerCost } from './oracles/operation-cost.ts';
import { pruneOperation as formerlyPruned } from './oracles/prune-operation.ts';
import { shownPath as formerlyShown } from './oracles/shown-path.ts';
import { pruneOperation } from './prune-operation.ts';
import { type AskedField, isAboutSchema, type Selection } from './selection.ts';
import { writeOperation } from './write-operation.ts';

// What one reader says of an operation now, held against the walkers that said it before.

const OPERATIONS = 2_000;
const FILLER = '__hub_nothing';
const libraries = readLibraries();
const { apiSdl, supergraphSdl } = composeSupergraph(libraries);
const schema = buildSchema(apiSdl);
const facts = readAccessFacts(readSharingFacts(libraries));
const formats = readArgumentFormats(libraries);
const isEntity = (type: string) => ['Person', 'LegalEntity', 'AdministrativeDivision', 'StandardAddress'].includes(type);
const [bound, formerBound] = [makeFetchBound(supergraphSdl), makeFormerBound(supergraphSdl)];
const [items, formerItems] = [makeAskedItems(facts), makeFormerItems(facts)];

test(`${OPERATIONS} operations are read as the walkers before read them`, { timeout: patience(300_000) }, () => {
  let state = 20_261_130;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let drawn = 0; drawn < OPERATIONS; drawn += 1) {
    const { source, variables } = drawOperation(schema, draw);
    const operation = operationIn(schema, source);
    const { document, node, root } = operation;
    const given = operation.given(variables);
    const written = writeOperation(operation, root, { filler: FILLER });
    expect(validate(schema, written), `${source}\n${print(written)}`).toEqual([]);
    // What is read of the one that is written is what was read of the one that was asked.
    const again = operationIn(schema, print(written));
    expect(textOf(again.root), source).toBe(textOf(root));
    // What can never apply was counted, too: of what can, the costs are the same.
    const former = { schema, document: again.document, operation: again.node, variables, isEntity };
    expect(costOfOperation(again, given, isEntity), source).toBe(formerCost(former));
    const keys = rootKeys(document, node);
    expect(root.fields.filter(isAboutSchema).map(({ key }) => key)).toEqual([...keys.schema.keys()]);
    const complaints = { rules: formats, schema, document: again.document, operationName: null, variables };
    expect(checkFormats(operation, given, formats).map(String).sort(), source).toEqual(checkArgumentFormats(complaints).map(String).sort());
    expect(bound(operation), source).toBe(formerBound({ document: again.document }));
    for (const path of pathsIn(root, draw))
      expect(shownPath(operation, path), source).toEqual(formerlyShown(again.document, again.node, path));
    const formerly = formerItems({ schema, document, operationName: null, variables });
    const now = items(operation, given);
    expect(placesIn(now.root), source).toEqual(placesIn(formerly.root));
    expect(operation.coordinates, source).toEqual([...coordinatesOf(schema, written)].sort());
  }
});

function textOf({ type, fields }: Selection): string {
  const one = ({ key, name, possible, conditions, below }: AskedField) =>
    `${key}:${name} ${possible} ${conditions.map(({ variable, wants }) => `${variable}${wants}`).sort()} ${below ? textOf(below) : ''}`;
  return `${type} { ${fields
    .filter(({ key }) => key !== FILLER)
    .map(one)
    .join('; ')} }`;
}

function pathsIn(root: Selection, draw: (below: number) => number): readonly (readonly (string | number)[])[] {
  return Array.from({ length: 5 }, () => {
    const path: (string | number)[] = [];
    for (let at: Selection | null = root; at && at.fields.length > 0; ) {
      const field: AskedField | undefined = at.fields[draw(at.fields.length)];
      path.push(draw(20) === 0 ? 'uscc' : (field?.key ?? ''), ...(draw(3) === 0 ? [draw(4)] : []));
      at = field?.below ?? null;
    }
    return path;
  });
}

/** Places of which nothing is told are left out: what can never stand there had one. */
function placesIn({ codes, inputs, below }: FormerPlace): unknown {
  const within = [...below].flatMap(([key, at]) => {
    const places = placesIn(at);
    return places === null ? [] : [[key, places]];
  });
  return codes.size + inputs.length + within.length === 0
    ? null
    : { codes: [...codes].sort(), inputs: inputs.length, within: within.sort() };
}

test(`${OPERATIONS} operations are pruned and explained as before, for every kind of caller`, { timeout: patience(300_000) }, () => {
  let state = 20_261_131;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const now = new Date('2026-11-24T08:00:00Z');
  const uscc = '116299010000001667';
  const items = facts.itemCodes
    .filter((_, at) => at % 3 > 0)
    .map((code, at) => ({ code, access: at % 5 === 0 ? ('MASKED' as const) : ('READ' as const) }));
  const grant: Grant = {
    ...{ id: 'g', library: 'population', consumer: uscc, resource: '101001/1', purposes: ['p'], basis: 'b', level: 3 },
    ...{ division: '620100', from: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z', callsPerDay: 1, rowsPerDay: 100, items },
  };
  const department = { kind: 'department', sub: 'd', uscc, role: 'developer', region: null } as const;
  const callers: readonly Caller[] = [
    PUBLIC,
    { kind: 'citizen', sub: 'c', person: 'k' },
    { kind: 'agent', sub: 'a', uscc: '92629901MAWF0G467T' },
    department,
    { ...department, uscc: '11629901000000019M' },
  ];
  const accesses = callers.map((caller) =>
    makeAccessSet(facts, { caller, purpose: 'p', grants: caller === department ? [grant] : [], now }),
  );
  let refused = 0;
  for (let drawn = 0; drawn < OPERATIONS; drawn += 1) {
    const { source, variables } = drawOperation(schema, draw);
    const operation = operationIn(schema, source);
    const { document, node } = operation;
    const given = operation.given(variables);
    const access = accesses[draw(accesses.length)];
    if (!access) continue;
    const pruned = pruneOperation({ operation, facts, access, given });
    const formerly = formerlyPruned({ schema, facts, access, document, operation: node, variables: given });
    refused += pruned.refused.length;
    expect(pruned.refused, source).toEqual(formerly.refused);
    expect(pruned.nulls, source).toEqual(formerly.nulls);
    expect([...pruned.told], source).toEqual([...formerly.told]);
    expect(pruned.document === null, source).toBe(formerly.document === null);
    if (pruned.document && formerly.document) {
      expect(validate(schema, pruned.document), source).toEqual([]);
      const both = [pruned.document, formerly.document].map((each) => textOf(operationIn(schema, print(each)).root));
      expect(both[0], source).toBe(both[1]);
    }
    const explained = explained_(() => explainOperation({ operation, facts, access, pruned, given }));
    // It told of what can never stand there, too: it is asked over what was written out.
    const written = writeOperation(operation, operation.root);
    const left = pruned.document === document ? written : pruned.document;
    const before = explained_(() =>
      formerlyExplained({ schema, facts, access, pruned: { ...formerly, document: left }, variables: given }),
    );
    expect(explained, source).toEqual(before);
  }
  expect(refused).toBeGreaterThan(OPERATIONS / 2);
});

/** Sorted: fragments that were written out put fields in the order asked. */
function explained_(explain: () => readonly ExplainedItem[]): unknown {
  try {
    return explain()
      .map((each) => JSON.stringify(each))
      .sort();
  } catch (error) {
    return String(error);
  }
}
