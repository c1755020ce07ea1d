import { encodeCursor } from '@longyuan/schema/src/paging/cursor.ts';
import { libraryNamed } from '@longyuan/schema/src/read-libraries.ts';
import { openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { openOwnerKey } from '@longyuan/trust/keys.ts';
import { WARRANT_HEADER } from '@longyuan/trust/warrant.ts';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { actAsGateway } from './act-as-gateway.ts';
import { asOwner } from './as-owner.ts';
import { ask } from './ask.ts';
import { openDatabase } from './open-database.ts';

const hubs = [inject('embedded'), inject('postgresql')].filter((hub) => hub !== null);
const doors = ['/public/graphql', '/graphql'] as const;
const OVER = `"publishUntil" < (now() AT TIME ZONE 'Asia/Shanghai')::date`;
const OPEN = `"subjectIsEntity" AND NOT COALESCE(${OVER}, false)`;

describe.each(hubs)('what is past its publish period, or about a person, does not exist for the public ($url)', (hub) => {
  let database: Awaited<ReturnType<typeof openDatabase>>;
  /** A penalty whose publication has ended, of a firm with no other; a person's permit; and a firm that was never penalised. */
  let ended: { id: number; uscc: string; division: string };
  let ofPerson: { id: number; key: string };
  let clean: string;
  beforeAll(async () => {
    database = await openDatabase(hub, 'credit');
    const [one] = await database.rows(`SELECT id, "subjectKey" AS uscc, division FROM credit."Penalty" p WHERE "subjectIsEntity" AND ${OVER}
      AND NOT EXISTS (SELECT FROM credit."Penalty" o WHERE o."subjectKey" = p."subjectKey" AND o.id <> p.id) ORDER BY id LIMIT 1`);
    const [other] = await database.rows(
      'SELECT id, "subjectKey" AS key FROM credit."PermitDecision" WHERE NOT "subjectIsEntity" ORDER BY id LIMIT 1',
    );
    const [none] = await database.rows(`SELECT "subjectKey" AS uscc FROM credit."CreditSummary" s WHERE "subjectIsEntity"
      AND NOT EXISTS (SELECT FROM credit."Penalty" p WHERE p."subjectKey" = s."subjectKey") ORDER BY 1 LIMIT 1`);
    if (!one || !other || !none) throw new Error('The made-up country has no such records.');
    ended = { id: Number(one['id']), uscc: String(one['uscc']), division: String(one['division']) };
    ofPerson = { id: Number(other['id']), key: String(other['key']) };
    clean = String(none['uscc']);
  });
  afterAll(() => database?.close());

  test.each(doors)('at %s a firm whose penalty is over and one that never had any are one answer', async (door) => {
    const questions = [
      'penalties(uscc: $u, effectiveOnly: false) { id documentNo subject { uscc } confirmedAt __typename }',
      'penalties(uscc: $u, effectiveOnly: false) { confirmedAt }',
      'penalties(uscc: $u) { __typename }',
      'legalEntity(uscc: $u) { creditRecords(kinds: [PENALTY]) { id recordedOn __typename ... on Penalty { fine } } }',
      'legalEntity(uscc: $u) { creditRecords(kinds: [PENALTY]) { __typename } }',
    ];
    for (const question of questions) {
      const text = async (uscc: string) => {
        const answer = await ask(hub, `query ($u: ID!) { ${question} }`, { u: uscc }, door, null);
        return JSON.stringify(answer).replaceAll(uscc, '…');
      };
      expect([question, await text(ended.uscc)]).toEqual([question, await text(clean)]);
      expect(await text(ended.uscc)).not.toContain('errors');
    }
    // Its owner still has it: it is hidden, and not gone.
    const owner = await asOwner(hub, 'credit');
    const { data } = await ask(owner, 'query ($u: ID!) { penalties(uscc: $u, effectiveOnly: false) { id } }', { u: ended.uscc });
    expect(data.penalties).toEqual([{ id: String(ended.id) }]);
  });

  test.each(doors)('at %s no cursor, page, total or filter tells of it', async (door) => {
    const list = async (given: string, root = 'publishedPenalties') => {
      const { data, errors } = await ask(
        hub,
        `{ ${root}(${given}) { total nodes { id } pageInfo { endCursor hasNextPage } } }`,
        {},
        door,
        null,
      );
      expect(errors).toBeUndefined();
      return data[root];
    };
    const count = async (where: string, table = 'Penalty') => {
      const [row] = await database.rows(`SELECT count(*)::int AS rows, min(id) AS first FROM credit."${table}" WHERE ${where}`);
      return { rows: Number(row?.['rows']), first: row?.['first'] == null ? null : String(row['first']) };
    };
    const hidden = [
      [ended.id, 'publishedPenalties', 'Penalty', OPEN],
      [ofPerson.id, 'publishedPermits', 'PermitDecision', '"subjectIsEntity"'],
    ] as const;
    for (const [id, root, table, open] of hidden) {
      // A cursor is a place, whoever made it: right before a hidden row stands the next one that is public.
      const page = await list(`first: 1, after: "${encodeCursor({ field: `Query.${root}` }, [id - 1])}"`, root);
      expect(page.nodes.map((node: { id: string }) => node.id)).toEqual(
        [(await count(`${open} AND id >= ${id}`, table)).first].filter(Boolean),
      );
      expect(page.total).toBe((await count(open, table)).rows);
    }
    const there = await list(`first: 100, division: "${ended.division}"`);
    expect(there.total).toBe((await count(`${OPEN} AND division LIKE '${ended.division}%'`)).rows);
    expect(there.nodes.map((node: { id: string }) => Number(node.id))).not.toContain(ended.id);
  });

  test.each(doors)('at %s a person is under no credit code, and a repair leads to no penalty that is over', async (door) => {
    const { errors } = await ask(hub, 'query ($u: ID!) { permits(uscc: $u) { id } }', { u: ofPerson.key }, door, null);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    const repaired = await database.rows(`SELECT r."subjectKey" AS uscc, bool_or(NOT (${OPEN})) AS over FROM credit."CreditRepair" r
      JOIN credit."Penalty" p ON p.id = r."penaltyId" WHERE "subjectIsEntity" GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5`);
    for (const { uscc } of repaired) {
      const { data } = await ask(
        hub,
        'query ($u: ID!) { legalEntity(uscc: $u) { credit { repairs { record { id } } } } }',
        { u: uscc },
        door,
        null,
      );
      const told = data.legalEntity.credit.repairs.flatMap(({ record }: { record: { id: string } | null }) => record?.id ?? []);
      const open = await database.rows(
        `SELECT p.id FROM credit."CreditRepair" r JOIN credit."Penalty" p ON p.id = r."penaltyId"
        WHERE r."subjectKey" = $1 AND ${OPEN}`,
        [uscc],
      );
      expect(told.sort()).toEqual(open.map(({ id }) => String(id)).sort());
    }
  });

  test('a warrant that says which rows may be seen says nothing: the owner goes by who asks', async () => {
    const dataDir = String(hub.environment['HUB_DATA_DIR']);
    const keys = await openWarrantKeys({ dataDir, warrantKeyFile: null });
    const url = `http://127.0.0.1:${Number(hub.environment['HUB_PORT']) + libraryNamed('credit').order}`;
    const post = async (path: string, body: string) =>
      (await fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json();
    const gateway = await actAsGateway({ library: 'credit', keys, owner: await openOwnerKey(dataDir, 'credit'), post });
    const body = JSON.stringify({ query: `{ penalties(uscc: "${ended.uscc}", effectiveOnly: false) { id } }` });
    const key = await keys.current();
    const forged = await new SignJWT({
      ...{ caller: { kind: 'public' }, purpose: null, items: { Query: 'penalties', Penalty: 'id' } },
      ...{ when: null, visible: { rows: 'ALL' }, rows: 'ALL' },
    })
      .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: 'warrant+jwt' })
      .setIssuer('longyuan-gateway')
      .setAudience('credit')
      .setIssuedAt()
      .setExpirationTime('60s')
      .sign(key.privateKey);
    for (const token of [undefined, forged]) {
      const headers = await gateway.headersFor(body, token === undefined ? { items: ['Query.penalties', 'Penalty.id'] } : { token });
      expect(headers[WARRANT_HEADER]).toBeDefined();
      const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
      const told: unknown = await answer.json();
      // Refused, or answered as to anybody without a token.
      if (answer.status === 200) expect(told).toEqual({ data: { penalties: [] } });
      else expect([token === undefined, answer.status]).toEqual([false, 401]);
    }
  });
});
