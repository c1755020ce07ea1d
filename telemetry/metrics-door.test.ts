import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openLibraryMetricsDoor, openMetricsDoor } from './metrics-door.ts';

const folder = mkdtempSync(join(tmpdir(), 'metrics-door-'));
afterAll(() => rmSync(folder, { recursive: true }));
const TOKEN = 'a-token.of_sixteen~letters';
const fileOf = (text: string, mode = 0o600): string => {
  const path = join(folder, 'token');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
};

test('without a token figures are for this machine alone, and for nobody behind a proxy on it', async () => {
  const mayRead = await openMetricsDoor(null);
  const host = 'localhost:4000';
  expect(mayRead({ headers: { host }, address: '127.0.0.1' })).toBe(true);
  expect(mayRead({ headers: { host: '[::1]:4000' }, address: '::1' })).toBe(true);
  for (const address of ['203.0.113.9', '10.0.0.1', '', '2001:db8::1']) expect(mayRead({ headers: { host }, address })).toBe(false);
  for (const header of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'])
    expect(mayRead({ headers: { host, [header]: '127.0.0.1' }, address: '127.0.0.1' }), header).toBe(false);
  // A proxy that says nothing of whom it asks for, but passes on the name that they asked for.
  for (const name of ['data.example', 'data.example:443', undefined])
    expect(mayRead({ headers: name === undefined ? {} : { host: name }, address: '127.0.0.1' }), name).toBe(false);
});

test('with one they are for whoever shows it, and for nobody else on this machine either', async () => {
  const mayRead = await openMetricsDoor(fileOf(`${TOKEN}\n`));
  const shows = (authorization?: string) =>
    mayRead({ headers: authorization === undefined ? {} : { authorization }, address: '127.0.0.1' });
  expect(shows(`Bearer ${TOKEN}`)).toBe(true);
  expect(mayRead({ headers: { authorization: `bearer ${TOKEN}`, 'x-forwarded-for': '203.0.113.9' }, address: '203.0.113.9' })).toBe(true);
  for (const wrong of [undefined, '', 'Bearer', `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, TOKEN, `Basic ${TOKEN}`, 'Bearer \u0000'])
    expect(shows(wrong)).toBe(false);
});

test('a file that holds no token, or that others can read, ends the start with what to do', async () => {
  await expect(openMetricsDoor(join(folder, 'none'))).rejects.toThrow('there is no such file');
  await expect(openMetricsDoor(fileOf('short'))).rejects.toThrow('does not hold a token for /metrics');
  await expect(openMetricsDoor(fileOf(`${TOKEN}\n${TOKEN}\n`))).rejects.toThrow('openssl rand');
  // The folder is its owner's alone, so its mode would say nothing.
  chmodSync(folder, 0o755);
  await expect(openMetricsDoor(fileOf(TOKEN, 0o644))).rejects.toThrow('open to other accounts');
});

test('a library without a token tells nobody of its figures, and with one whoever shows it', async () => {
  const from = { headers: {}, address: '127.0.0.1' };
  expect((await openLibraryMetricsDoor(null))(from)).toBe(false);
  const mayRead = await openLibraryMetricsDoor(fileOf(TOKEN));
  expect([mayRead(from), mayRead({ ...from, headers: { authorization: `Bearer ${TOKEN}` } })]).toEqual([false, true]);
});
