import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLittleHub } from './little-hub.ts';

/** Processor time. Unbounded, such a document takes more than ten seconds of it; bounded, a tenth of one. */
const AWHILE_MS = 2_000;
const processorMs = () => process.cpuUsage().user / 1_000;

let hub: Awaited<ReturnType<typeof startLittleHub>>;
beforeAll(async () => {
  hub = await startLittleHub();
  await hub.until('registry', 'READY');
  await hub.until('rating', 'READY');
});
afterAll(() => hub.close());

const nest = (depth: number, inner: string): string => (depth === 0 ? inner : `friends { ${nest(depth - 1, inner)} }`);
/** Each fragment spreads the one before it twice: the text grows by a line, the operation doubles. Nobody has this number, so planning is all it costs. */
const bomb = (fragments: number): string =>
  `{ person(idNumber: "440524188001010014") { ...F${fragments} } } fragment F0 on Person { name score } ${Array.from(
    { length: fragments },
    (_, n) => `fragment F${n + 1} on Person { friends { ...F${n} } a${n}: friends { ...F${n} } }`,
  ).join(' ')}`;
const flatBomb = (fragments: number): string =>
  `{ ...F${fragments} } fragment F0 on Query { worst } ${Array.from({ length: fragments }, (_, n) => `fragment F${n + 1} on Query { ...F${n} ...F${n} }`).join(' ')}`;

test.each([
  ['20 fragments that double, 1.3 KB', bomb(20), 'HUB_MAX_DEPTH'],
  ['13 fragments that double', bomb(13), 'HUB_MAX_SELECTIONS'],
  ['nesting of 17 fields', `{ persons { ${nest(15, 'name')} } }`, 'HUB_MAX_DEPTH'],
  ['nesting of 4,900 fields', `{ persons { ${nest(3_000, 'name')} } }`, 'HUB_MAX_DEPTH'],
  ['nesting inside a value', `{ person(idNumber: ${'['.repeat(4_900)}"1"${']'.repeat(4_900)}) { name } }`, 'HUB_MAX_DEPTH'],
  ['types within types', `query ($n: ${'['.repeat(4_500)}String${']'.repeat(4_500)}) { person(idNumber: $n) { name } }`, 'HUB_MAX_DEPTH'],
  ['fragments within fragments', `${'{ ... '.repeat(3_000)}{ worst }${'}'.repeat(3_000)}`, 'HUB_MAX_DEPTH'],
  ['11,000 tokens', `{ ${'worst '.repeat(11_000)} }`, 'HUB_MAX_TOKENS'],
  ['12 fragments that double without nesting', flatBomb(12), 'HUB_MAX_SELECTIONS'],
  ['one field 4,500 times', `{ persons { ${'name '.repeat(4_500)} } }`, 'field pairs'],
  ['200 root fields', `{ ${'worst '.repeat(200)} }`, 'HUB_MAX_ROOT_FIELDS'],
  [
    'a hundred changes',
    `mutation { ${Array.from({ length: 100 }, (_, n) => `a${n}: rename(idNumber: "1", name: "2") { name }`).join(' ')} }`,
    'HUB_MAX_CHANGES',
  ],
  ['600 other names', `{ persons { ${Array.from({ length: 600 }, (_, n) => `a${n}: name`).join(' ')} } }`, 'HUB_MAX_ALIASES'],
  ['200 directives', `{ persons { name ${'@skip(if: false) '.repeat(200)} } }`, 'HUB_MAX_DIRECTIVES'],
  ['lists within lists that multiply', `{ persons { ${nest(12, 'name score')} } }`, 'HUB_MAX_COST'],
])('%s is refused at once, with no data and by the name of the limit', async (_name, query, limit) => {
  const before = processorMs();
  const { status, data, errors } = await hub.ask(query);
  expect(processorMs() - before).toBeLessThan(AWHILE_MS);
  expect({ status, data, errors: errors?.map(({ extensions }) => ({ code: extensions['code'], limit: extensions['limit'] })) }).toEqual({
    status: 400,
    data: undefined,
    errors: [{ code: 'OPERATION_TOO_COSTLY', limit }],
  });
  expect(errors?.[0]?.message).toMatch(/HUB_|\d/);
});

test('the largest bomb that is let in is planned without holding anybody up', async () => {
  const before = processorMs();
  const { status, data } = await hub.ask(bomb(6));
  expect({ status, data }).toEqual({ status: 200, data: { person: null } });
  expect(processorMs() - before).toBeLessThan(AWHILE_MS);
});

test('fragments that spread each other in a circle are refused by validation', async () => {
  const { status, errors } = await hub.ask('{ persons { ...A } } fragment A on Person { ...B } fragment B on Person { ...A }');
  expect({ status, code: errors?.[0]?.extensions['code'] }).toEqual({ status: 400, code: 'BAD_USER_INPUT' });
});

test('a legitimate question, 8 deep with 60 aliases, is answered', async () => {
  const aliases = Array.from({ length: 60 }, (_, n) => `p${n}: person(idNumber: "11010519491231002X") { ${nest(6, 'name')} }`);
  const { status, data, errors } = await hub.ask(`{ ${aliases.join(' ')} }`);
  expect({ status, errors, answered: Object.keys(data).length }).toEqual({ status: 200, errors: undefined, answered: 60 });
});

test('what libraries bring together is bounded over all of them, by values and by bytes', async () => {
  const query = '{ persons { name friends { name score } } }';
  for (const [changed, limit, most] of [
    [{ maxValues: 20 }, 'HUB_MAX_VALUES', '20 values'],
    [{ maxAnswerBytes: 1_000 }, 'HUB_MAX_ANSWER_BYTES', '1000 bytes'],
  ] as const) {
    const small = await startLittleHub(changed);
    await small.until('registry', 'READY');
    await small.until('rating', 'READY');
    expect((await small.ask('{ persons { name } }')).errors).toBeUndefined();
    const long = Array.from({ length: 40 }, (_, n) => `n${n}: name`).join(' ');
    const { data, errors } = await small.ask(limit === 'HUB_MAX_VALUES' ? query : `{ persons { friends { ${long} } } }`);
    expect(data).toBeNull();
    expect(errors?.map(({ message, extensions }) => ({ message, code: extensions['code'], limit: extensions['limit'] }))).toEqual([
      {
        message: `The operation brings together more than ${most} (${limit}). Ask for less at once.`,
        code: 'OPERATION_TOO_COSTLY',
        limit,
      },
    ]);
    await small.close();
  }
});
