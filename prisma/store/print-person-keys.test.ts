import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPseudonymKey } from '@longyuan/trust/keys.ts';
import { afterAll, expect, test } from 'vitest';
import { opaqueKeyOf } from './opaque-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'longyuan-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));
const command = join(import.meta.dirname, 'print-person-keys.ts');
const run = (input: string, dataDir = folder) =>
  spawnSync(process.execPath, [command], { input, encoding: 'utf8', env: { ...process.env, HUB_DATA_DIR: dataDir } });

test('without the pseudonym key there are no keys of people, and none is made', () => {
  const { status, stderr, stdout } = run('11010519491231002X\n', join(folder, 'nowhere'));
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain('There is no pseudonym key');
});

test('an owner turns citizen numbers into keys in bulk, line by line', async () => {
  const keyOf = opaqueKeyOf(await openPseudonymKey(folder));
  const { status, stdout, stderr } = run('11010519491231002X\r\n629901199003071235\n110105194912310021\n 11010519491231002x \n');
  expect(stdout).toBe(
    [keyOf('person', '11010519491231002X'), keyOf('person', '629901199003071235'), '', keyOf('person', '11010519491231002X'), ''].join(
      '\n',
    ),
  );
  expect([status, stderr]).toEqual([1, 'line 3: holds no citizen number (公民身份号码, GB 11643)\n1 of 4 lines hold no citizen number.\n']);
  const many = `${'629901199003071235\n'.repeat(50_000)}`;
  const answered = execFileSync(process.execPath, [command], {
    input: many,
    maxBuffer: 1e8,
    env: { ...process.env, HUB_DATA_DIR: folder },
  });
  expect(answered.toString().trim().split('\n')).toHaveLength(50_000);
});
