/** Codes that say the database cannot be reached: of Node's sockets, of PostgreSQL (08, 57P, too many connections) and of Prisma. */
const GONE = /^(ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|EAI_|EHOSTUNREACH|ENETUNREACH|08|57P0|53300|57014|P1001|P1002|P1008|P1011|P1017|P2024)/;
/** What `pg` and Prisma's adapter say without a code. */
const GONE_KIND = /^(DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections|TlsConnectionError)$/;
const GONE_MESSAGE =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Cannot use a pool after calling end/;

/** Whether an error, or what caused it, says that the database is gone or does not answer in time. */
export function isDatabaseGone(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 5) return false;
  // Every property is looked at before it is believed.
  const { code, originalCode, kind, message, cause, originalError, meta, driverAdapterError, errors } = error as Record<string, unknown>;
  if ([code, originalCode].some((each) => typeof each === 'string' && GONE.test(each))) return true;
  if (typeof kind === 'string' && GONE_KIND.test(kind)) return true;
  if (typeof message === 'string' && GONE_MESSAGE.test(message)) return true;
  const below = [cause, originalError, meta, driverAdapterError, ...(Array.isArray(errors) ? errors : [])];
  return below.some((each) => isDatabaseGone(each, depth + 1));
}
