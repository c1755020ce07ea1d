import { createServer, type Server, type Socket } from 'node:net';
import type { Logger } from '@longyuan/settings/log.ts';
import { type Account, openDoor } from './admit-clients.ts';
import {
  ListeningClients,
  mentionsListening,
  type Notification,
  partNotifications,
  quoteName,
  readListenCommand,
} from './listening-clients.ts';
import type { Session } from './session.ts';
import { type Batch, encodeError, encodeQuery, encodeStartup, Framer, findRefusal } from './wire-messages.ts';

/** A running server: the port it listens on, and how to stop it (unfinished transactions are rolled back). */
export type WireServer = Readonly<{ port: number; stop(): Promise<void> }>;

export type WireOptions = Readonly<{
  host: string;
  /** 0 takes a free port. */
  port: number;
  /** Who may come in. */
  account: Account;
  maxConnections: number;
  /** A client that keeps a transaction open and says nothing for so long is cut off: it holds up everybody else. */
  idleTransactionMs: number;
  log: Logger;
}>;

/** Most channels that clients listen to at once, and most bytes that wait for one that does not read. */
const MOST_CHANNELS = 64;
const MOST_WAITING_BYTES = 1 << 20;
/** A client that sends more rounds ahead of their answers is not read until some are answered. */
const MOST_WAITING_BATCHES = 64;

type Client = { readonly socket: Socket; readonly batches: Batch[]; isOpen: boolean };

/**
 * Serves the one session of a PGlite to many clients that speak the PostgreSQL protocol.
 *
 * PGlite has a single session, so what belongs together must run together: a client's messages are held back until they end a
 * round (Sync, Flush or a simple query) and then run as one, and a client in a transaction keeps the session until it ends it.
 * When that client goes away, its transaction is rolled back. The session listens to what any client listens to; notifications are
 * handed to those who do, between their rounds. @electric-sql/pglite-socket does neither: it queues single
 * messages, so two clients' Parse and Bind may alternate, and forgets a transaction whose client dies while its statement runs.
 */
