import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { keptSizes } from '@longyuan/schema/src/kept/kept-sizes.ts';
import { expect, test } from 'vitest';
import { hashIn, keepPersisted } from './persisted-operations.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const ROOM = 'department 11629901000000019M';

test('a text is found by its hash in the room that it was let in for, and in no other', () => {
  const persisted = keepPersisted();
  const hash = sha256('{ worst }');
  persisted.keep(ROOM, hash, '{ worst }');
  expect(persisted.find(ROOM, hash)).toBe('{ worst }');
  for (const other of ['public', 'department 11629901000000008', '']) expect(persisted.find(other, hash)).toBeUndefined();
});

test('a hash is 64 small hexadecimal digits, and nothing else', () => {
  const hash = sha256('{ worst }');
  expect(hashIn({ persistedQuery: { version: 1, sha256Hash: hash } })).toBe(hash);
  for (const wrong of [hash.toUpperCase(), hash.slice(1), `${hash} `, '__proto__', 7, null, [hash], { toString: () => hash }])
    expect(hashIn({ persistedQuery: { version: 1, sha256Hash: wrong } }), String(wrong)).toBeNull();
  for (const extensions of [undefined, {}, { persistedQuery: null }, { persistedQuery: 7 }, { persistedQuery: {} }])
    expect(hashIn(extensions)).toBeNull();
});

test('texts are kept by number and by bytes, those not asked for longest go first', () => {
  const persisted = keepPersisted({ most: 50, mostBytes: 200_000 });
  const put = (text: string) => persisted.keep(ROOM, sha256(text), text);
  for (let place = 0; place < 1_000; place += 1) put(`{ a${place} }`);
  expect(persisted.size().texts).toBe(50);
  expect(persisted.find(ROOM, sha256('{ a949 }'))).toBeUndefined();
  expect(persisted.find(ROOM, sha256('{ a950 }'))).toBe('{ a950 }');
  for (let place = 0; place < 100; place += 1) put(`{ ${place} # ${'x'.repeat(20_000)} }`);
  expect(persisted.size().bytes).toBeLessThan(200_000);
  expect(persisted.size().texts).toBeLessThan(6);
  // One that has no room even alone is not kept, and drives nothing else out.
  const last = `{ 99 # ${'x'.repeat(20_000)} }`;
  put('x'.repeat(300_000));
  expect(persisted.find(ROOM, sha256('x'.repeat(300_000)))).toBeUndefined();
  expect(persisted.find(ROOM, sha256(last))).toBe(last);
});

test('texts are among what the figures tell of', () => {
  const told = () => keptSizes().find(({ what }) => what === 'persisted operations');
  const before = told()?.entries ?? 0;
  const persisted = keepPersisted();
  persisted.keep(ROOM, sha256('{ a }'), '{ a }');
  expect(told()).toMatchObject({ entries: before + persisted.size().texts, bytes: expect.any(Number) });
});

test('texts take no more heap than they are counted with', () => {
  const persisted = keepPersisted({ most: 2_000, mostBytes: 100_000_000 });
  // Read from a body, as texts of requests are: each with characters of two bytes.
  const text = (place: number) => JSON.parse(JSON.stringify(`{ a${place} # ${'中'.repeat(500)} }`)) as string;
  for (let place = 0; place < 100; place += 1) persisted.keep(ROOM, sha256(text(place)), text(place));
  collect();
  const [before, counted] = [process.memoryUsage().heapUsed, persisted.size().bytes];
  for (let place = 100; place < 2_000; place += 1) persisted.keep(ROOM, sha256(text(place)), text(place));
  collect();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(persisted.size().bytes - counted);
});
