import { connect } from 'node:net';
import pg from 'pg';
import { callNow } from './call.ts';
import { StoreRefusal } from './turns.ts';

type Connected = (error: Error | undefined, client: pg.PoolClient | undefined, release: (error?: Error | boolean) => void) => void;

/**
 * A pool that ends the statement of a call when the call is over, so that the connection is free for those who still wait. The connection is
 * given back only when the server has taken the order to cancel: it cannot hit the statement of another.
 */
export class CancellingPool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Connected): void;
  // biome-ignore lint/suspicious/noConfusingVoidType: both ways in which `pg` is asked.
  override connect(callback?: Connected): Promise<pg.PoolClient> | void {
    if (!callback) {
      return new Promise((resolve, reject) => this.connect((error, client) => (client ? resolve(client) : reject(error))));
    }
    const call = callNow();
    super.connect((error, client, release) => {
      if (!call || !client) return callback(error, client, release);
      if (call.isOver()) {
        client.release();
        return callback(new StoreRefusal('CALL_OVER'), undefined, () => {});
      }
      let cancelling: Promise<void> | null = null;
      const forget = call.onEnd(() => {
        cancelling = cancel(client);
      });
      const giveBack = client.release.bind(client);
      client.release = (why) => {
        forget();
        // A statement that was cancelled leaves its session whole, and another would cost more than the statement.
        if (cancelling) void cancelling.then(() => giveBack(isCancelled(why) ? undefined : why));
        else giveBack(why);
      };
      callback(undefined, client, client.release);
    });
  }
}

function isCancelled(why: unknown): boolean {
  return why instanceof pg.DatabaseError && why.code === '57014';
}

/** The code of a CancelRequest of the protocol, which needs no session: so it waits for no other, however many are busy. */
const CANCEL_REQUEST = 80_877_102;
const MOST_WAIT_MS = 2_000;

/** Has the server end what a session runs. Resolves when it has heard of it, or cannot: then the statement runs to its end, or to its limit. */
function cancel(client: pg.PoolClient): Promise<void> {
  // Every client of `pg` has them, and its type only some.
  const { host, port, processID, secretKey } = client as unknown as { host: string; port: number; processID: number; secretKey: number };
  const message = Buffer.alloc(16);
  for (const [place, word] of [message.length, CANCEL_REQUEST, processID, secretKey].entries()) message.writeInt32BE(word, place * 4);
  return new Promise((resolve) => {
    const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    socket
      .setTimeout(MOST_WAIT_MS, () => socket.destroy())
      .on('error', () => {})
      .on('close', () => resolve())
      .resume()
      .end(message);
  });
}
