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

test('the sixty-fifth client of a server for sixty-four is told so', async () => {
  const clients = Array.from({ length: 65 }, () => new pg.Client({ connectionString: server.url }));
  const outcomes = await Promise.allSettled(clients.map((client) => client.connect()));
  await pool.query('SELECT 1').catch(() => {});
  expect(outcomes.filter((outcome) => outcome.status === 'rejected').length).toBeGreaterThan(0);
  for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: '53300' });
  await Promise.allSettled(clients.map((client) => client.end()));
});
