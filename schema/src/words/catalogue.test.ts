import { buildSchema, getVariableValues, type OperationDefinitionNode, parse } from 'graphql';
import { expect, test } from 'vitest';
import { type ErrorCode, errorCodes } from '../error-codes.ts';
import { valueForms } from '../value-forms.ts';
import { refusals, rules } from './catalogue.ts';
import { inChinese } from './in-chinese.ts';
import { messagesOfGraphql } from './messages-of-graphql.ts';
import { faultsOfApplications, reasonsOfItems, reasonsOfTokens } from './reasons.ts';
import { refusalsOfHub } from './refusals-of-hub.ts';
import { refusalsOfItems } from './refusals-of-items.ts';
import { refusalsOfLibraries, refusalsToGateways } from './refusals-of-libraries.ts';
import { refusalsOfRequests } from './refusals-of-requests.ts';
import { rulesOfGrants } from './rules-of-grants.ts';
import { rulesOfHub } from './rules-of-hub.ts';
import { rulesOfForms, rulesOfValues } from './rules-of-values.ts';
import { fill, type Words } from './sentence.ts';
import { rulesOfScore, textsOfAges, textsOfRows } from './texts.ts';

/** What stands within other sentences, or in a field of the graph. */
const phrases = {
  ...{ ...refusalsOfItems, ...reasonsOfItems, ...reasonsOfTokens, ...faultsOfApplications },
  ...{ ...textsOfRows, ...textsOfAges, ...rulesOfScore },
};

const every: readonly (readonly [string, Words])[] = [
  ...Object.entries<Words>(rules),
  ...Object.entries<Words>(refusals),
  ...Object.entries<Words>(phrases),
  ...Object.entries<Words>(errorCodes),
  ...Object.entries<Words>(messagesOfGraphql),
];

const holesIn = (text: string): readonly string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([hole]) => hole))].sort();

/** Names, codes and notations that are the same in both languages. */
const SAME_IN_CHINESE = [
  /\{\w+\}/g,
  // Settings and codes; fields, arguments and headers of the hub; notations by their names.
  /\b(HUB|OIDC)_[A-Z_]+\b/g,
  /\b(READ|MASKED|VERIFY|GRANT|REFUSE)\b/g,
  /\b(explainAccess|operationName|query|variables|extensions|locations|path|argument|near|after|lang|limit|list|zh|division|divisions|provider|providers|library|resources|items|null|true|false|__schema|__type|persistedQuery|sha256Hash|version)\b/g,
  /\b(X-Purpose|Authorization|Bearer|Content-Type|Content-Length|Accept|Link|apollo-require-preflight|application\/(graphql-response\+)?json|localhost)\b/g,
  /\/public\/(graphql|catalog\.jsonld)/g,
  /\b(GB(\/T)? \d+(\.\d)?|RFC \d+|UTF-8|U\+0000|SHA-256|YYYY-MM-DD|\d{4}-\d{2}-\d{2}T[\d:]+Z|JSON|JWT|HTTP|TLS|GraphQL|POST|GET|CSRF|Unicode|I|O|S|V|Z)\b/g,
  /\b(String|Boolean|Int|Float|ID)(?= 类型)/g,
  /PersistedQueryNot(Found|Supported)/g,
];

test('every sentence is there in both languages, with the same in its holes', () => {
  expect(every.length).toBeGreaterThan(250);
  for (const [id, { en, zh }] of every) {
    expect(zh, id).not.toBe('');
    expect(en, id).not.toBe('');
    // What is only quoted need not be said twice.
    const left = holesIn(en).filter((hole) => !holesIn(zh).includes(hole));
    expect(
      holesIn(zh).filter((hole) => !holesIn(en).includes(hole)),
      id,
    ).toEqual([]);
    if (!Object.hasOwn(messagesOfGraphql, id)) expect(left, id).toEqual([]);
  }
});

