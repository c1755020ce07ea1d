/** Messages of one round of the protocol, whole, and the SQL they begin with. */
export type Batch = Readonly<{ bytes: Buffer; sql: string[] }>;

export type WireEvent = Readonly<{ kind: 'end' }> | Readonly<{ kind: 'batch'; batch: Batch }>;

const longestMessage = 1 << 30;
const code = (letter: string): number => letter.charCodeAt(0);
const endsRound = new Set(['S', 'H', 'Q', 'F'].map(code));

/** Cuts the stream of a client that was let in into what the server acts on. Message formats: PostgreSQL's documentation, "Frontend/Backend Protocol". */
export class Framer {
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes that must be there before looking again is worth it. */
  #wanted = 5;
  /** Where the next message begins: those before it are whole and wait for the end of their round. */
  #scanned = 0;
  #sql: string[] = [];

  /** What the stream says up to and with these bytes. An `end` is the last event: the client left, or speaks something else. */
  read(bytes: Buffer): WireEvent[] {
    this.#chunks.push(bytes);
    this.#size += bytes.length;
    if (this.#size < this.#wanted) return [];
    let buffer = this.#chunks.length === 1 ? bytes : Buffer.concat(this.#chunks);
    const events: WireEvent[] = [];
    while (true) {
      const length = readMessageLength(buffer, this.#scanned);
      if (length === null) {
        events.push({ kind: 'end' });
        break;
      }
      const end = this.#scanned + length;
      if (buffer.length < end) {
        this.#wanted = end;
        break;
      }
      const type = buffer[this.#scanned];
      if (type === code('X')) {
        events.push({ kind: 'end' });
        break;
      }
      const sql = readSql(buffer.subarray(this.#scanned, end));
      if (sql !== null) this.#sql.push(sql);
      this.#scanned = end;
      if (type === undefined || !endsRound.has(type)) continue;
      events.push({ kind: 'batch', batch: { bytes: buffer.subarray(0, end), sql: this.#sql } });
      buffer = buffer.subarray(end);
      this.#sql = [];
      this.#scanned = 0;
    }
    this.#chunks = [buffer];
    this.#size = buffer.length;
    return events;
  }
}

/** Bytes of the message at `at`, or of its header when that is not there yet; null when it cannot be one. */
function readMessageLength(buffer: Buffer, at: number): number | null {
  if (buffer.length < at + 5) return 5;
  const length = buffer.readUInt32BE(at + 1);
  return length >= 4 && length < longestMessage ? 1 + length : null;
}

/** The first characters of the SQL in a Query or Parse message, enough to tell what kind of statement it is. */
function readSql(message: Buffer): string | null {
  const [type] = message;
  if (type !== code('Q') && type !== code('P')) return null;
  // In a Parse the statement's name stands before it.
  const start = type === code('Q') ? 5 : message.indexOf(0, 5) + 1;
  return message.toString('utf8', start, Math.min(message.indexOf(0, start), start + 200));
}

const refusals: readonly (readonly [RegExp, string])[] = [
  [/^\s*copy\b/i, 'COPY is not there in the embedded PostgreSQL: insert rows, or use a PostgreSQL server'],
  [
    /^\s*set\s+(?!(local|transaction|constraints)\b)/i,
    'SET is not there in the embedded PostgreSQL: all clients share one session; use SET LOCAL',
  ],
  [/^\s*create\s+((global|local)\s+)?temp/i, 'Temporary tables are not there in the embedded PostgreSQL: all clients share one session'],
];

/** Why a batch must not run in a session that all clients share, or null. A guard against mistakes, not against malice. */
export function findRefusal(batch: Batch): string | null {
  for (const sql of batch.sql) for (const [pattern, reason] of refusals) if (pattern.test(sql)) return reason;
  return null;
}

/** The first message of a connection, as user and database `postgres`. */
export function encodeStartup(): Buffer {
  const body = Buffer.from('user\0postgres\0database\0postgres\0client_encoding\0UTF8\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + body.length, 0);
  head.writeInt32BE(3 << 16, 4);
  return Buffer.concat([head, body]);
}

/** A simple query. */
export function encodeQuery(sql: string): Buffer {
  return encode('Q', `${sql}\0`);
}

/** What a server says when something goes wrong. */
export function encodeError(error: Readonly<{ severity: 'ERROR' | 'FATAL'; code: string; message: string }>): Buffer {
  return encode('E', `S${error.severity}\0V${error.severity}\0C${error.code}\0M${error.message}\0\0`);
}

/** A message of this type. */
export function encode(type: string, text: string | Buffer): Buffer {
  const body = Buffer.from(text);
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}
