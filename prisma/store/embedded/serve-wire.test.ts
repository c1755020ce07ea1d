import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openLog } from '@longyuan/settings/log.ts';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScratchServer, type ScratchServer } from './open-scratch-server.ts';

let server: ScratchServer;
let pool: pg.Pool;

beforeAll(async () => {
  server = await openScratchServer(openLog('test', { logLevel: 'silent' }), 500);
  pool = new pg.Pool({ connectionString: server.url, max: 16 });
  await pool.query('CREATE TABLE license (number int PRIMARY KEY, holder text)');
}, 60_000);

afterAll(async () => {
  await pool.end();
  await server.close();
});

test('sixteen clients at once each get their own answers, in and out of transactions', async () => {
  const answers = await Promise.all(
    Array.from({ length: 16 }, async (_, client) => {
      const connection = await pool.connect();
      const wrong: string[] = [];
      for (let turn = 0; turn < 20; turn++) {
        const number = client * 1_000 + turn;
        await connection.query('BEGIN');
        await connection.query('INSERT INTO license VALUES ($1, $2)', [number, `holder of ${number}`]);
        await connection.query('COMMIT');
        // Every client's statement differs, so that a Bind that met another's Parse would show.
        const { rows } = await connection.query(`SELECT holder, ${client} AS client FROM license WHERE number = $1`, [number]);
        if (rows[0].holder !== `holder of ${number}` || rows[0].client !== client) wrong.push(JSON.stringify(rows));
      }
      connection.release();
      return wrong;
    }),
  );
  expect(answers.flat()).toEqual([]);
});

