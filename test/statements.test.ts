import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway } from '@longyuan/gateway/src/start-gateway.ts';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { openEmbeddedPassword } from '@longyuan/prisma/store/connect/database-url.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { startLibrary } from '@longyuan/subgraphs/serve/start-library.ts';
import { openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { openOwnerKey } from '@longyuan/trust/keys.ts';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { ask, askWell, until } from './ask.ts';
import { findHubPort } from './free-ports.ts';
import { openDatabase } from './open-database.ts';

/** A second set of servers over the same embedded data, in this process, which tells of every statement it sends. */
const statements: { library: string; table: string; sql: string }[] = [];
const closers: (() => Promise<void>)[] = [];
const hub = { url: '', token: '', purpose: '' };
let people: string[] = [];

beforeAll(async () => {
  const data = inject('embedded');
  const port = await findHubPort();
  const settings = { ...readEnvironment(data.environment), port };
  const databasePort = Number(data.environment['HUB_PORT']) + 21;
  const dataDir = mkdtempSync(join(tmpdir(), 'longyuan-statements-'));
  const warrantKeys = await openWarrantKeys({ dataDir, warrantKeyFile: null });
  const log = openLog('test', settings);
  const urlByLibrary: Record<string, string> = {};
  const password = await openEmbeddedPassword(settings.dataDir);
  for (const { name } of readLibraries()) urlByLibrary[name] = `postgresql://longyuan:${password}@127.0.0.1:${databasePort}/${name}`;
  for (const { name, order } of readLibraries()) {
    const { default: definition } = await import(`@longyuan/subgraphs/${name}/server.ts`);
    const server = await startLibrary(definition, {
      settings: { ...settings, postgres: { serverUrl: null, urlByLibrary } },
      port: port + order,
      warrantKeys,
      ownerKey: await openOwnerKey(settings.dataDir, name),
      log,
      onStatement: (sql: string) => {
        // What a library asks of itself, again and again, whether it is asked or not.
        if (/hub\.grant_/.test(sql)) return;
        statements.push({ library: name, table: /FROM "?\w+"?\."(\w+)"/.exec(sql)?.[1] ?? '', sql });
      },
    });
    closers.push(() => server.close());
  }
  const gateway = await startGateway({ settings, log, warrantKeys });
  closers.push(() => gateway.close());
  Object.assign(hub, { url: gateway.url, token: data.token, purpose: data.purpose });
  await until('every library is ready', 30_000, async () => (await fetch(`${hub.url}/health/ready`)).status === 200);
  // People who each represent a firm, so that every table of the question has rows to read.
  const { searchLegalEntities } = await askWell(
    hub,
    '{ searchLegalEntities(first: 60, state: ACTIVE) { nodes { legalRep { idNumber } } } }',
  );
  const numbers: string[] = searchLegalEntities.nodes.flatMap(
    (firm: { legalRep: { idNumber: string } | null }) => firm.legalRep?.idNumber ?? [],
  );
  people = [...new Set(numbers)].slice(0, 50);
  expect(people).toHaveLength(50);
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});
beforeEach(() => {
  statements.length = 0;
});

/** Statements that read a library's own tables, counted by table. */
function counted(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { library, table } of statements.filter((each) => each.table && !/hub\.seed/.test(each.sql))) {
    const key = `${library} ${table}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

const WIDE = `query($n: [String!]!) { persons(idNumbers: $n) {
  name registeredAddress { fullText } licenses { number type { name } authorityName }
  represents { name registeredCapital { amount } credit { grade } } credit { grade } } }`;

test('fifty people with addresses, licenses, firms and credit take one statement a table and fetch', async () => {
  await askWell(hub, WIDE, { n: people });
  expect(counted()).toEqual({
    'population Person': 1,
    'geospatial StandardAddress': 1,
    'e-license License': 1,
    'e-license LicenseType': 1,
    'legal-entity LegalEntity': 1,
    // One fetch for the people, and one for their firms.
    'credit CreditSummary': 2,
  });
});

test('what is a citizen’s own is looked up with one statement where it is asked for, and told for half a minute', async () => {
  const [{ idNumber } = { idNumber: '' }] = readWorld().people;
  const token = await askToken(readEnvironment(inject('embedded').environment), { kind: 'person', idNumber });
  const ask = async (fields: string) => {
    statements.length = 0;
    await askWell({ url: hub.url, token }, `{ person(idNumber: "${idNumber}") { ${fields} } }`);
    return counted();
  };
  // Who asks is asked once for a token.
  await ask('name');
  const once = { 'population Person': 1, 'geospatial RealEstateUnit': 1, 'geospatial StandardAddress': 1 };
  expect(await ask('registeredAddress { fullText }')).toEqual({ ...once, 'population Person': 2 });
  expect(await ask('registeredAddress { fullText state }')).toEqual(once);
  expect(await ask('registeredDivision { name }')).toEqual({ 'population Person': 1, 'geospatial AdministrativeDivision': 1 });
});

test('as many for one person as for fifty', async () => {
  await askWell(hub, WIDE, { n: people.slice(0, 50) });
  const forFifty = statements.length;
  statements.length = 0;
  await askWell(hub, WIDE, { n: people.slice(0, 10) });
  expect(statements.length).toBeLessThanOrEqual(forFifty);
});

test('for a penalty whose publication is over the store is asked what it is asked for one that never was', async () => {
  const told = async (uscc: string) => {
    const question = `query ($u: ID!) { penalties(uscc: $u, effectiveOnly: false) { id fine }
      publishedPenalties(first: 5) { total } legalEntity(uscc: $u) { creditRecords(kinds: [PENALTY, PERMIT]) { id } } }`;
    const { data, errors } = await ask(hub, question, { u: uscc }, '/public/graphql');
    expect(errors).toBeUndefined();
    const sent = statements.filter(({ library, sql }) => library === 'credit' && !/hub\./.test(sql)).map(({ sql }) => sql);
    statements.length = 0;
    return { data, sent: sent.sort() };
  };
  const credit = await openDatabase(inject('embedded'), 'credit');
  const firmWith = async (penalties: string) => {
    const [row] = await credit.rows(`SELECT "subjectKey" AS uscc FROM credit."CreditSummary" s WHERE "subjectIsEntity"
      AND NOT EXISTS (SELECT FROM credit."PermitDecision" r WHERE r."subjectKey" = s."subjectKey") AND ${penalties} ORDER BY 1 LIMIT 1`);
    return String(row?.['uscc']);
  };
  const of = 'SELECT FROM credit."Penalty" p WHERE p."subjectKey" = s."subjectKey"';
  const [ended, clean] = [
    await firmWith(`EXISTS (${of}) AND NOT EXISTS (${of} AND ("publishUntil" IS NULL OR "publishUntil" >= current_date - 1))`),
    await firmWith(`NOT EXISTS (${of})`),
  ];
  await credit.close();
  await told(clean);
  const none = await told(clean);
  const { data, sent } = await told(ended);
  expect([data.penalties, data.legalEntity?.creditRecords ?? []]).toEqual([[], []]);
  expect(sent).toEqual(none.sent);
  expect(sent.length).toBeGreaterThan(2);
});

test('only asked-for columns are read', async () => {
  await askWell(hub, 'query($n: [String!]!) { persons(idNumbers: $n) { name } }', { n: people });
  const [statement] = statements.filter((each) => each.table === 'Person');
  expect(statement?.sql).toMatch(/"name"/);
  expect(statement?.sql).not.toMatch(/"phone"|"birthDate"|"deathCause"|"registeredAddress"/);
});

test('the same question under many names is one statement', async () => {
  const aliases = people.map((idNumber, place) => `p${place}: person(idNumber: "${idNumber}") { name }`).join('\n');
  await askWell(hub, `{ ${aliases} }`);
  expect(counted()).toEqual({ 'population Person': 1 });
});
