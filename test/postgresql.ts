import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

const BIN = '/usr/lib/postgresql/15/bin';

/** A PostgreSQL 15 of Debian's with a cluster of its own in a temporary folder. */
export type PostgresServer = Readonly<{
  url: string;
  /** Where the cluster's files are, and the user who owns them. */
  cluster: string;
  owner: Readonly<{ uid: number; gid: number }> | null;
  /** Stops it cleanly, has something done while it is down, and starts it again. */
  restart(whileDown?: () => void): void;
  stop(): void;
}>;

/** Starts a server on loopback at this port. PostgreSQL refuses root, so root starts it as the user `postgres`. */
export function startPostgresql(port: number): PostgresServer {
  const folder = mkdtempSync('/tmp/longyuan-postgresql-');
  const owner = userInfo().uid === 0 ? postgresUser() : null;
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const run = (program: string, args: readonly string[]) =>
    execFileSync(join(BIN, program), [...args], { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder, ...owner });
  const cluster = join(folder, 'cluster');
  run('initdb', ['-D', cluster, '-U', 'longyuan', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync']);
  // The tests read what was just written; nobody needs it after a power cut.
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c fsync=off -c max_connections=120`;
  const start = () => run('pg_ctl', ['-D', cluster, '-l', join(folder, 'log'), '-o', options, '-w', 'start']);
  start();
  return {
    cluster,
    owner,
    restart: (whileDown = () => {}) => {
      run('pg_ctl', ['-D', cluster, '-m', 'fast', '-w', 'stop']);
      whileDown();
      start();
    },
    url: `postgresql://longyuan@127.0.0.1:${port}/postgres`,
    stop: () => {
      run('pg_ctl', ['-D', cluster, '-m', 'immediate', 'stop']);
      rmSync(folder, { recursive: true });
    },
  };
}

function postgresUser(): { uid: number; gid: number } {
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}
