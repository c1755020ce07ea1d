import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { keepPersisted } from './persisted-operations.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
/** As Apollo Server asks. */
const ask = (persisted: ReturnType<typeof keepPersisted>, hash: string) => persisted.options.cache?.get(`apq:${hash}`);

test('a text is kept once it was let in, and never because Apollo Server hands it over', async () => {
  const persisted = keepPersisted();
  const text = '{ worst }';
  await persisted.options.cache?.set(`apq:${sha256(text)}`, text);
  expect([await ask(persisted, sha256(text)), persisted.size().texts]).toEqual([undefined, 0]);
  persisted.keep(sha256(text), text);
  expect(await ask(persisted, sha256(text))).toBe(text);
  await persisted.options.cache?.delete(`apq:${sha256(text)}`);
  expect(await ask(persisted, sha256(text))).toBe(text);
});

test('texts are kept by number and by bytes, those not asked for longest go first', async () => {
  const persisted = keepPersisted({ most: 50, mostBytes: 200_000 });
  const put = (text: string) => persisted.keep(sha256(text), text);
  for (let place = 0; place < 1_000; place += 1) put(`{ a${place} }`);
  expect(persisted.size().texts).toBe(50);
  expect(await ask(persisted, sha256('{ a949 }'))).toBeUndefined();
  expect(await ask(persisted, sha256('{ a950 }'))).toBe('{ a950 }');
  for (let place = 0; place < 100; place += 1) put(`{ ${place} # ${'x'.repeat(20_000)} }`);
  expect(persisted.size().bytes).toBeLessThan(200_000);
  expect(persisted.size().texts).toBeLessThan(6);
  // One that has no room even alone is not kept, and drives nothing else out.
  const last = `{ 99 # ${'x'.repeat(20_000)} }`;
  put('x'.repeat(300_000));
  expect(await ask(persisted, sha256('x'.repeat(300_000)))).toBeUndefined();
  expect(await ask(persisted, sha256(last))).toBe(last);
});

test('texts take no more heap than they are counted with', () => {
  const persisted = keepPersisted({ most: 2_000, mostBytes: 100_000_000 });
  // Read from a body, as texts of requests are: each with characters of two bytes.
  const text = (place: number) => JSON.parse(JSON.stringify(`{ a${place} # ${'中'.repeat(500)} }`)) as string;
  for (let place = 0; place < 100; place += 1) persisted.keep(sha256(text(place)), text(place));
  collect();
  const [before, counted] = [process.memoryUsage().heapUsed, persisted.size().bytes];
  for (let place = 100; place < 2_000; place += 1) persisted.keep(sha256(text(place)), text(place));
  collect();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(persisted.size().bytes - counted);
});
