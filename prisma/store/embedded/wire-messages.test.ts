import { expect, test } from 'vitest';
import { encodeQuery, Framer, findRefusal } from './wire-messages.ts';

const parse = (sql: string): Buffer => {
  const body = Buffer.from(`\0${sql}\0\0\0`);
  const head = Buffer.from('P\0\0\0\0');
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
};
const sync = Buffer.from('S\0\0\0\x04');
const terminate = Buffer.from('X\0\0\0\x04');

test('a round is held back until its Sync, however the bytes arrive', () => {
  const stream = Buffer.concat([parse('SELECT 1'), sync, encodeQuery('BEGIN'), terminate]);
  for (const size of [1, 3, 7, stream.length]) {
    const framer = new Framer();
    const kinds: string[] = [];
    for (let at = 0; at < stream.length; at += size) {
      for (const event of framer.read(stream.subarray(at, at + size))) {
        kinds.push(event.kind === 'batch' ? `${event.batch.sql.join()} ${event.batch.bytes.length}` : event.kind);
      }
    }
    expect(kinds).toEqual([`SELECT 1 ${parse('SELECT 1').length + sync.length}`, 'BEGIN 11', 'end']);
  }
});

test.each([
  ['COPY t FROM STDIN', true],
  ["set search_path = 'x'", true],
  ['SET LOCAL search_path = public', false],
  ['SET TRANSACTION ISOLATION LEVEL SERIALIZABLE', false],
  ['CREATE TEMP TABLE t (id int)', true],
  ['CREATE TABLE temperature (id int)', false],
  ['SELECT settled FROM penalty', false],
])('in the shared session "%s" is refused: %s', (sql, isRefused) => {
  expect(findRefusal({ bytes: Buffer.alloc(0), sql: [sql] }) !== null).toBe(isRefused);
});
