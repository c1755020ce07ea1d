import { expect, test } from 'vitest';
import { InTrouble, readTrouble } from './database-trouble.ts';
import { StoreRefusal } from './turns.ts';

const coded = (code: string, message = 'said') => Object.assign(new Error(message), { code });
/** As Prisma passes on what its adapter met. */
const byPrisma = (cause: object) =>
  Object.assign(new Error('Invalid `prisma.person.findMany()` invocation:\n\n\nsaid'), {
    code: 'P2010',
    meta: { driverAdapterError: { cause } },
  });

test.each([
  ['ECONNREFUSED', 'nobody answers'],
  ['08006', 'broke'],
  ['57P01', 'broke'],
  ['28P01', 'refuses'],
  ['28000', 'refuses'],
  ['42501', 'refuses'],
  ['3D000', 'is not there'],
  ['25006', 'read-only'],
  ['53100', 'disk'],
  ['53200', 'memory'],
  ['53300', 'no more connections'],
  ['57P03', 'starting or stopping'],
  ['57014', 'in time'],
  ['58030', 'own files'],
  ['XX000', 'own files'],
  ['XX001', 'own files'],
  ['XX002', 'own files'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'TLS'],
])('%s is trouble with the database: %s', (code, words) => {
  const found = { code, reason: expect.stringContaining(words), isSlow: code === '57014' };
  expect(readTrouble(coded(code))).toEqual(found);
  expect(readTrouble(byPrisma({ kind: 'postgres', originalCode: code }))).toEqual(found);
});

test.each([
  ['timeout expired', 'takes too long'],
  ['timeout exceeded when trying to connect', 'takes too long'],
  ['Connection terminated due to connection timeout', 'takes too long'],
  ['Invalid `prisma.person.findMany()` invocation:\n\n\nConnection terminated unexpectedly', 'broke'],
  ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', 'refuses'],
  ['The server does not support SSL connections', 'TLS'],
])('what pg says without a code is understood: %s', (message, words) => {
  expect(readTrouble(new Error('outside', { cause: new Error(message) }))).toMatchObject({
    code: null,
    reason: expect.stringContaining(words),
  });
});

test.each(['22P02', '22021', '23505', '42601', '42703', 'P2025', '0A000'])('%s is a fault of the question, not of the database', (code) => {
  expect(readTrouble(coded(code, 'a name that says: timeout expired, SASL: XX001'))).toBe(null);
});

test('what the hub finds by itself is told alike; that nobody waits any more, or too many do, is no trouble of the database', () => {
  expect(readTrouble(new InTrouble('25006'))).toMatchObject({ code: '25006', reason: 'the database is read-only' });
  expect(readTrouble(new StoreRefusal('STORE_BUSY'))).toBe(null);
  expect(readTrouble(new StoreRefusal('CALL_OVER'))).toBe(null);
  for (const odd of [undefined, null, 'XX001', 5, {}]) expect(readTrouble(odd)).toBe(null);
});
