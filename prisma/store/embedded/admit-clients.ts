import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Logger } from '@longyuan/settings/log.ts';
import { makeVerifier, SCRAM_MECHANISM, ScramExchange, type ScramVerifier } from './scram.ts';
import { encode, encodeError } from './wire-messages.ts';

/** Who may come in: one user, with one password. */
export type Account = Readonly<{ user: string; password: string }>;

/** What a client sent behind the last message of its login. */
export type Admitted = (rest: Buffer) => void;

const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const PROTOCOL_3 = 3;
const LONGEST_STARTUP = 10_000;
const LONGEST_ANSWER = 2_000;
/** Each of both kinds of encryption may be asked for once. */
const MOST_REQUESTS = 2;
/** Sockets whose clients are not known yet: when one more comes, the oldest has had the most time. */
const MOST_AT_THE_DOOR = 128;
const MS_FOR_A_STEP = 10_000;
const MS_BETWEEN_WARNINGS = 60_000;

const AUTHENTICATION_SASL = 10;
const AUTHENTICATION_SASL_CONTINUE = 11;
const AUTHENTICATION_SASL_FINAL = 12;

/** A client that waits to be known. */
type Visitor = {
  readonly socket: Socket;
  readonly admit: Admitted;
  bytes: Buffer;
  requests: number;
  login: Login | null;
  limit: NodeJS.Timeout | null;
};
/** `isKnown`: whether its user is ours at all; it is told only at the end, as a wrong password is. */
type Login = { readonly exchange: ScramExchange; readonly isKnown: boolean; hasBegun: boolean };

/**
 * The door of the wire server: a client comes in when it has shown by SCRAM-SHA-256 that it knows the password. Until then what it may
 * send is bounded, and so are the time that it has for each step and the number of clients that wait. Message formats: PostgreSQL's
 * documentation, "Message Formats" and "SASL Authentication".
 */
