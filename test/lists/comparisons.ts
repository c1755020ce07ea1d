import { citizenNumberCheck, creditCodeCheck } from '@longyuan/schema/src/check-digits.ts';

/** Rows that SQL answers, from the database of a library. */
export type AskSql = (library: string, sql: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>;

/** One question to a root that answers a list, and the SQL that answers the same, row by row and column by column, in the same order. */
export type Comparison = Readonly<{
  root: string;
  /** Arguments by name, `first` and `after` left out; enum values are written as `{ enum: 'VALID' }`. */
  given: Readonly<Record<string, unknown>>;
  select: string;
  expected: readonly (Record<string, unknown> | null)[];
}>;

const IS_PUBLIC = `("publishUntil" IS NULL OR "publishUntil" >= (now() AT TIME ZONE 'Asia/Shanghai')::date)`;
const NOBODY = `62990119000101001${citizenNumberCheck('62990119000101001')}`;
const NO_FIRM = `91620000000000000${creditCodeCheck('91620000000000000')}`;

/** Every root that answers a list, with each of its arguments given at least once. */
export async function writeComparisons(rows: AskSql): Promise<readonly Comparison[]> {
  return (await Promise.all([ofPopulation, ofLegalEntities, ofGeospatial, ofLicenses, ofCredit, ofDirectory].map((of) => of(rows)))).flat();
}

async function ofPopulation(rows: AskSql): Promise<readonly Comparison[]> {
  const select = 'idNumber name sex ethnicity birthDate lifeStatus registeredDivision { code }';
  const people = (condition: string, ...values: unknown[]) =>
    rows(
      'population',
      `SELECT "idNumber", name, sex, ethnicity, ${day('birthDate')}, "lifeStatus", ${key('registeredDivision')}
       FROM population."Person" WHERE ${condition} ORDER BY id`,
      values,
    );
  const everyone = await people('true');
  const some = everyone.filter((_, place) => place % 40 === 0);
  const search = async (given: Record<string, unknown>, condition: string, ...values: unknown[]) => ({
    root: 'searchPersons',
    given,
    select,
    expected: await people(condition, ...values),
  });
  return [
    { root: 'persons', given: { idNumbers: [NOBODY, ...some.map((person) => person['idNumber'])] }, select, expected: [null, ...some] },
    await search({}, 'true'),
    await search({ name: '王' }, `name LIKE '王%'`),
    await search({ division: '620100' }, `"registeredDivision" LIKE '6201%'`),
    await search({ sex: '2' }, `sex = '2'`),
    await search({ bornFrom: '1980-03-01', bornTo: '1999-12-31' }, `"birthDate" BETWEEN '1980-03-01' AND '1999-12-31'`),
    {
      // No cell of these is small, so all of them are told; small ones are the matter of statistics.test.ts.
      root: 'populationStatistics',
      given: { division: '620000', by: [{ enum: 'SEX' }] },
      select: 'labels count',
      expected: await rows(
        'population',
        `SELECT ARRAY[sex]::text[] AS labels, count(*)::int AS count FROM population."Person" WHERE "lifeStatus" = 'ALIVE' GROUP BY sex ORDER BY sex`,
      ),
    },
  ];
}

async function ofLegalEntities(rows: AskSql): Promise<readonly Comparison[]> {
  const select = 'uscc name kind typeCode state industry establishedOn authorityName division { code }';
  const entities = (condition: string) =>
    rows(
      'legal-entity',
      `SELECT uscc, name, kind::text, "typeCode", state::text, industry, ${day('establishedOn')}, "authorityName", ${key('division')}
       FROM legal_entity."LegalEntity" WHERE ${condition} ORDER BY uscc`,
    );
  const some = (await entities('true')).filter((_, place) => place % 5 === 0);
  const search = async (given: Record<string, unknown>, condition: string) => ({
    root: 'searchLegalEntities',
    given,
    select,
    expected: await entities(condition),
  });
  return [
    { root: 'legalEntities', given: { usccs: [NO_FIRM, ...some.map((entity) => entity['uscc'])] }, select, expected: [null, ...some] },
    await search({}, 'true'),
    await search({ name: '公司' }, `name LIKE '%公司%'`),
    await search({ division: '620100' }, `division LIKE '6201%'`),
    await search({ industry: 'F52' }, `industry LIKE 'F52%'`),
    await search({ state: { enum: 'ACTIVE' } }, `state = 'ACTIVE'`),
    await search({ kind: { enum: 'ENTERPRISE' } }, `kind = 'ENTERPRISE'`),
  ];
}

async function ofGeospatial(rows: AskSql): Promise<readonly Comparison[]> {
  const divisions = async (given: Record<string, unknown>, condition: string, limit = 'ALL') => ({
    root: 'divisions',
    given,
    select: 'code name pinyin level parent { code } validFrom',
    expected: await rows(
      'geospatial',
      `SELECT code, name, pinyin, level::int, CASE WHEN parent IS NOT NULL THEN json_build_object('code', parent) END AS parent, ${day('validFrom')}
       FROM geospatial."AdministrativeDivision" WHERE ${condition} ORDER BY code LIMIT ${limit}`,
    ),
  });
  const pois = async (given: Record<string, unknown>, condition: string, from = `NULL::float8`) => ({
    root: 'pois',
    given,
    select: 'code name category addressText phone distanceMetres division { code }',
    expected: await rows(
      'geospatial',
      `SELECT code, name, category::text, "addressText", phone, ${from} AS "distanceMetres", ${key('division')}
       FROM geospatial."Poi" WHERE ${condition} ORDER BY ${from}, code`,
    ),
  });
  const fromHere = 'ST_Distance(location::geography, ST_SetSRID(ST_MakePoint(103.83, 36.06), 4490)::geography)';
  const categories = await rows('geospatial', 'SELECT unnest(enum_range(NULL::geospatial."PoiCategory"))::text AS name');
  // A written address that only one standard address has: what it means is then a fact and no matter of taste.
  const written = await rows(
    'geospatial',
    `SELECT json_build_object('code', min(code), 'fullText', "fullText") AS address, left(min(division), 6) AS county
     FROM geospatial."StandardAddress" WHERE state = 'ACTIVE' GROUP BY "fullText" HAVING count(*) = 1 ORDER BY "fullText" LIMIT 20`,
  );
  return [
    await divisions({}, `parent = '620000'`),
    await divisions({ parent: '620100' }, `parent = '620100'`),
    await divisions({ parent: '620100', level: 4 }, `level = 4 AND code LIKE '6201%'`),
    ...(await Promise.all([1, 2, 3, 4].map((level) => divisions({ level }, `level = ${level}`)))),
    // All villages are more than one answer may hold.
    await divisions({ level: 5, first: 1000 }, 'level = 5', '1000'),
    await divisions({ level: 5, first: 1000, after: '620502' }, `level = 5 AND code > '620502'`, '1000'),
    await divisions({ parent: '620100', level: 5, after: '620121' }, `level = 5 AND code LIKE '6201%' AND code > '620121'`),
    ...(await Promise.all(categories.map(({ name }) => pois({ category: { enum: name } }, `category = '${String(name)}'`)))),
    await pois({ category: { enum: 'SCHOOL' }, within: '620100' }, `category = 'SCHOOL' AND division LIKE '6201%'`),
    await pois({ category: { enum: 'SCHOOL' }, near: { lon: 103.83, lat: 36.06 } }, `category = 'SCHOOL'`, fromHere),
    await pois(
      { category: { enum: 'HOSPITAL' }, near: { lon: 103.83, lat: 36.06 }, radius: 60_000 },
      `category = 'HOSPITAL' AND ${fromHere} <= 60000`,
      fromHere,
    ),
    ...written.map(({ address, county }) => ({
      root: 'matchAddress',
      // jsonb of our own SELECT above.
      given: { text: (address as { fullText: string }).fullText, division: county, first: 1 },
      select: 'address { code fullText }',
      expected: [{ address }],
    })),
  ];
}

async function ofLicenses(rows: AskSql): Promise<readonly Comparison[]> {
  const types = async (given: Record<string, unknown>, condition: string, ...values: unknown[]) => ({
    root: 'licenseTypes',
    given,
    select: 'code name definedBy holderKind validityYears relatedItems',
    expected: await rows(
      'e-license',
      `SELECT code, name, "definedBy", "holderKind"::text, "validityYears"::int, "relatedItems"::text[]
       FROM e_license."LicenseType" WHERE ${condition} ORDER BY code`,
      values,
    ),
  });
  const [body] = await rows('e-license', 'SELECT "definedByUscc" AS uscc FROM e_license."LicenseType" ORDER BY code LIMIT 1');
  return [
    await types({}, 'true'),
    await types({ authority: body?.['uscc'] }, '"definedByUscc" = $1', body?.['uscc']),
    await types({ holderKind: { enum: 'PERSON' } }, `"holderKind" = 'PERSON'`),
  ];
}

async function ofCredit(rows: AskSql): Promise<readonly Comparison[]> {
  const common = `id::text, ${day('decidedOn')}, authority, "documentNo", source, repaired`;
  const penalties = async (uscc: string, given: Record<string, unknown>, condition: string) => ({
    root: 'penalties',
    given: { uscc, ...given },
    select: 'id decidedOn authority documentNo source repaired violation categories',
    expected: await rows(
      'credit',
      `SELECT ${common}, violation, categories::text[] FROM credit."Penalty" WHERE "subjectKey" = $1 AND ${condition} ORDER BY "decidedOn" DESC, "Penalty".id DESC`,
      [uscc],
    ),
  });
  const permits = async (uscc: string) => ({
    root: 'permits',
    given: { uscc },
    select: 'id decidedOn authority documentNo source repaired documentName category',
    expected: await rows(
      'credit',
      `SELECT ${common}, "documentName", category FROM credit."PermitDecision" WHERE "subjectKey" = $1 ORDER BY "decidedOn" DESC, "PermitDecision".id DESC`,
      [uscc],
    ),
  });
  const subject = `json_build_object('uscc', "subjectKey") AS subject`;
  const publishedPenalties = async (given: Record<string, unknown>, condition: string) => ({
    root: 'publishedPenalties',
    given,
    select: 'id decidedOn authority documentNo source repaired violation subject { uscc }',
    expected: await rows(
      'credit',
      `SELECT ${common}, violation, ${subject} FROM credit."Penalty"
       WHERE "subjectIsEntity" AND ${IS_PUBLIC} AND ${condition} ORDER BY "Penalty".id`,
    ),
  });
  const publishedPermits = async (given: Record<string, unknown>, condition: string) => ({
    root: 'publishedPermits',
    given,
    select: 'id decidedOn authority documentNo source repaired documentName subject { uscc }',
    expected: await rows(
      'credit',
      `SELECT ${common}, "documentName", ${subject} FROM credit."PermitDecision" WHERE "subjectIsEntity" AND ${condition} ORDER BY "PermitDecision".id`,
    ),
  });
  const dishonest = async (given: Record<string, unknown>, condition: string) => ({
    root: 'dishonestList',
    given,
    select: 'id subjectName maskedIdentifier court caseNo filedOn publishedOn performance behaviour',
    expected: await rows(
      'credit',
      `SELECT id::text, "subjectName", "maskedIdentifier", court, "caseNo", ${day('filedOn')}, ${day('publishedOn')}, performance, behaviour
       FROM credit."DishonestRecord" WHERE ${IS_PUBLIC} AND ${condition} ORDER BY "DishonestRecord"."publishedOn", "DishonestRecord".id`,
    ),
  });
  const firmsOf = async (table: string) =>
    (
      await rows(
        'credit',
        `SELECT "subjectKey" AS uscc FROM credit."${table}" WHERE "subjectIsEntity" GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 15`,
      )
    ).map((row) => String(row['uscc']));
  return [
    ...(await Promise.all(
      [...(await firmsOf('Penalty')), NO_FIRM].flatMap((uscc) => [
        penalties(uscc, {}, IS_PUBLIC),
        penalties(uscc, { effectiveOnly: false }, 'true'),
      ]),
    )),
    ...(await Promise.all([...(await firmsOf('PermitDecision')), NO_FIRM].map(permits))),
    await publishedPenalties({}, 'true'),
    await publishedPenalties({ division: '620100' }, `division LIKE '6201%'`),
    await publishedPermits({}, 'true'),
    await publishedPermits({ division: '620100' }, `division LIKE '6201%'`),
    await dishonest({}, 'true'),
    await dishonest({ kind: { enum: 'PERSON' } }, 'NOT "subjectIsEntity"'),
    await dishonest({ kind: { enum: 'LEGAL_ENTITY' } }, '"subjectIsEntity"'),
    await dishonest({ name: '公司' }, `"subjectName" LIKE '%公司%'`),
    await dishonest({ division: '620100' }, `division LIKE '6201%'`),
  ];
}

/** The directory's list, without a filter: what its filters find is the matter of directory.test.ts. */
async function ofDirectory(rows: AskSql): Promise<readonly Comparison[]> {
  return [
    {
      root: 'resources',
      given: {},
      select: 'code name updateCycle shareType provider { uscc }',
      expected: await rows(
        'directory',
        `SELECT code, name, "updateCycle", "shareType", json_build_object('uscc', "providerUscc") AS provider
         FROM directory."Resource" WHERE shown AND state = 'PUBLISHED' ORDER BY code`,
      ),
    },
  ];
}

/** A day's column as YYYY-MM-DD. */
function day(column: string): string {
  return `to_char("${column}", 'YYYY-MM-DD') AS "${column}"`;
}

/** A column that holds a division's code, as the reference that GraphQL makes of it. */
function key(column: string): string {
  return `json_build_object('code', "${column}") AS "${column}"`;
}