test('Chinese is Chinese but for names and codes; English holds no Chinese but a term in brackets', () => {
  const foreign = every.flatMap(([id, { zh }]) => {
    const letters = SAME_IN_CHINESE.reduce((text, same) => text.replace(same, ''), zh).match(/[A-Za-z]+/g);
    return letters ? [`${id}: ${letters.join(' ')}`] : [];
  });
  expect(foreign).toEqual([]);
  expect(every.filter(([, { zh }]) => !/\p{Script=Han}/u.test(zh)).map(([id]) => id)).toEqual([]);
  // Punctuation is Chinese too.
  expect(every.filter(([, { zh }]) => /[,;!?()]|(?<=\p{Script=Han})[.:]/u.test(zh)).map(([id, { zh }]) => `${id}: ${zh}`)).toEqual([]);
  expect(every.filter(([, { en }]) => /\p{Script=Han}/u.test(en.replace(/\([^()]*\)/g, ''))).map(([id]) => id)).toEqual([]);
});

test('an id stands once in what is put together, and no two sentences read alike', () => {
  const parts = [
    [rules, [rulesOfValues, rulesOfForms, rulesOfGrants, rulesOfHub]],
    [refusals, [refusalsOfLibraries, refusalsToGateways, refusalsOfRequests, refusalsOfHub]],
    [phrases, [refusalsOfItems, reasonsOfItems, reasonsOfTokens, faultsOfApplications, textsOfRows, textsOfAges, rulesOfScore]],
  ] as const;
  for (const [whole, each] of parts) {
    expect(Object.keys(whole)).toHaveLength(each.reduce((sum, part) => sum + Object.keys(part).length, 0));
  }
  const texts = Object.values<Words>(refusals).map(({ en }) => en);
  expect(texts.filter((text, place) => texts.indexOf(text) !== place)).toEqual([]);
});

/** A value for every hole, as it may stand there. */
const sample: Readonly<Record<string, string>> = {
  ...{ number: '12', most: '99', left: '0', each: '3', size: '7', moment: '2026-06-30T16:00:00.000Z', access: 'READ' },
  ...{
    title: '人口基础信息库',
    code: '101001/1',
    type: 'Person',
    coordinate: 'Person.name',
    arguments: '`first`',
    limit: 'HUB_MAX_VALUES',
  },
  ...{
    library: 'e-license',
    department: '甘肃省公安厅',
    variable: '$day',
    asked: 'Z999',
    argument: 'Query.person(idNumber:)',
    address: 'https://services.example:8443/hub',
    name: 'phone',
  },
  ...{ operation: 'mutation', no: 'credit-7f3', resource: '101001/1', item: 'Person.phone', place: 'input.items[0]', predicate: 'IS_FIRM' },
  ...{ division: '620102', other: '"}"', written: '<EOF>', rule: rules.FORM_DATE.en, reason: reasonsOfItems.LOGIN.en },
  ...{ fault: faultsOfApplications.ALTERED.en, meaning: 'x', message: refusals.NO_OPERATION.en },
};
const samplesInChinese: Readonly<Record<string, string>> = {
  ...{ ...sample, rule: rules.FORM_DATE.zh, reason: reasonsOfItems.LOGIN.zh, fault: faultsOfApplications.ALTERED.zh },
  ...{ meaning: errorCodes.BAD_USER_INPUT.zh, message: refusals.NO_OPERATION.zh },
};

test.each([
  ...Object.entries<Words & { code: ErrorCode }>(refusals).map(([id, words]) => [id, words, words.code] as const),
  ...Object.entries<Words>(messagesOfGraphql).map(([id, words]) => [id, words, 'BAD_USER_INPUT'] as const),
  ...Object.entries<Words>(refusalsOfItems).map(([id, words]) => [id, words, 'BAD_USER_INPUT'] as const),
])('%s is found again in its English, and said in Chinese with the same in it', (_id, words, code) => {
  expect(inChinese(fill(words.en, sample), code)).toBe(fill(words.zh, samplesInChinese));
});

test.each(Object.entries<Words>(rules))('the rule %s is said in Chinese of the argument it is about', (id, words) => {
  const said = inChinese(`Mutation.apply(input:).items ${fill(words.en, sample)}`, 'BAD_USER_INPUT');
  // Two forms may read alike; so does their Chinese.
  expect(said, id).toBe(`Mutation.apply(input:).items ${fill(words.zh, samplesInChinese)}`);
});

