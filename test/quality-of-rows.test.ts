import { measureLibrary, questionsTo } from '@longyuan/directory/quality/measure-library.ts';
import { openPool } from '@longyuan/prisma/store/connect/open-pool.ts';
import { openScratchServer, type ScratchServer } from '@longyuan/prisma/store/embedded/open-scratch-server.ts';
import { readQualityChecks } from '@longyuan/schema/src/quality/quality-checks.ts';
import { readLibrary } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { openQualityDesk } from '@longyuan/subgraphs/serve/desks/quality/answer-quality.ts';
import { qualityRoute } from '@longyuan/trust/routes/quality.ts';
import type { AnswerOf } from '@longyuan/trust/routes/route.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';

const item = (code: string) =>
  `@item(code: "${code}", title: "${code}", share: CONDITIONAL, basis: "《税收征收管理法》第八条", open: false, level: 3, type: C)`;
const resource = (code: string, cycle: string) =>
  `@resource(code: "${code}", title: "税", category: "主题/税", updateCycle: ${cycle}, publishedOn: "2026-01-15", rows: { division: "division" })`;
const tax = readLibrary(
  'tax.graphql',
  `extend schema @library(name: "tax", title: "税务", department: "某税务局", uscc: "11629901000000019M", order: 1)
  type Payer @key(fields: "id") ${resource('102009/1', 'DAILY')} {
    id: ID! @inaccessible
    no: String ${item('T001')} @quality(complete: true, unique: true)
    sex: String ${item('T002')} @coded(table: "sex") @quality(coded: true)
    phone: String ${item('T003')} @quality(valid: PHONE)
    leftOn: Date ${item('T004')} @quality(notBefore: "joinedOn") @quality(complete: true, of: { column: "state", is: ["LEFT"] })
    guarantor: Payer ${item('T005')} @quality(refersTo: "Payer.id")
    colour: String ${item('T006')} @quality(complete: true)
    book: Book ${item('T007')}
    confirmedAt: DateTime @structure @quality(timely: true)
  }
  type Book { page: String @quality(complete: true) }`,
);
const facts = readSharingFacts([tax]);
const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const ROWS = 1_201;
const MEASURED_AT = Date.parse('2026-11-24T00:00:00Z');

let server: ScratchServer;
let pool: Awaited<ReturnType<typeof openPool>>;
const statements: string[] = [];
const asked: unknown[] = [];
beforeAll(async () => {
  const log = openLog('test', { logLevel: 'silent' });
  server = await openScratchServer(log);
  const settings = { ...readEnvironment({}), postgres: { serverUrl: null, urlByLibrary: { tax: server.url } } };
  pool = await openPool({ settings, library: 'tax', log, statementTimeoutMs: 0 });
  await pool.query(`CREATE SCHEMA tax;
    CREATE TABLE tax."Payer" (id uuid PRIMARY KEY, no varchar(20), sex char(1), phone varchar(20), "joinedOn" date, "leftOn" date,
      state varchar(10), guarantor uuid, "confirmedAt" timestamptz);
    CREATE INDEX ON tax."Payer" (no);
    CREATE TABLE tax."Book" ("bookNo" varchar(20) PRIMARY KEY, page text);
    INSERT INTO tax."Book" VALUES ('secret-1', NULL), ('secret-2', 'x');
    INSERT INTO tax."Payer" SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'no-' || lpad(n::text, 6, '0'), '1', '13800138000',
      '2026-01-01', NULL, 'ACTIVE', NULL, '2026-11-23T12:00:00Z' FROM generate_series(1, ${ROWS}) n`);
  // Faults, some of them where one statement ends and the next begins (200 rows each).
  await pool.query(`
    UPDATE tax."Payer" SET no = 'no-000199' WHERE id = '${id(201)}';
    UPDATE tax."Payer" SET no = 'no-000007' WHERE id IN ('${id(8)}', '${id(9)}');
    UPDATE tax."Payer" SET no = ' ' WHERE id = '${id(1201)}';
    UPDATE tax."Payer" SET sex = '7' WHERE id = '${id(200)}';
    UPDATE tax."Payer" SET phone = '12345' WHERE id > '${id(1190)}';
    UPDATE tax."Payer" SET state = 'LEFT', "leftOn" = '2025-12-31' WHERE id = '${id(3)}';
    UPDATE tax."Payer" SET state = 'LEFT' WHERE id = '${id(4)}';
    UPDATE tax."Payer" SET guarantor = '${id(1)}' WHERE id IN ('${id(5)}', '${id(6)}');
    UPDATE tax."Payer" SET guarantor = '${id(9999)}' WHERE id IN ('${id(6)}', '${id(7)}');
    UPDATE tax."Payer" SET "confirmedAt" = '2026-11-22T23:00:00Z' WHERE id = '${id(2)}'`);
});
afterAll(async () => {
  await pool?.end();
  await server?.close();
});

