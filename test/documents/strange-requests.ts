/** A request as it goes over the wire. */
export type StrangeRequest = Readonly<{ method: 'GET' | 'POST'; door: string; headers: Readonly<Record<string, string>>; body?: string }>;
/** A whole number below the given one. */
export type Draw = (below: number) => number;

/** The same numbers on every run: mulberry32. */
export function seededDraw(seed: number): Draw {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

/** Operations that are right, with their variables, over everything that is asked: they are bent until they are not. */
const operations: readonly Readonly<{ query: string; variables?: Readonly<Record<string, unknown>> }>[] = [
  { query: 'query Q($b: Boolean = true) { division(code: "620102") @include(if: $b) { name } }', variables: { b: true } },
  {
    query: 'query($b: Boolean! = false, $c: ID = "620102") { division(code: $c) { name boundary @skip(if: $b) parent { name } } }',
    variables: { b: true },
  },
  { query: 'query($n: [String!]!) { persons(idNumbers: $n) { idNumber name birthDate } }', variables: { n: ['11010519491231002X'] } },
  {
    query:
      '{ person(idNumber: "11010519491231002X") { name marriage { state } household { members { name } } registeredAddress { fullText } licenses { state } } }',
  },
  {
    query:
      'query($d: String!, $f: Int = 3) { searchPersons(name: "马", division: $d, first: $f) { total nodes { name } pageInfo { endCursor hasNextPage } } }',
    variables: { d: '620102' },
  },
  {
    query:
      '{ legalEntity(uscc: "91629901MAR2E1L78Q") { name state legalRep { name } creditRecords { recordedOn } licenses(states: [VALID]) { state } shareholders { name } } }',
  },
  { query: 'query($n: String) { searchLegalEntities(name: $n, first: 2) { nodes { name uscc } total } }', variables: { n: '兰州' } },
  {
    query:
      '{ penalties(uscc: "91629901MAR2E1L78Q", effectiveOnly: false) { ... on CreditRecord { recordedOn ... on Penalty { documentNo } } __typename } }',
  },
  { query: 'query($by: [StatDimension!]!) { populationStatistics(division: "620000", by: $by) { labels } }', variables: { by: ['SEX'] } },
  { query: '{ pois(within: "620102", category: HOSPITAL, first: 3) { nodes { name location } total } }' },
  { query: '{ matchAddress(text: "兰州市城关区文化西路299号", first: 2) { score address { fullText } } }' },
  { query: '{ checkLicense(code: "8BSCZDV9TWJLVWMMWTJB") { valid } licenseTypes(authority: "11100000000013338W") { name } }' },
  {
    query: 'query($i: IdentityInput!) { verifyIdentity(input: $i) { result } }',
    variables: { i: { idNumber: '11010519491231002X', name: '马建国' } },
  },
  {
    query: 'query($c: [ItemClaim!]!) { verifyItems(person: "11010519491231002X", items: $c) { result } }',
    variables: { c: [{ item: 'P002', value: '马' }] },
  },
  {
    query:
      'query($f: ResourceFilter) { resources(filter: $f, first: 2) { total nodes { code name items { code name } } pageInfo { endCursor } } }',
    variables: { f: { text: '婚姻' } },
  },
  {
    query:
      '{ explainAccess(query: "{ person(idNumber: \\"11010519491231002X\\") { name } }", variables: "{}") { isWhole items { path code } } }',
  },
  { query: 'query { __schema { types { name fields { name args { name } } } } __typename division(code: "620000") { name } }' },
  {
    query:
      'query($t: String! = "Query") { __type(name: $t) { name isOneOf fields(includeDeprecated: true) { name type { ofType { name } } } } }',
  },
  {
    query:
      'query A { myGrants { id until } applications(first: 1) { total } } query B { coverage { score providers(first: 2) { total } } }',
  },
  {
    query: 'mutation($i: ApplicationInput!) { apply(input: $i) { no } }',
    variables: {
      i: {
        resource: '101001/1',
        items: [{ code: 'P002', access: 'READ' }],
        purposes: ['1162990100000006XQ2050620000003'],
        basis: 'b',
        scenario: 's',
        division: '620000',
        until: '2027-12-31T00:00:00Z',
        callsPerDay: 1,
      },
    },
  },
  {
    query:
      'mutation { raiseObjection(input: { resource: "101001/1", item: "P002", record: "x", reason: "y" }) { id } revokeGrant(id: "population-1", reason: "z") { id } }',
  },
  {
    query:
      'query { ...F } fragment F on Query { division(code: "620102") { ...D children { ...D } } } fragment D on AdministrativeDivision { name level }',
  },
  { query: 'subscription { division(code: "620000") { name } }' },
];

const TOKENS = [
  ...[
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    ':',
    '!',
    '$',
    '@',
    '|',
    '=',
    '&',
    '...',
    '"',
    '"""',
    '#',
    ',',
    '\\',
    '\u0000',
    '\ufeff',
    '\u2028',
    '中',
    '😀',
    '\ud800',
  ],
  ...[
    'query',
    'mutation',
    'subscription',
    'fragment',
    'on',
    'null',
    'true',
    'type',
    'extend',
    '__typename',
    '__schema',
    '__type(name: "Query")',
    '_entities',
    '_service',
    '__proto__',
    'constructor',
    'toString',
  ],
  ...[
    '@include(if: $b)',
    '@skip(if: null)',
    '@include(if: "x")',
    '@defer',
    '@defer(if: true, label: "x")',
    '@stream(initialCount: 0)',
    '@deprecated',
    '@oneOf',
    '@include(if: true) @include(if: false)',
    '@specifiedBy(url: "x")',
  ],
  ...[
    '... @include(if: true)',
    '... on Query',
    '... on AdministrativeDivision',
    '... on __Type',
    '...F',
    'alias: ',
    '__hub_x: ',
    '__proto__: ',
    '_: ',
    'name',
    'id',
    'code',
    'nodes',
    'first: 1',
  ],
];
const VALUES = [
  ...[
    'null',
    '""',
    '"\\u0000"',
    '"\\ud83d"',
    '"620102"',
    '"620102000000"',
    '-1',
    '0',
    '1e400',
    '-1e308',
    '99999999999999999999999',
    '9007199254740993',
    '1.5',
    'true',
    'ENUM',
    '[]',
    '[null]',
    '[[[[]]]]',
    '{}',
    '{a: {b: [{}]}}',
  ],
  ...[
    '$b',
    '$c',
    '$undefined',
    '"""block\n"""',
    `"${'长'.repeat(3_000)}"`,
    `[${'1,'.repeat(500)}]`,
    `${'['.repeat(40)}${']'.repeat(40)}`,
    '"11010519491231002x"',
    '"9999-12-31T23:59:59-23:59"',
    '"%\' OR 1=1 --"',
  ],
];

/** A request that no sane client sends, or one that differs from it by little. */
export function drawRequest(draw: Draw, tokens: readonly string[]): StrangeRequest {
  const oneOf = <Each>(all: readonly Each[]): Each => all[draw(all.length)] as Each;
  const chance = (percent: number) => draw(100) < percent;
  const operation = oneOf(operations);
  let query = operation.query;
  for (let times = draw(4); times > 0; times -= 1) query = bendText(query);
  const variables: unknown = chance(60) ? bendValue(operation.variables ?? {}, 0) : operation.variables;
  const body = chance(8) ? strangeBody(query) : writeBody(query, variables);
  const headers: Record<string, string> = {
    'content-type': chance(94)
      ? 'application/json'
      : oneOf([
          'application/json; charset=utf-16',
          'text/plain',
          'application/graphql',
          'multipart/form-data',
          'application/graphql-response+json',
          'x',
        ]),
    ...(chance(10) && {
      accept: oneOf([
        '*/*',
        'application/graphql-response+json',
        'multipart/mixed',
        'multipart/mixed;deferSpec=20220824',
        'text/event-stream',
        'text/html',
        'application/json;q=0',
        'x',
      ]),
    }),
    ...(chance(50) && {
      authorization: chance(96) ? `Bearer ${oneOf(tokens)}` : oneOf(['Bearer', 'Bearer x', 'Basic eDp4', `Bearer ${'x'.repeat(9_000)}`]),
    }),
    ...(chance(20) && { 'x-purpose': oneOf(['1162990100000006XQ2050620000003', '', 'x', '0'.repeat(31)]) }),
    ...(chance(5) && { 'apollo-require-preflight': '1', 'x-apollo-operation-name': 'x' }),
  };
  const door = chance(65) ? '/graphql' : '/public/graphql';
  if (!chance(6)) return { method: 'POST', door, headers, body };
  const { 'content-type': _none, ...others } = headers;
  const search = new URLSearchParams({
    query: query.toWellFormed(),
    ...(chance(60) && { variables: JSON.stringify(variables ?? {}).toWellFormed() }),
    ...(chance(30) && { operationName: oneOf(['', 'Q', 'x']) }),
    ...(chance(20) && { extensions: oneOf(['', '{}', '[]', 'null', '{"persistedQuery":{"version":1,"sha256Hash":"x"}}']) }),
  });
  return { method: 'GET', door: `${door}?${search}`.slice(0, 6_000), headers: { ...others, 'apollo-require-preflight': '1' } };

  function bendText(text: string): string {
    const at = draw(text.length + 1);
    const parts = text.split(/(?<=[\s{}()[\]:,!$@])|(?=[\s{}()[\]:,!$@])/);
    const place = draw(parts.length);
    switch (draw(9)) {
      case 0:
        return `${text.slice(0, at)} ${oneOf(TOKENS)} ${text.slice(at)}`;
      case 1:
        return parts.toSpliced(place, 1 + draw(3)).join('');
      case 2:
        return parts.toSpliced(place, 0, ...parts.slice(place, place + 1 + draw(8))).join('');
      case 3:
        return parts.with(place, ` ${oneOf(TOKENS)} `).join('');
      case 4:
        // Where a value stands: after a colon or an equals sign.
        return text.replace(/(?<=[:=]\s*)("[^"]*"|-?\d+|true|false|\$\w+)/g, (value) => (chance(40) ? oneOf(VALUES) : value));
      case 5:
        return text.replace(/(?<=\$\w+: )[[\]\w!]+/g, (type) =>
          chance(50) ? oneOf(['Boolean', 'String', '[String]', '[[Int!]]!', 'ID', 'Nothing', `${type}!`, type.replace('!', '')]) : type,
        );
      case 6:
        return text.replace(/(?<=\{ )\w+/g, (field) =>
          chance(30) ? `${oneOf(['id', 'name', 'a', '__typename', '__hub_', 'toString'])}: ${field}` : field,
        );
      case 7: {
        const times = 2 + draw(60);
        return text.replace(
          /\{ (\w+) \}/,
          (_, field: string) => `{ ${`${field} `.repeat(times)} ${`... { `.repeat(times)}${field}${' }'.repeat(times)} }`,
        );
      }
      default:
        return `${text} ${oneOf(operations).query}`;
    }
  }

  function bendValue(value: unknown, depth: number): unknown {
    if (chance(25)) return strangeValue(depth);
    if (Array.isArray(value)) return value.map((each) => bendValue(each, depth + 1));
    if (typeof value !== 'object' || value === null) return value;
    const bent = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, bendValue(each, depth + 1)]));
    return chance(10) ? { ...bent, [oneOf(['a', 'constructor', '', 'b', '中'])]: strangeValue(depth) } : bent;
  }

  function strangeValue(depth: number): unknown {
    const nest = (levels: number): unknown => (levels === 0 ? [] : { a: [nest(levels - 1)] });
    return oneOf([
      ...[
        null,
        null,
        '',
        'x',
        '\u0000',
        '\ud800',
        '620102',
        0,
        -1,
        1.5,
        1e308,
        Number.MAX_SAFE_INTEGER + 1,
        true,
        false,
        [],
        [null],
        {},
        { a: 1 },
      ],
      ...[
        '长'.repeat(2_000),
        nest(30),
        Array.from({ length: 1_500 }, (_, place) => String(place)),
        depth > 3 ? null : { idNumber: null, name: [] },
      ],
    ]);
  }

  function writeBody(text: string, given: unknown): string {
    const more = {
      ...(chance(15) && { operationName: oneOf<unknown>(['', null, 'Q', 'A', 'B', 'x', 7, [], {}, '__proto__', '\u0000']) }),
      ...(chance(6) && {
        extensions: oneOf<unknown>([
          null,
          [],
          {},
          'x',
          7,
          { persistedQuery: { version: 1, sha256Hash: 'x' } },
          { persistedQuery: null },
          { persistedQuery: 7 },
        ]),
      }),
      ...(chance(4) && { id: 'x', http: {}, doc_id: 7 }),
    };
    return JSON.stringify({ query: text, ...(given !== undefined && { variables: given }), ...more });
  }

  function strangeBody(text: string): string {
    const whole = writeBody(text, {});
    return oneOf<() => string>([
      () => `[${whole}]`,
      () => `[${whole},${whole}]`,
      () => `{"query":${JSON.stringify(text)},"query":${JSON.stringify(oneOf(operations).query)},"variables":{},"variables":null}`,
      () => `{"query":${oneOf(['null', '7', '[]', '{}', '""', 'true', '" "', '"#"', '"\\ud800"'])}}`,
      () => whole.slice(0, draw(whole.length)),
      () => whole.replace('{', '{"__proto__":{"query":"{ a }"},'),
      () =>
        oneOf([
          '',
          'null',
          '7',
          '"x"',
          '[]',
          '{}',
          'nul',
          '\ufeff{}',
          '[[[]]]',
          `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
          `{"a":${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}}`,
        ]),
      () =>
        `{"query":${JSON.stringify(text)},"variables":${oneOf(['"{}"', '[]', '7', '"x"', 'true', `{"n":1e400}`, `{"n":${'9'.repeat(400)}}`, `{"b":null,"b":true}`])}}`,
      () => `{"variables":{},"operationName":"x"}`,
    ])();
  }
}