test.each(Object.entries<Words>({ ...reasonsOfItems, ...reasonsOfTokens }))('the reason %s is said within its sentence', (_id, words) => {
  const reason = fill(words.en, sample);
  expect(inChinese(`Person.phone (手机号码, 甘肃省公安厅) is not answered: ${reason}.`, 'ITEM_NOT_GRANTED')).toBe(
    `未予提供 Person.phone（手机号码，甘肃省公安厅）：${fill(words.zh, sample)}。`,
  );
});

test('what is refused within an explanation is said within it', () => {
  const inner = 'Query.person(idNumber:) must be a day of the calendar, YYYY-MM-DD';
  expect(inChinese(`query would be refused as a whole: ${inner}`, 'BAD_USER_INPUT')).toBe(
    'query 将被整体拒绝：Query.person(idNumber:) 须为真实日期，格式为 YYYY-MM-DD',
  );
  expect(inChinese('query would be refused as a whole: The operation has a mood.', 'OPERATION_TOO_COSTLY')).toBe(
    'query 将被整体拒绝：操作超过上限，未予应答。',
  );
});

test.each(['http://localhost:4000', 'https://data.gansu.example/hub', 'https://[2001:db8::1]:8443'])(
  'a sentence with the address %s is found again',
  (address) => {
    for (const id of ['NO_FILE', 'NO_INTROSPECTION'] as const) {
      const { en, zh, code } = refusals[id];
      expect(inChinese(fill(en, { address }), code)).toBe(fill(zh, { address }));
    }
  },
);

test('a title with brackets in it leaves its sentence what it is', () => {
  const title = '法定代表人(负责人)姓名';
  const { en, zh } = rules.NO_MASK;
  expect(inChinese(`Mutation.apply(input:).items ${fill(en, { code: 'D006', title })}`, 'BAD_USER_INPUT')).toBe(
    `Mutation.apply(input:).items ${fill(zh, { code: 'D006', title })}`,
  );
});

test('whatever graphql-js says of a value of a variable is said in Chinese with what is wrong with it', () => {
  const schema = buildSchema('input In { name: String! kind: Kind many: [In!] } enum Kind { FIRST } type Query { a(in: In!): Int }');
  const { definitions } = parse('query ($in: In!) { a(in: $in) }');
  const { variableDefinitions = [] } = definitions[0] as OperationDefinitionNode;
  const values = [{}, { zzz: 'x' }, { name: 5 }, { name: null }, { name: 'x', kind: 'NONE' }, { name: 'x', many: [{}] }, 'x', [], null];
  for (const value of [...values, undefined]) {
    const { errors = [] } = getVariableValues(schema, variableDefinitions, value === undefined ? {} : { in: value });
    expect(errors.length).toBeGreaterThan(0);
    for (const { message } of errors) expect(inChinese(message, 'BAD_USER_INPUT'), message).not.toContain(errorCodes.BAD_USER_INPUT.zh);
  }
});

test.each([
  ['a sentence of nobody', 'INTERNAL'],
  ['Person.phone is not answered: call 13800000000.', 'ITEM_NOT_GRANTED'],
  [`Unknown type "${'x'.repeat(5_000)}".`, 'BAD_USER_INPUT'],
  ['', 'RATE_LIMITED'],
] as const)('what the catalogue does not hold is told as what its code means: %s', (text, code) => {
  expect(inChinese(text, code)).toBe(errorCodes[code].zh);
});

test('a hostile text costs nothing to look through', () => {
  const begun = process.cpuUsage();
  for (const text of [
    'Variable "$a" got invalid value '.repeat(60),
    `Syntax Error: Expected ${', found '.repeat(280)}`,
    ' ('.repeat(990),
  ]) {
    for (let time = 0; time < 20; time += 1) inChinese(text, 'BAD_USER_INPUT');
  }
  expect(process.cpuUsage(begun).user / 1_000).toBeLessThan(1_000);
});

test('every form of a value has the rule of its name', () => {
  for (const [name, { rule }] of Object.entries(valueForms)) expect(rule).toBe(`FORM_${name}`);
  expect(Object.keys(rulesOfForms)).toEqual(Object.keys(valueForms).map((name) => `FORM_${name}`));
});
