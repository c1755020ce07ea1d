/**
 * What is wrong with a database, where it and not the question is at fault: its code (SQLSTATE, of Node or of Prisma; null where none was given)
 * and the reason in the hub's words. `isSlow`: it is there, and only this statement took too long.
 */
export type DatabaseTrouble = Readonly<{ code: string | null; reason: string; isSlow: boolean }>;

const ABSENT = 'nobody answers where the database should be';
const LATE = 'the database takes too long to take a connection';
const BROKEN = 'the connection to the database broke, or was ended there';
const REFUSED = 'the database refuses the hub’s account, its password or what it may do there';
const NO_TLS = 'the database and the hub agree on no TLS';

/** Codes of PostgreSQL (SQLSTATE), of Node's sockets and of Prisma. The first that fits says what it is. */
const BY_CODE: readonly (readonly [RegExp, string])[] = [
  [/^(ECONNREFUSED|ENOTFOUND|ENOENT|EAI_\w+|EHOST\w+|ENET\w+|P1001)$/, ABSENT],
  [/^(ETIMEDOUT|P1002|P1008|P2024)$/, LATE],
  [/^(ECONN\w+|EPIPE|08\w{3}|25P0[34]|57P0[145]|P1017)$/, BROKEN],
  [/^(28\w{3}|42501|P1000|P1010)$/, REFUSED],
  [/^(3D000|3F000|42P01|P1003)$/, 'the database, its schema or one of its tables is not there'],
  [/^25006$/, 'the database is read-only'],
  [/^53100$/, 'the disk of the database is full'],
  [/^53200$/, 'the database has no memory left'],
  [/^53300$/, 'the database takes no more connections'],
  [/^53\w{3}$/, 'the database has run out of what it needs'],
  [/^(57P0\d|55006)$/, 'the database is starting or stopping, or shuts others out for a while'],
  [/^(57\w{3}|55P03|40\w{3})$/, 'the database did not bring a statement to its end in time'],
  [/^(58\w{3}|XX\w{3}|F0\w{3})$/, 'the database cannot read or write its own files: pages, an index or the disk may be damaged'],
  [/^54001$/, 'the database has no room left on its stack'],
  [/^(P1011|ERR_(SSL|TLS)\w*|CERT_\w+|\w+_CERT|\w+_SIGNATURE|\w+_CERT_\w+)$/, NO_TLS],
];
const SLOW = /^(57014|55P03|40\w{3})$/;

/** What `pg`, and Prisma's adapter by its kinds, say without a code. Prisma puts a line of its own before what `pg` says. */
const BY_TEXT: readonly (readonly [RegExp, string])[] = [
  [/^DatabaseNotReachable$/, ABSENT],
  [
    /^SocketTimeout$|^(timeout expired|timeout exceeded when trying|Connection terminated due to connection timeout|Query read timeout)/m,
    LATE,
  ],
  [/^ConnectionClosed$|^(Connection terminated|Client has encountered|Client was closed|Cannot use a pool after)/m, BROKEN],
  [/^SASL: /m, REFUSED],
  [/^TlsConnectionError$|^(The server does not support SSL|There was an error establishing an SSL)/m, NO_TLS],
];

/**
 * What an error, or what caused it, says is wrong with the database; null where the fault lies elsewhere. Nothing that a caller can write into a
 * question brings one about, but for a statement that is slow.
 */
export function readTrouble(error: unknown, depth = 0): DatabaseTrouble | null {
  if (typeof error !== 'object' || error === null || depth > 5) return null;
  if (error instanceof InTrouble) return error.trouble;
  // Every property is looked at before it is believed.
  const { code, originalCode, kind, message, cause, originalError, meta, driverAdapterError, errors } = error as Record<string, unknown>;
  for (const each of [originalCode, code]) {
    const reason = typeof each === 'string' && reasonFor(each, BY_CODE);
    if (reason) return { code: String(each), reason, isSlow: SLOW.test(String(each)) };
  }
  for (const each of [kind, message]) {
    const reason = typeof each === 'string' && reasonFor(each, BY_TEXT);
    if (reason) return { code: null, reason, isSlow: false };
  }
  for (const each of [cause, originalError, meta, driverAdapterError, ...(Array.isArray(errors) ? errors : [])]) {
    const found = readTrouble(each, depth + 1);
    if (found) return found;
  }
  return null;
}

/** A trouble that the hub found by itself, as that the database takes no writes. Its message says nothing to a caller. */
export class InTrouble extends Error {
  readonly trouble: DatabaseTrouble;
  readonly code: string;

  constructor(code: string) {
    super('The database cannot be used.');
    this.code = code;
    this.trouble = { code, reason: reasonFor(code, BY_CODE) ?? 'the database cannot be used', isSlow: false };
  }
}

function reasonFor(text: string, table: readonly (readonly [RegExp, string])[]): string | undefined {
  return table.find(([pattern]) => pattern.test(text))?.[1];
}
