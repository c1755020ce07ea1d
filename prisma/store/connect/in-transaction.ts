import type { Pool, PoolClient } from 'pg';

/**
 * Does something in one transaction: rolled back where it throws, and where `keeps` says so of its outcome.
 * @throws what the work and the database say.
 */
export async function inTransaction<Outcome>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Outcome>,
  keeps: (outcome: Outcome) => boolean = () => true,
): Promise<Outcome> {
  const client = await pool.connect();
  // The pool's own listener sees idle connections only; what breaks here is thrown by the statement under way.
  client.on('error', ignore);
  let isBroken = true;
  try {
    await client.query('BEGIN');
    const outcome = await work(client);
    await client.query(keeps(outcome) ? 'COMMIT' : 'ROLLBACK');
    isBroken = false;
    return outcome;
  } finally {
    client.off('error', ignore);
    // A connection whose transaction failed is closed, which rolls it back.
    client.release(isBroken);
  }
}

const ignore = (): void => {};