export async function serveWire({ run }: Session, options: WireOptions): Promise<WireServer> {
  const { log } = options;
  const greeting = run(encodeStartup());
  const door = openDoor(options.account, log);
  const clients = new Set<Client>();
  const turns: Client[] = [];
  const listening = new ListeningClients<Client>(MOST_CHANNELS);
  let owner: Client | null = null;
  let isTurnPlanned = false;
  const idle = setTimeout(cutOffIdleOwner, options.idleTransactionMs);
  idle.unref();

  const server = createServer({ noDelay: true }, greet);
  await listen(server, options);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port');

  return { port: address.port, stop };

  function greet(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    door.receive(socket, (rest) => admit(socket, rest));
  }

  function admit(socket: Socket, rest: Buffer): void {
    if (clients.size >= options.maxConnections) {
      socket.end(encodeError({ severity: 'FATAL', code: '53300', message: 'sorry, too many clients already' }));
      socket.destroySoon();
      return;
    }
    const client: Client = { socket, batches: [], isOpen: true };
    clients.add(client);
    const framer = new Framer();
    socket.on('close', () => forget(client));
    socket.on('drain', () => goOnReading(client));
    socket.write(greeting);
    const read = (bytes: Buffer): void => {
      if (!client.isOpen) return;
      for (const event of framer.read(bytes)) {
        if (event.kind === 'end') socket.end();
        else {
          client.batches.push(event.batch);
          turns.push(client);
        }
      }
      if (client.batches.length > MOST_WAITING_BATCHES) socket.pause();
      takeTurn();
    };
    socket.on('data', read);
    if (rest.length > 0) read(rest);
  }

  function answerTo(client: Client, answer: Buffer): void {
    // Who does not read what it asked for is not listened to until it does.
    if (!client.socket.write(answer)) client.socket.pause();
    else goOnReading(client);
  }

  function goOnReading({ socket, batches }: Client): void {
    if (socket.isPaused() && batches.length <= MOST_WAITING_BATCHES && !socket.writableNeedDrain) socket.resume();
  }

  /** Runs one batch: the owner's, or that of whoever has waited longest. The others' sockets are read before the next. */
  function takeTurn(): void {
    const client = owner ?? turns.shift();
    const batch = client?.batches.shift();
    if (client === undefined || batch === undefined) {
      if (owner === null && turns.length > 0) planTurn();
      return;
    }
    if (owner !== null) turns.splice(turns.indexOf(client), 1);
    const answer = batch.sql.some(mentionsListening) ? runListening(client, batch) : runOrRefuse(batch, findRefusal(batch));
    owner = isIdle(answer) ? null : client;
    if (owner === null && listening.isAny) {
      const parted = partNotifications(answer);
      answerTo(client, parted.answer);
      for (const notification of parted.notifications) notify(notification);
    } else answerTo(client, answer);
    if (owner !== null) idle.refresh();
    if (turns.length > 0) planTurn();
  }

  function runOrRefuse(batch: Batch, refusal: string | null): Buffer {
    return run(refusal === null ? batch.bytes : encodeQuery(raise(refusal)));
  }

  /** A round that is one LISTEN or UNLISTEN, outside of a transaction. PostgreSQL answers it; who is meant is kept here. */
  function runListening(client: Client, batch: Batch): Buffer {
    const [sql = '', ...others] = batch.sql;
    const command = others.length === 0 ? readListenCommand(sql) : null;
    if (command === null || owner !== null)
      return runOrRefuse(batch, 'In the embedded PostgreSQL LISTEN and UNLISTEN stand alone, outside of a transaction');
    for (const channel of listening.dropUnheard()) run(encodeQuery(`UNLISTEN ${quoteName(channel)}`));
    if (command.kind === 'listen' && !listening.hasRoomFor(command.channel))
      return runOrRefuse(batch, `Clients of the embedded PostgreSQL listen to ${MOST_CHANNELS} channels at most`);
    const answer = run(batch.bytes);
    if (hasFailed(answer)) return answer;
    for (const channel of listening.take(client, command)) run(encodeQuery(`LISTEN ${quoteName(channel)}`));
    return answer;
  }

  function notify({ channel, bytes }: Notification): void {
    for (const { socket } of [...listening.of(channel)]) {
      if (socket.writableLength + bytes.length <= MOST_WAITING_BYTES) socket.write(bytes);
      else {
        log.warn('a client that listens does not read what it is told; it is cut off');
        socket.destroy();
      }
    }
  }

  function planTurn(): void {
    if (isTurnPlanned) return;
    isTurnPlanned = true;
    setImmediate(() => {
      isTurnPlanned = false;
      takeTurn();
    });
  }

  function forget(client: Client): void {
    if (!client.isOpen) return;
    client.isOpen = false;
    clients.delete(client);
    listening.leave(client);
    client.batches.length = 0;
    for (let at = turns.indexOf(client); at >= 0; at = turns.indexOf(client)) turns.splice(at, 1);
    if (owner !== client) return;
    rollBack();
    log.debug('a client left in a transaction; it is rolled back');
    takeTurn();
  }

  function rollBack(): void {
    // The Sync ends a round of the extended protocol that was cut short by Flush.
    run(Buffer.concat([Buffer.from('S\0\0\0\x04', 'latin1'), encodeQuery('ROLLBACK')]));
    owner = null;
  }

  function cutOffIdleOwner(): void {
    if (owner === null) return;
    const { socket } = owner;
    log.warn({ idleMs: options.idleTransactionMs }, 'a client kept a transaction open and said nothing; it is rolled back and cut off');
    socket.write(encodeError({ severity: 'FATAL', code: '25P03', message: 'terminating connection due to idle-in-transaction timeout' }));
    socket.destroySoon();
    forget(owner);
  }

  async function stop(): Promise<void> {
    clearTimeout(idle);
    door.close();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const client of [...clients]) {
      client.socket.destroy();
      forget(client);
    }
    await closed;
  }
}

function listen(server: Server, { host, port }: WireOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Whether an answer ends with ReadyForQuery outside of a transaction. */
function isIdle(answer: Buffer): boolean {
  return answer.length >= 6 && answer.toString('latin1', answer.length - 6) === 'Z\0\0\0\x05I';
}

/** Whether an answer to a single statement begins with an error. */
function hasFailed(answer: Buffer): boolean {
  for (let at = 0; at + 5 <= answer.length; at += 1 + answer.readUInt32BE(at + 1)) if (answer[at] === ERROR_RESPONSE) return true;
  return false;
}

const ERROR_RESPONSE = 'E'.charCodeAt(0);

/** A statement that fails with the refusal as its reason, so that an open transaction fails with it as it would in PostgreSQL. */
function raise(refusal: string): string {
  return `DO $do$ BEGIN RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = '${refusal}'; END $do$`;
}
