import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLittleHub } from './little-hub.ts';

let hub: Awaited<ReturnType<typeof startLittleHub>>;
beforeAll(async () => {
  hub = await startLittleHub();
  await hub.until('registry', 'READY');
  await hub.until('rating', 'READY');
});
afterAll(() => hub.close());

test('a field may be called like a key that the planner needs beside it, or like any other field', async () => {
  const { status, data, errors } = await hub.ask(
    '{ persons { id: name score friends { idNumber: score id: idNumber } ... on Person { name: __typename } } }',
  );
  const friends = [
    { idNumber: 100, id: '11010519491231002X' },
    { idNumber: 200, id: '62010219800101001X' },
  ];
  expect({ status, data, errors }).toEqual({
    status: 200,
    errors: undefined,
    data: {
      persons: [
        { id: '马建国', score: 100, friends, name: 'Person' },
        { id: '祁月兰', score: 200, friends, name: 'Person' },
      ],
    },
  });
});

test('an error stands where its caller put the field', async () => {
  hub.libraries.rating.answers = { status: 500, text: 'no' };
  const { data, errors } = await hub.ask('{ persons { id: score name } }');
  hub.libraries.rating.answers = 'well';
  expect(data).toEqual({
    persons: [
      { id: null, name: '马建国' },
      { id: null, name: '祁月兰' },
    ],
  });
  expect(errors?.map(({ path }) => path)).toEqual([['persons', 'id']]);
  expect(JSON.stringify(errors)).not.toContain('__hub_');
  await hub.until('rating', 'READY');
});

test('a field may be called like what GraphQL itself adds', async () => {
  const { status, data, errors } = await hub.ask('{ persons { __typename: name __x: score __schema: idNumber } __type: worst }');
  expect({ status, errors }).toEqual({ status: 200, errors: undefined });
  expect(data).toEqual({
    persons: [
      { __typename: '马建国', __x: 100, __schema: '11010519491231002X' },
      { __typename: '祁月兰', __x: 200, __schema: '62010219800101001X' },
    ],
    __type: 1,
  });
});

test.each(['__proto__', '__hubType', '__hub_id'])('no field may be called %s', async (name) => {
  const { status, data, errors } = await hub.ask(`{ persons { ${name}: name } }`);
  expect({ status, data, code: errors?.[0]?.extensions['code'] }).toEqual({ status: 400, data: undefined, code: 'BAD_USER_INPUT' });
  expect(errors?.[0]?.message).toContain(name);
  const inFragment = `query($no: Boolean = false) { persons { ...A } } fragment A on Person { name ${name}: score @include(if: $no) }`;
  expect((await hub.ask(inFragment)).status).toBe(400);
});

test('what GraphQL calls so itself may be called so', async () => {
  expect((await hub.ask('{ __typename: __typename persons { __typename: __typename kind: __typename } }')).data).toEqual({
    __typename: 'Query',
    persons: [
      { __typename: 'Person', kind: 'Person' },
      { __typename: 'Person', kind: 'Person' },
    ],
  });
});