test('a client that is killed in a transaction leaves nothing behind and holds up nobody', async () => {
  const program = `
    import pg from 'pg';
    const client = new pg.Client({ connectionString: process.argv[1] });
    await client.connect();
    await client.query('BEGIN');
    await client.query("INSERT INTO license VALUES (-1, 'unfinished')");
    process.send('in the transaction');
    await client.query("SELECT count(*) FROM generate_series(1, 3000000)");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, server.url], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  child.kill('SIGKILL');
  const { rows } = await pool.query('SELECT count(*)::int AS n FROM license WHERE number = -1');
  expect(rows).toEqual([{ n: 0 }]);
});

test('a client that keeps a transaction open and says nothing is cut off', async () => {
  const idle = new pg.Client({ connectionString: server.url });
  await idle.connect();
  const cutOff = once(idle, 'error');
  idle.on('error', () => {});
  await idle.query('BEGIN');
  await idle.query("INSERT INTO license VALUES (-2, 'forgotten')");
  const { rows } = await pool.query('SELECT count(*)::int AS n FROM license WHERE number = -2');
  expect(rows).toEqual([{ n: 0 }]);
  expect(await cutOff).toMatchObject([{ code: '25P03' }]);
});

test('what one shared session cannot do is refused with the reason, and the server goes on', async () => {
  await expect(pool.query('COPY license FROM STDIN')).rejects.toMatchObject({ code: '0A000', message: /insert rows/ });
  await expect(pool.query('SET search_path = license')).rejects.toMatchObject({ code: '0A000', message: /SET LOCAL/ });
  await expect(pool.query('SELECT 1 / $1::int', [0])).rejects.toMatchObject({ code: '22012' });
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

test('the statement behind one that failed gets its own answer', async () => {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  // Both wait in the client at once: it sends the second when it is told that the first is over.
  const [failed, next] = await Promise.allSettled([client.query('SELECT 1 / $1::int', [0]), client.query('SELECT $1::int AS one', [1])]);
  expect(failed.status).toBe('rejected');
  expect(next).toMatchObject({ status: 'fulfilled', value: { rows: [{ one: 1 }] } });
  await client.end();
});

test('the sixty-fifth client of a server for sixty-four is told so', async () => {
  const clients = Array.from({ length: 65 }, () => new pg.Client({ connectionString: server.url }));
  const outcomes = await Promise.allSettled(clients.map((client) => client.connect()));
  await pool.query('SELECT 1').catch(() => {});
  expect(outcomes.filter((outcome) => outcome.status === 'rejected').length).toBeGreaterThan(0);
  for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: '53300' });
  await Promise.allSettled(clients.map((client) => client.end()));
});

test('3,000 statements that fail, in and out of transactions, in functions and after each other, take nothing away for good', async () => {
  const client = await pool.connect();
  const before = server.failedStatements();
  const fail = async (sql: string, values?: unknown[]): Promise<void> => {
    await expect(client.query(sql, values)).rejects.toMatchObject({ code: /^(22012|23505|42P01|42601|25P02)$/ });
  };
  await client.query('INSERT INTO license VALUES (-3, null)');
  for (let turn = 0; turn < 500; turn++) {
    await fail('SELECT * FROM hub.nothing');
    await fail('SELECT 1 / $1::int', [0]);
    await fail(`DO $do$ BEGIN BEGIN PERFORM 1 / 0; EXCEPTION WHEN division_by_zero THEN NULL; END; PERFORM 1 / 0; END $do$`);
    await client.query('BEGIN');
    await fail('INSERT INTO license VALUES (-3, null)');
    await fail('SELECT 1');
    await client.query('COMMIT');
    await fail('SELEKT');
  }
  expect(server.failedStatements() - before).toBe(3_000);
  expect((await client.query('SELECT count(*)::int AS n FROM license WHERE number = -3')).rows).toEqual([{ n: 1 }]);
  client.release();
});

/** A client that listens, and what it has heard. */
async function listener(channel: string): Promise<Readonly<{ client: pg.Client; heard: string[] }>> {
  const client = new pg.Client({ connectionString: server.url });
  const heard: string[] = [];
  client.on('notification', (notification) => heard.push(`${notification.channel}: ${notification.payload}`));
  await client.connect();
  await client.query(`LISTEN ${channel}`);
  return { client, heard };
}

/** By the time that a client's own statement is answered it has heard what was said before. */
async function hearing(...clients: readonly pg.Client[]): Promise<void> {
  for (const client of clients) await client.query('SELECT 1');
}

test('who listens to a channel is told of what is committed, each client of its own channels alone', async () => {
  const [one, other, elsewhere] = [await listener('grants'), await listener('grants'), await listener('"Objections"')];
  const writer = await pool.connect();
  await writer.query('BEGIN');
  await writer.query("NOTIFY grants, 'undone'");
  await writer.query('ROLLBACK');
  await writer.query('BEGIN');
  await writer.query("SELECT pg_notify('grants', $1)", ['revoked']);
  expect([one.heard, other.heard]).toEqual([[], []]);
  await writer.query('COMMIT');
  await writer.query("SELECT pg_notify('Objections', number::text) FROM generate_series(1, 2) AS number");
  await elsewhere.client.query("NOTIFY grants, 'by one who listens elsewhere'");
  await hearing(one.client, other.client, elsewhere.client);
  const ofGrants = ['grants: revoked', 'grants: by one who listens elsewhere'];
  expect([one.heard, other.heard, elsewhere.heard]).toEqual([ofGrants, ofGrants, ['Objections: 1', 'Objections: 2']]);

  // The session goes on listening for the other when one no longer does, or has gone.
  await one.client.query('UNLISTEN *');
  await elsewhere.client.end();
  await other.client.query("NOTIFY grants, 'to myself'");
  await writer.query('NOTIFY "Objections"');
  await hearing(one.client, other.client);
  expect([one.heard.length, other.heard.at(-1), elsewhere.heard.length]).toEqual([2, 'grants: to myself', 2]);
  writer.release();
  await one.client.end();
  await other.client.end();
});

test('a notification never stands inside the answer of another: rows and notifications all arrive', async () => {
  const { client, heard } = await listener('licenses');
  const many = 'SELECT number FROM generate_series(1, 500) AS number';
  for (let turn = 0; turn < 40; turn++) {
    const asked = [pool.query("SELECT pg_notify('licenses', $1)", [String(turn)]), client.query(many), pool.query(many)];
    expect((await Promise.all(asked)).map(({ rowCount }) => rowCount)).toEqual([1, 500, 500]);
  }
  await hearing(client);
  expect(heard.length).toBe(40);
  await client.end();
});

test('LISTEN stands alone and outside of a transaction, and to so many channels', async () => {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await expect(client.query('LISTEN one; LISTEN two')).rejects.toMatchObject({ code: '0A000', message: /stand alone/ });
  await client.query('BEGIN');
  await expect(client.query('LISTEN one')).rejects.toMatchObject({ code: '0A000' });
  await client.query('ROLLBACK');
  for (let channel = 0; channel < 64; channel++) await client.query(`LISTEN channel_${channel}`);
  await expect(client.query('LISTEN one_more')).rejects.toMatchObject({ code: '0A000', message: /64 channels/ });
  await client.query('UNLISTEN channel_7');
  await client.query('LISTEN one_more');
  await client.end();
});
