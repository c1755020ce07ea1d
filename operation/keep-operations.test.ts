import { buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import { keepByOperation, keepOperations } from './keep-operations.ts';
import { findOperation, type Operation } from './read-operation.ts';

const schema = buildSchema('type Query { division: Division } type Division { name: String parent: Division }');

/** What `read` gives for a text, of a document of its own. */
function asked(kept: ReturnType<typeof keepOperations>, text: string): Operation {
  const document = parse(text, { noLocation: true });
  const node = findOperation(document, null);
  if (typeof node === 'string') throw new Error(node);
  return kept.read(document, node);
}

test('an operation that was let in is read once, one that was not is read anew', () => {
  const kept = keepOperations(schema, { what: 'tried', most: 10, mostBytes: 1_000_000 });
  const operation = asked(kept, '{ division { name } }');
  expect(kept.has(operation.document)).toBe(false);
  expect(kept.read(operation.document, operation.node)).not.toBe(operation);
  kept.keep(operation);
  expect(kept.has(operation.document)).toBe(true);
  expect(kept.read(operation.document, operation.node)).toBe(operation);
});

test('each operation of a document is kept under its name', () => {
  const kept = keepOperations(schema, { what: 'tried', most: 10, mostBytes: 1_000_000 });
  const document = parse('query A { division { name } } query B { division { parent { name } } }');
  const both = ['A', 'B'].map((name) => {
    const node = findOperation(document, name);
    if (typeof node === 'string') throw new Error(node);
    const operation = kept.read(document, node);
    kept.keep(operation);
    return { node, operation };
  });
  for (const { node, operation } of both) expect(kept.read(document, node)).toBe(operation);
});

test('they are kept by number and by what they cost, fragments written out; those not asked for longest go first', () => {
  const few = keepOperations(schema, { what: 'tried', most: 20, mostBytes: 10_000_000 });
  const all = Array.from({ length: 30 }, (_, at) => asked(few, `{ d${at}: division { name } }`));
  for (const operation of all) few.keep(operation);
  expect(all.map(({ document }) => few.has(document))).toEqual(all.map((_, at) => at >= 10));
  const small = keepOperations(schema, { what: 'tried', most: 1_000, mostBytes: 500_000 });
  const spread = (at: number) => {
    const doublings = Array.from({ length: 8 }, (_, n) => `fragment F${n + 1} on Division { ...F${n} ...F${n} }`).join(' ');
    return `{ d${at}: division { ...F8 } } fragment F0 on Division { name } ${doublings}`;
  };
  const large = Array.from({ length: 30 }, (_, at) => asked(small, spread(at)));
  for (const operation of large) small.keep(operation);
  const left = large.filter(({ document }) => small.has(document)).length;
  // Of 257 fields each, whose text is short.
  expect(left).toBeLessThan(6);
  expect(left).toBeGreaterThan(0);
});

test('what is worked out of operations is kept over all of them, by number and by the size of their documents', () => {
  const kept = keepOperations(schema, { what: 'tried', most: 10, mostBytes: 1_000_000 });
  const workedOut = keepByOperation<{ of: string }>({ most: 40, mostBytes: 1_000_000 });
  const operation = asked(kept, '{ division { name } }');
  let times = 0;
  const ask = (of: Operation, variant: string) => workedOut(of, variant, () => ({ of: `${variant} ${times++}` }));
  expect(ask(operation, 'x')).toBe(ask(operation, 'x'));
  expect(ask(asked(kept, '{ division { name } }'), 'x')).not.toBe(ask(operation, 'x'));
  for (let place = 0; place < 40; place += 1) ask(operation, `y${place}`);
  const before = times;
  ask(operation, 'y39');
  expect(times).toBe(before);
  ask(operation, 'x');
  expect(times).toBe(before + 1);
  // A large document leaves room for few.
  const large = asked(kept, `{ division { ${Array.from({ length: 200 }, (_, n) => `n${n}: name`).join(' ')} } }`);
  for (let place = 0; place < 40; place += 1) ask(large, `z${place}`);
  ask(large, 'z0');
  expect(times).toBe(before + 42);
});
