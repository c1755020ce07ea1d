import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { askWell } from './ask.ts';
import { drawNumbers, openDatabase } from './open-database.ts';

type Database = Awaited<ReturnType<typeof openDatabase>>;
type Row = Record<string, unknown>;

const hubs = [['embedded', inject('embedded')] as const, ...(inject('postgresql') ? [['PostgreSQL', inject('postgresql')] as const] : [])];
const DRAWN = 200;

describe.each(hubs)('over %s, the gateway says of people and firms drawn at random what SQL says', (_name, hub) => {
  const databases = new Map<string, Database>();
  const rows = (library: string, sql: string, values: readonly unknown[] = []) => {
    const database = databases.get(library);
    if (!database) throw new Error(`No database of ${library} is open`);
    return database.rows(sql, values);
  };

  beforeAll(async () => {
    if (!hub) return;
    for (const library of ['population', 'legal-entity', 'geospatial', 'e-license', 'credit'])
      databases.set(library, await openDatabase(hub, library));
  });
  afterAll(async () => {
    for (const database of databases.values()) await database.close();
  });

  test(`${DRAWN} people, with household, address, marriage, licenses, firms and credit`, async () => {
    const everyone = await rows(
      'population',
      `SELECT *, to_char("birthDate", 'YYYY-MM-DD') AS birth FROM population."Person" ORDER BY "idNumber"`,
    );
    const drawn = drawSome(everyone, 11);
    const ids = drawn.map((person) => person['id']);
    const [households, marriages, addresses, licenses, firms, summaries, penalties, permits] = await Promise.all([
      rows('population', `SELECT "householdNo", count(*)::int AS members FROM population."Person" GROUP BY 1`),
      rows('population', `SELECT * FROM population."Marriage" WHERE "personId" = ANY($1::uuid[])`, [ids]),
      rows('geospatial', `SELECT * FROM geospatial."StandardAddress"`),
      rows('e-license', `SELECT * FROM e_license."License" WHERE state = 'VALID' ORDER BY identifier`),
      rows('legal-entity', `SELECT * FROM legal_entity."LegalEntity" ORDER BY uscc`),
      rows('credit', `SELECT * FROM credit."CreditSummary"`),
      rows(
        'credit',
        `SELECT * FROM credit."Penalty" WHERE "publishUntil" IS NULL OR "publishUntil" >= (now() AT TIME ZONE 'Asia/Shanghai')::date`,
      ),
      rows('credit', `SELECT * FROM credit."PermitDecision"`),
    ]);
    const members = new Map(households.map((row) => [row['householdNo'], row['members']]));
    const { persons } = await askWell(
      hub ?? inject('embedded'),
      `query($n: [String!]!) { persons(idNumbers: $n) {
        idNumber name sex ethnicity birthDate phone education lifeStatus household { householdNo members { idNumber } }
        registeredAddress { code fullText } registeredDivision { code } marriage { state spouse { idNumber } }
        licenses { identifier number } represents { uscc name } credit { grade penalties permits } } }`,
      { n: drawn.map((person) => person['idNumber']) },
    );
    const numberOf = new Map(everyone.map((person) => [person['id'], person['idNumber']]));
    const expected = drawn.map((person) => {
      const address = addresses.find((row) => row['id'] === person['registeredAddress']);
      const marriage = marriages.find((row) => row['personId'] === person['id']);
      const summary = summaries.find((row) => row['subjectKey'] === person['id']);
      return {
        ...pick(person, 'idNumber', 'name', 'sex', 'ethnicity', 'phone', 'education', 'lifeStatus'),
        birthDate: person['birth'],
        household:
          person['householdNo'] === null ? null : { householdNo: person['householdNo'], members: members.get(person['householdNo']) },
        registeredAddress: address ? pick(address, 'code', 'fullText') : null,
        registeredDivision: { code: person['registeredDivision'] },
        marriage: {
          state: marriage?.['state'] ?? '10',
          spouse: marriage?.['spouseId'] ? { idNumber: numberOf.get(marriage['spouseId']) } : null,
        },
        licenses: licenses.filter((row) => row['holderKey'] === person['id']).map((row) => pick(row, 'identifier', 'number')),
        represents: firms.filter((row) => row['legalRep'] === person['id']).map((row) => pick(row, 'uscc', 'name')),
        credit: summary && {
          grade: summary['grade'],
          penalties: penalties.filter((row) => row['subjectKey'] === person['id']).length,
          permits: permits.filter((row) => row['subjectKey'] === person['id']).length,
        },
      };
    });
    const said = persons.map((person: { household: { members: unknown[] } | null }) => ({
      ...person,
      household: person.household && { ...person.household, members: person.household.members.length },
    }));
    expect(said).toEqual(expected.map((person) => ({ ...person, credit: person.credit ?? null })));
  });

  test(`${DRAWN} firms, with capital, representative, shareholders, licenses and credit`, async () => {
    const everyone = await rows('legal-entity', `SELECT * FROM legal_entity."LegalEntity" ORDER BY uscc`);
    const drawn = drawSome(everyone, 12);
    const codes = drawn.map((firm) => firm['uscc']);
    const [people, shareholders, licenses, penalties] = await Promise.all([
      rows('population', `SELECT id, name FROM population."Person"`),
      rows('legal-entity', `SELECT * FROM legal_entity."Shareholder" WHERE uscc = ANY($1) ORDER BY uscc, ordinal`, [codes]),
      rows('e-license', `SELECT * FROM e_license."License" WHERE "holderKey" = ANY($1) ORDER BY identifier`, [codes]),
      rows('credit', `SELECT * FROM credit."Penalty" WHERE "subjectKey" = ANY($1) ORDER BY "decidedOn" DESC, id DESC`, [codes]),
    ]);
    const nameOf = new Map(people.map((row) => [row['id'], row['name']]));
    const { legalEntities } = await askWell(
      hub ?? inject('embedded'),
      `query($c: [ID!]!) { legalEntities(usccs: $c) {
        uscc name kind state industry registeredCapital { amount currency } legalRepName legalRep { name } shareholders { name subscribed { amount } }
        licenses(states: [VALID, SUSPENDED, WITHDRAWN, CANCELLED, EXPIRED, TRANSFERRED, REVOKED, OTHER]) { identifier state }
        creditRecords(kinds: [PENALTY]) { id ... on Penalty { documentNo fine } } } }`,
      { c: codes },
    );
    expect(legalEntities).toEqual(
      drawn.map((firm) => ({
        ...pick(firm, 'uscc', 'name', 'kind', 'state', 'industry', 'legalRepName'),
        registeredCapital:
          firm['registeredCapital'] === null
            ? null
            : { amount: Number(firm['registeredCapital']), currency: firm['registeredCapitalCurrency'] },
        legalRep: firm['legalRep'] === null ? null : { name: nameOf.get(firm['legalRep']) },
        shareholders: shareholders
          .filter((row) => row['uscc'] === firm['uscc'])
          .map((row) => ({ name: row['name'], subscribed: { amount: Number(row['subscribed']) } })),
        licenses: licenses.filter((row) => row['holderKey'] === firm['uscc']).map((row) => pick(row, 'identifier', 'state')),
        creditRecords: penalties
          .filter((row) => row['subjectKey'] === firm['uscc'])
          .map((row) => ({
            id: String(row['id']),
            documentNo: row['documentNo'],
            fine: row['fine'] === null ? null : Number(row['fine']),
          })),
      })),
    );
  });
});

function drawSome(everyone: readonly Row[], seed: number): Row[] {
  const draw = drawNumbers(seed);
  const left = [...everyone];
  return Array.from({ length: Math.min(DRAWN, everyone.length) }, () => left.splice(draw(left.length), 1)[0] ?? {});
}

function pick(row: Row, ...names: readonly string[]): Row {
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}