const measure = () => {
  const desk = openQualityDesk('tax', facts, {
    ask: async (sql, values) => {
      statements.push(sql);
      return (await pool.query(sql, [...values])).rows;
    },
    asOfMs: async () => MEASURED_AT,
  });
  const questions = questionsTo(async (_library, route, question) => {
    const answer = await desk(qualityRoute.question.parse(question));
    asked.push(question, answer);
    // The form of the one question is that of its answer.
    return route.answer.parse(answer) as AnswerOf<typeof route>;
  });
  return measureLibrary({ library: 'tax', facts, checks: readQualityChecks(facts), questions, signal: new AbortController().signal });
};

test('exactly the planted faults are found over all rows, named by keys that say nothing', async () => {
  const { rows, findings } = await measure();
  expect(rows).toBe(ROWS + 2);
  expect(
    findings.map(({ check, rows: of, failing, isMeasured, sampleKeys }) => [check.id, of, failing, isMeasured, [...sampleKeys].sort()]),
  ).toEqual([
    ['Payer.no COMPLETE', ROWS, 1, true, [id(1201)]],
    ['Payer.no UNIQUE', ROWS, 5, true, [id(7), id(8), id(9), id(199), id(201)]],
    ['Payer.sex VALID codes:sex', ROWS, 1, true, [id(200)]],
    // Never more than five keys.
    ['Payer.phone VALID PHONE', ROWS, 11, true, [id(1191), id(1192), id(1193), id(1194), id(1195)]],
    ['Payer.leftOn IN_ORDER joinedOn', 1, 1, true, [id(3)]],
    ['Payer.leftOn COMPLETE of state LEFT', 2, 1, true, [id(4)]],
    ['Payer.guarantor REFERS Payer.id', 3, 2, true, [id(6), id(7)]],
    // A column that the store does not have.
    ['Payer.colour COMPLETE', 0, 0, false, []],
    ['Payer.confirmedAt TIMELY DAILY', ROWS, 1, true, [id(2)]],
    // The number of a book is a value: it names no row.
    ['Book.page COMPLETE', 2, 1, true, []],
  ]);
});

test('every statement is short: some hundred rows, of checked columns alone, and outside any transaction', () => {
  const walks = statements.filter((sql) => /FROM "tax"/.test(sql));
  expect(walks.length).toBeGreaterThan(6);
  for (const sql of walks) {
    expect(sql).toMatch(/LIMIT 200$|unnest\(\$1/);
    expect(sql).not.toMatch(/\b(BEGIN|CURSOR|SET|TEMP|LOCK|COUNT\(\*\))\b/i);
    expect(sql).not.toContain('division');
  }
});

test('no value crosses from the library to the gateway, nor where a walk stands', () => {
  const crossed = JSON.stringify(asked);
  expect(crossed).not.toMatch(/no-0|13800138000|12345"|secret|2025-12-31/);
});
