import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inheritEnvironment } from '@longyuan/settings/environment.ts';

/** How a process of the hub is started and what is said of it. */
export type ProcessPlan = Readonly<{
  /** As people know it: `credit`, `gateway`, `embedded PostgreSQL`. */
  name: string;
  /** TypeScript file, from the root of the repository. */
  file: string;
  args: readonly string[];
  nodeOptions: readonly string[];
  /** Settings given to it beside the environment of this process. */
  environment: Environment;
}>;

export type Environment = Readonly<Record<string, string>>;

/** A running process that is started again whenever it ends by itself. */
export type Supervised = Readonly<{
  name: string;
  /** Its process id now; 0 while it is between two lives. */
  pid(): number;
  /** Resolves when the process first says that it is ready; rejects when it ends before it ever was. */
  ready: Promise<void>;
  /** Asks it to end, and ends it after `STOP_LIMIT_MS`. Idempotent. */
  stop(): Promise<void>;
}>;

const STOP_LIMIT_MS = 10_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** A process that ran this long before it ended starts again without a longer pause. */
const STEADY_MS = 30_000;
const ROOT = new URL('../', import.meta.url);

/** Starts one process and keeps it running; `say` is told of every restart in a line for people. */
export function superviseProcess(plan: ProcessPlan, say: (line: string) => void): Supervised {
  let stopping = false;
  let wasReady = false;
  let pauseMs = FIRST_PAUSE_MS;
  let child: ChildProcess;
  let restart: NodeJS.Timeout | undefined;
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();

  const start = () => {
    const startedAt = performance.now();
    child = startProcess(plan);
    child.on('message', (message) => {
      const said = readMessage(message);
      if (said?.kind === 'refused') return reject(new Error(said.reason));
      if (said?.kind !== 'ready') return;
      if (wasReady) say(`${plan.name} is back.`);
      wasReady = true;
      resolve();
    });
    child.on('exit', (code, signal) => {
      if (stopping) return;
      const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
      if (!wasReady) return reject(new Error(`${plan.name} ${how} before it was ready.`));
      pauseMs = performance.now() - startedAt > STEADY_MS ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      say(`${plan.name} ${how}; starting it again.`);
      restart = setTimeout(start, pauseMs);
    });
  };
  start();

  return {
    name: plan.name,
    pid: () => child.pid ?? 0,
    ready,
    stop: () => {
      stopping = true;
      clearTimeout(restart);
      return stopProcess(child);
    },
  };
}

/**
 * Starts a process whose standard output and error are this one's, with a channel that tells it when this one is gone. It leads a group of its own:
 * Ctrl-C is for this process alone, which ends the others in their order, the stores last.
 */
export function startProcess({ file, args, nodeOptions, environment }: ProcessPlan): ChildProcess {
  return fork(fileURLToPath(new URL(file, ROOT)), [...args], {
    execArgv: [...nodeOptions],
    env: inheritEnvironment(environment),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
}

/** Asks a process to end (SIGTERM), and ends it when it takes too long. Resolves when it is gone. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await gone;
  clearTimeout(limit);
}

/** What a process says of itself: that it is ready, or why it will not start. */
type Message = Readonly<{ kind: 'ready' } | { kind: 'refused'; reason: string }>;

function readMessage(message: unknown): Message | null {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return null;
  if (message.kind === 'ready') return { kind: 'ready' };
  return message.kind === 'refused' && 'reason' in message ? { kind: 'refused', reason: String(message.reason) } : null;
}