export function openDoor(account: Account, log: Logger): Readonly<{ receive(socket: Socket, admit: Admitted): void; close(): void }> {
  const ours = makeVerifier(account.password);
  // Of a user that is not ours: nobody knows its password. The salt is another, as for another user.
  const nobodys: ScramVerifier = makeVerifier(randomBytes(32).toString('base64'));
  const visitors = new Set<Visitor>();
  let warnedAt = Number.NEGATIVE_INFINITY;

  function receive(socket: Socket, admit: Admitted): void {
    const [oldest] = visitors;
    if (oldest !== undefined && visitors.size >= MOST_AT_THE_DOOR) refuse(oldest, '53300', 'sorry, too many clients already');
    const visitor: Visitor = { socket, admit, bytes: Buffer.alloc(0), requests: 0, login: null, limit: null };
    visitors.add(visitor);
    giveTime(visitor);
    socket.on('data', (bytes: Buffer) => read(visitor, bytes));
    socket.once('close', () => leave(visitor));
  }

  function giveTime(visitor: Visitor): void {
    if (visitor.limit !== null) clearTimeout(visitor.limit);
    // After a long statement the timers come first, and only then what has long been sent.
    const limit = setTimeout(() => setImmediate(() => visitor.limit === limit && dismiss(visitor)), MS_FOR_A_STEP).unref();
    visitor.limit = limit;
  }

  function dismiss(visitor: Visitor): void {
    refuse(visitor, '57014', 'canceling authentication due to timeout');
  }

  function leave(visitor: Visitor): void {
    if (visitor.limit !== null) clearTimeout(visitor.limit);
    visitor.limit = null;
    visitors.delete(visitor);
  }

  function read(visitor: Visitor, bytes: Buffer): void {
    if (!visitors.has(visitor)) return;
    visitor.bytes = Buffer.concat([visitor.bytes, bytes]);
    while (visitors.has(visitor)) {
      const length = visitor.login === null ? readStartupLength(visitor.bytes) : readAnswerLength(visitor.bytes);
      if (length === null) {
        hangUp(visitor);
        return;
      }
      if (visitor.bytes.length < length) return;
      const message = visitor.bytes.subarray(0, length);
      visitor.bytes = visitor.bytes.subarray(length);
      giveTime(visitor);
      if (visitor.login === null) readStartup(visitor, message);
      else readAnswer(visitor, visitor.login, message);
    }
  }

  function readStartup(visitor: Visitor, message: Buffer): void {
    const request = message.readInt32BE(4);
    if (request === SSL_REQUEST || request === GSS_REQUEST) {
      visitor.requests += 1;
      if (visitor.requests > MOST_REQUESTS) {
        hangUp(visitor);
        return;
      }
      visitor.socket.write('N');
      return;
    }
    // What is left is a request to cancel, which a single session cannot heed, or an older protocol.
    if (request >> 16 !== PROTOCOL_3) {
      hangUp(visitor);
      return;
    }
    const isKnown = readUser(message) === account.user;
    visitor.login = { exchange: new ScramExchange(isKnown ? ours : nobodys), isKnown, hasBegun: false };
    visitor.socket.write(encodeAuthentication(AUTHENTICATION_SASL, `${SCRAM_MECHANISM}\0\0`));
  }

  function readAnswer(visitor: Visitor, login: Login, message: Buffer): void {
    if (!login.hasBegun) {
      const challenge = login.exchange.first(readInitialResponse(message) ?? '');
      if (challenge === null) {
        refuseLogin(visitor);
        return;
      }
      login.hasBegun = true;
      visitor.socket.write(encodeAuthentication(AUTHENTICATION_SASL_CONTINUE, challenge));
      return;
    }
    const proof = login.exchange.last(message.toString('latin1', 5));
    if (proof === null || !login.isKnown) {
      refuseLogin(visitor);
      return;
    }
    visitor.socket.write(encodeAuthentication(AUTHENTICATION_SASL_FINAL, proof));
    leave(visitor);
    visitor.socket.removeAllListeners('data');
    visitor.admit(visitor.bytes);
  }

  function refuseLogin(visitor: Visitor): void {
    if (performance.now() - warnedAt > MS_BETWEEN_WARNINGS) {
      warnedAt = performance.now();
      log.warn('somebody of this machine was refused by the embedded PostgreSQL: the password was wrong');
    }
    refuse(visitor, '28P01', 'password authentication failed: the password is in keys/postgres.secret of the data folder of the hub');
  }

  function refuse(visitor: Visitor, code: string, message: string): void {
    leave(visitor);
    visitor.socket.end(encodeError({ severity: 'FATAL', code, message }));
    visitor.socket.destroySoon();
  }

  function hangUp(visitor: Visitor): void {
    leave(visitor);
    visitor.socket.destroy();
  }

  return {
    receive,
    close: () => {
      for (const visitor of [...visitors]) hangUp(visitor);
    },
  };
}

/** Null when it cannot be the length of a first message. */
function readStartupLength(bytes: Buffer): number | null {
  if (bytes.length < 8) return 8;
  const length = bytes.readUInt32BE(0);
  return length >= 8 && length <= LONGEST_STARTUP ? length : null;
}

/** Null when it is no answer to a request for authentication. */
function readAnswerLength(bytes: Buffer): number | null {
  if (bytes.length < 5) return bytes.length > 0 && bytes[0] !== ANSWER ? null : 5;
  const length = bytes.readUInt32BE(1);
  return bytes[0] === ANSWER && length >= 4 && length <= LONGEST_ANSWER ? 1 + length : null;
}

const ANSWER = 'p'.charCodeAt(0);

function readUser(startup: Buffer): string | undefined {
  const words = startup.toString('utf8', 8).split('\0');
  for (let at = 0; at + 1 < words.length; at += 2) if (words[at] === 'user') return words[at + 1];
  return undefined;
}

/** What a client says first of the one mechanism; null when it means another. */
function readInitialResponse(message: Buffer): string | null {
  const end = message.indexOf(0, 5);
  if (end < 0 || message.toString('latin1', 5, end) !== SCRAM_MECHANISM || message.length < end + 5) return null;
  return message.readInt32BE(end + 1) === message.length - end - 5 ? message.toString('latin1', end + 5) : null;
}

function encodeAuthentication(kind: number, text: string): Buffer {
  const head = Buffer.alloc(4);
  head.writeInt32BE(kind);
  return encode('R', Buffer.concat([head, Buffer.from(text, 'latin1')]));
}
