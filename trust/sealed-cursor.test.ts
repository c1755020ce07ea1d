import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { openSealedCursors } from './sealed-cursor.ts';

const cursors = openSealedCursors(async () => randomBytes(32));

test('a sealed cursor says nothing of its place, and gives it back', async () => {
  const [cursor, again] = [await cursors.seal('620102198503051234'), await cursors.seal('620102198503051234')];
  expect(await cursors.open(cursor)).toBe('620102198503051234');
  expect(again).not.toBe(cursor);
  for (const part of cursor.split('.')) expect(Buffer.from(part, 'base64url').toString()).not.toContain('6201');
});

test('a cursor that was made elsewhere, or changed, is none', async () => {
  const cursor = await cursors.seal('a');
  const others = openSealedCursors(async () => randomBytes(32));
  for (const text of ['', 'WyJhIl0', `${cursor}A`, cursor.slice(1), await others.seal('a'), 'x'.repeat(50_000)])
    expect(await cursors.open(text), text.slice(0, 20)).toBeNull();
});

test('a key that could not be read is asked for again', async () => {
  let times = 0;
  const later = openSealedCursors(async () => {
    times += 1;
    if (times === 1) throw new Error('The disk is away.');
    return randomBytes(32);
  });
  await expect(later.seal('a')).rejects.toThrow('The disk is away.');
  expect(await later.open(await later.seal('a'))).toBe('a');
  expect(times).toBe(2);
});

test('what no cursor can hold is sealed into none, instead of one that nobody can open', async () => {
  const long = '值'.repeat(2_000);
  expect(await cursors.open(await cursors.seal(long))).toBe(long);
  await expect(cursors.seal('值'.repeat(4_000))).rejects.toThrow(RangeError);
});
