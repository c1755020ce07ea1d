import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { afterAll, expect, test } from 'vitest';
import { ask, until } from '../ask.ts';
import { findHubPort } from '../free-ports.ts';

const ROOT = join(import.meta.dirname, '../..');
const LEFT_OUT = new Set(['node_modules', '.git', '.data']);
const folder = mkdtempSync(join(tmpdir(), 'longyuan-library-'));
const copy = join(folder, 'hub');
const ends: (() => unknown)[] = [];
afterAll(async () => {
  for (const end of ends.reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
});

/** The commands of the README's "Add a library", as they stand there. */
function commands(): readonly string[] {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, section = ''] = readme.split('## Add a library\n');
  return (/```sh\n([\s\S]*?)```/.exec(section)?.[1] ?? '').trim().split('\n');
}

/** What npm does for a command, but for what it does first: nothing is installed here. */
function run(command: string, environment: Readonly<Record<string, string>> = {}): string {
  const [, script = '', args = ''] = /^npm (?:run )?([\w:]+)(?: -- (.*))?$/.exec(command) ?? [];
  return execFileSync('npm', ['run', '-s', '--ignore-scripts', script, ...(args === '' ? [] : ['--', ...args.split(' ')])], {
    ...{ cwd: copy, encoding: 'utf8' },
    env: { ...process.env, PATH: `${join(copy, 'node_modules/.bin')}:${process.env['PATH']}`, ...environment },
  });
}

test('a library is added as the README says, and answers', async () => {
  const [add = '', check, start] = commands();
  expect([check, start]).toEqual(['npm run check', 'npm start']);
  for (const entry of readdirSync(ROOT).filter((name) => !LEFT_OUT.has(name)))
    cpSync(join(ROOT, entry), join(copy, entry), { recursive: true, verbatimSymlinks: true, filter: (file) => basename(file) !== '.data' });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));

  // Refused before anything is written, or cleared away: the same name is then added as if for the first time.
  expect(() => run(add.replace(/--uscc \S+/, '--uscc 116299010000000001'))).toThrow('is no unified social credit code');
  expect(() => run(add.replace(/--title \S+/, '--title 道路"运输'))).toThrow('without quotes');
  expect(() => run('npm run library:new -- store')).toThrow('prisma/store is there already');
  expect(() => run(add, { TMPDIR: join(folder, 'no-such-folder') })).toThrow('no-such-folder');
  const left = ['schema/libraries/traffic.graphql', 'prisma/traffic', 'subgraphs/traffic', 'prisma/country/seeds/traffic.ts'];
  expect(left.filter((file) => existsSync(join(copy, file)))).toEqual([]);
  expect(run(add)).toContain('schema/libraries/traffic.graphql');
  // Of `npm run check`, what a new library can break; the rest is of the repository alone.
  execFileSync('tsc', ['-p', '.'], { cwd: copy });
  execFileSync('biome', ['ci', 'schema', 'prisma/country', 'subgraphs/traffic'], { cwd: copy, stdio: 'pipe' });
  execFileSync(process.execPath, ['schema/src/write-schema.ts', '--check'], { cwd: copy });
  expect(() => run(add)).toThrow('There is a library traffic already');

  const port = await findHubPort();
  const environment = { HUB_PORT: String(port), HUB_DATA_DIR: join(folder, 'data'), HUB_PERSONS: '100', HUB_LOG_LEVEL: 'warn' };
  const hub = spawn(process.execPath, ['deploy/start.ts'], { cwd: copy, env: { ...process.env, ...environment }, stdio: 'ignore' });
  const ended = new Promise((resolve) => hub.once('exit', resolve));
  ends.push(async () => {
    hub.kill('SIGTERM');
    await ended;
  });
  const url = `http://127.0.0.1:${port}`;
  await until('every library answers', 120_000, async () => {
    const ready = await fetch(`${url}/health/ready`).catch(() => null);
    return ready?.status === 200;
  });

  const { data } = await ask({ url }, '{ resource(code: "206001/1") { name provider { name } items { code } } }');
  expect(data?.resource).toMatchObject({ name: '道路运输主题库记录', provider: { name: '甘肃省交通运输厅' } });
  expect(data?.resource.items).toHaveLength(5);
  const developer = { kind: 'department', uscc: '116299010000001667', role: 'developer', region: null } as const;
  const token = await askToken(readEnvironment(environment), developer);
  const { data: told, errors } = await ask({ url, token }, '{ trafficRecord(no: "0-0") { no name content division { name } } }');
  expect(told?.trafficRecord).toMatchObject({ no: '0-0', name: expect.stringContaining('的记录'), content: null });
  expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['ITEM_NOT_GRANTED']);
});
