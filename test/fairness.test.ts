import type { Account } from '@longyuan/identity/account.ts';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { libraryNamed } from '@longyuan/schema/src/read-libraries.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { beforeAll, expect, inject, test } from 'vitest';
import { type Answer, ask, askWell, directoryAnswers } from './ask.ts';

const world = readWorld();
const hub = inject('embedded');
const settings = readEnvironment(hub.environment);
const anyone = { url: hub.url };
const tokenFor = (account: Account) => askToken(settings, account);
const [firm] = world.legalEntities;
const [person] = world.people;
const idNumber = person?.idNumber ?? '';

const codesOf = (answers: readonly Answer[]) => answers.map(({ errors }) => errors?.[0]?.extensions.code ?? 'ANSWERED');
/** An edge of a firm that is open, under so many names: each is a call of its own. */
const edges = (names: number) =>
  `{ legalEntity(uscc: "${firm?.uscc}") { ${Array.from({ length: names }, (_, n) => `a${n}: division { name }`).join(' ')} } }`;
const HEAD_COUNTS =
  '{ a: populationStatistics(division: "620000", by: [SEX]) { labels } b: populationStatistics(division: "620000", by: [AGE_BAND]) { labels } c: populationStatistics(division: "620100", by: [SEX, AGE_BAND]) { labels } }';

beforeAll(() => directoryAnswers(hub));

test('four hundred names of an edge between libraries are refused before any of them is fetched', async () => {
  const { status, data, errors } = await ask(anyone, edges(400));
  expect({ status, data, errors: errors?.map(({ extensions }) => extensions) }).toEqual({
    status: 400,
    data: undefined,
    errors: [{ code: 'OPERATION_TOO_COSTLY', limit: 'HUB_MAX_FETCHES', value: 128 }],
  });
  // A hundred root fields, each of which leads to one other library, are still one operation.
  const roots = Array.from({ length: 100 }, (_, n) => `r${n}: legalEntity(uscc: "${firm?.uscc}") { name division { name } }`);
  expect(Object.keys(await askWell(anyone, `{ ${roots.join(' ')} }`))).toHaveLength(100);
});

test('a department is answered, and a grant that is revoked has ended, while the public asks for all it may at once', async () => {
  const consumer = world.departments.find(({ name }) => name === '甘肃省卫生健康委员会')?.uscc ?? '';
  const purpose = world.serviceItems[0]?.implCode ?? '';
  const developer = { ...anyone, purpose, token: await tokenFor({ kind: 'department', uscc: consumer, role: 'developer', region: null }) };
  const steward = {
    ...anyone,
    token: await tokenFor({ kind: 'department', uscc: libraryNamed('population').uscc, role: 'steward', region: null }),
  };
  const NAME = `{ person(idNumber: "${idNumber}") { name } }`;
  const codes = async () => codesOf([await ask(developer, NAME)]);
  // Nobody else's grant is looked at: this one alone reaches as far.
  const before = await codes();

  const leaving = new AbortController();
  const flood = [edges(126), HEAD_COUNTS].map(async (query) => {
    const answers = new Set<number>();
    await Promise.all(
      Array.from({ length: 12 }, async () => {
        while (!leaving.signal.aborted) answers.add((await ask(anyone, query)).status);
      }),
    );
    return answers;
  });
  try {
    const input = {
      ...{
        resource: '101001/1',
        items: ['P001', 'P002'].map((code) => ({ code, access: 'READ' })),
        purposes: [purpose],
        basis: '国办发〔2023〕',
      },
      ...{ scenario: `大量查询之下 ${process.pid}`, division: '620000', level: 4, callsPerDay: 1_000 },
      until: new Date(Date.now() + 86_400_000).toISOString(),
    };
    const { apply } = await askWell(developer, 'mutation($input: ApplicationInput!) { apply(input: $input) { no } }', { input });
    const { answer } = await askWell(
      steward,
      'mutation($no: ID!) { answer(no: $no, decision: GRANT, reason: "符合条件") { grant { id } } }',
      { no: apply.no },
    );
    // In force for the very next question, and over for the one after it ended.
    for (let n = 0; n < 5; n += 1) expect(await askWell(developer, NAME)).toEqual({ person: { name: person?.name } });
    await askWell(steward, 'mutation($id: ID!) { revokeGrant(id: $id, reason: "用途已变") { state } }', { id: answer.grant.id });
    expect(await codes()).toEqual(before);
  } finally {
    leaving.abort();
  }
  // What the public is told is an answer or when to come again.
  for (const statuses of await Promise.all(flood)) expect([200, 429]).toEqual(expect.arrayContaining([...statuses]));
});

test('a citizen who asks for a thousand people thirty times at once is told when to come again; a single burst of plain questions is answered', async () => {
  const citizen = { ...anyone, token: await tokenFor({ kind: 'person', idNumber }) };
  const query = 'query($all: [String!]!) { persons(idNumbers: $all) { name } }';
  const numbers = world.people.map((each) => each.idNumber);
  const all = Array.from({ length: 1_000 }, (_, n) => numbers[n % numbers.length]);
  const own = `{ person(idNumber: "${idNumber}") { name } }`;
  expect(new Set(codesOf(await Promise.all(Array.from({ length: 40 }, () => ask(citizen, own)))))).toEqual(new Set(['ANSWERED']));

  const answers = await Promise.all(Array.from({ length: 30 }, () => ask(citizen, query, { all })));
  const limited = answers.filter(({ errors }) => errors?.[0]?.extensions.code === 'RATE_LIMITED');
  expect(limited.length).toBeGreaterThan(0);
  for (const { status, data, errors } of limited) {
    expect({ status, data, errors: errors?.length }).toEqual({ status: 429, data: undefined, errors: 1 });
    expect(errors?.[0]?.extensions['retryAfterSeconds']).toBeGreaterThan(0);
  }
  expect(answers.length - limited.length).toBeGreaterThan(5);
});
