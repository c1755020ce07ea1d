import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readExamples } from '../portal/register-faces.ts';
import { ask, until } from '../test/ask.ts';
import { findHubPort } from '../test/free-ports.ts';
import { startOwnHub } from './own-hub.ts';

const file = (path: string) => join(import.meta.dirname, path);
const ends: (() => unknown)[] = [];
const ours = { url: '' };
const theirs = { url: '' };
let printed = '';

/** Starts Hive Gateway over the supergraph that `npm run schema` wrote, and nothing else of ours but where the libraries are. */
function startHive(port: number, environment: Readonly<Record<string, string>>): ChildProcess {
  const bin = file('node_modules/@graphql-hive/gateway/dist/bin.js');
  const options = ['--config-path', file('gateway.config.ts'), '--host', '127.0.0.1', '--port', String(port)];
  const hive = spawn(process.execPath, [bin, 'supergraph', file('../schema/composed/supergraph.graphql'), ...options], {
    cwd: import.meta.dirname,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [hive.stdout, hive.stderr]) stream.on('data', (piece: Buffer) => (printed += piece.toString()));
  return hive;
}

before(async () => {
  const hub = await startOwnHub({ HUB_WARRANT_CHECK: 'off' });
  ends.push(hub.stop);
  ours.url = hub.url;
  const hivePort = await findHubPort();
  const hive = startHive(hivePort, hub.environment);
  ends.push(() => hive.kill());
  theirs.url = `http://127.0.0.1:${hivePort}`;
  const answers = () =>
    ask(theirs, '{ __typename }').then(
      ({ data }) => data?.__typename === 'Query',
      () => false,
    );
  await until('Hive Gateway answers', 60_000, answers).catch((error: Error) => {
    throw new Error(`${error.message}\n${printed}`, { cause: error });
  });
});
after(async () => {
  for (const end of ends.reverse()) await end();
});

test('the question of the README is answered alike: five libraries, one answer', async () => {
  const readme = readFileSync(file('../README.md'), 'utf8');
  const [, question = ''] = /```graphql\n(.*?)\n```/s.exec(readme) ?? [];
  const [, answer = ''] = /```json\n(.*?)\n```/s.exec(readme) ?? [];
  const told = await ask(theirs, question);
  assert.deepEqual(told, await ask(ours, question));
  assert.deepEqual(told, { status: 200, ...JSON.parse(answer) });
});

for (const { titleEn, query } of readExamples()) {
  test(`“${titleEn}” is answered alike`, async () => {
    const told = await ask(theirs, query);
    assert.equal(told.errors, undefined, JSON.stringify(told.errors));
    assert.deepEqual(told, await ask(ours, query));
  });
}
