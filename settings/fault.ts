import type { Logger } from 'pino';

/** Causes of causes that are told. */
const MOST_CAUSES = 5;
const MOST_FRAMES = 100;
const ROOT = new URL('../', import.meta.url);
const ROOT_PATH = decodeURIComponent(ROOT.pathname);
const FRAME =
  /^\s+at (?:(?<name>(?:async |new )*[^()]*?) \()?(?<place>(?:file:\/\/\/|\/|[A-Za-z]:[\\/]|node:)[^()]*:\d+:\d+|<anonymous>|index \d+)\)?$/;

/** What is said of a fault: what kind of thing it is, its code, and where in the program it happened. Never what it says. */
export type Fault = Readonly<{ type: string; code?: string; stack: string }>;

/**
 * A fault without anything that it says: databases, parsers and clients quote the values they stumbled over in a message. `stack` holds every
 * frame, and those of its causes, with files as they are called in the repository.
 */
export function describeFault(error: unknown): Fault {
  const kind = kindOf(error);
  const lines = [kind.type, ...framesOf(error)];
  let cause = causeOf(error);
  for (let told = 0; cause !== undefined && told < MOST_CAUSES; told += 1) {
    const { type, code } = kindOf(cause);
    lines.push(`caused by ${type}${code === undefined ? '' : ` (${code})`}`, ...framesOf(cause));
    cause = causeOf(cause);
  }
  return { ...kind, stack: lines.join('\n') };
}

/** What kind of thing an error is, where its name and code are ones that a program gives. */
export function kindOf(error: unknown): Pick<Fault, 'type' | 'code'> {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error && typeof error.code === 'string' && isName(error.code) ? error.code : undefined;
  return { type: isName(error.name) ? error.name : 'Error', ...(code !== undefined && { code }) };
}

/** Stacks that were told, by what they were met in. */
const told = new WeakMap<object, Set<string>>();

/**
 * Logs a fault by kind and stack, with whatever `of` says of the request. `within`: the request, in which the same fault is logged once, in however
 * many rows and on however many floors it is met.
 */
export function logFault(
  log: Pick<Logger, 'error'>,
  error: unknown,
  { what, within, of = {} }: { what: string; within?: object; of?: FaultOf },
): void {
  const { stack } = describeFault(error);
  if (within) {
    const known = told.getOrInsertComputed(within, () => new Set());
    if (known.has(stack)) return;
    known.add(stack);
  }
  log.error({ ...of, err: error, stack }, what);
}

/** Where a fault was met: the request's id, the library. */
type FaultOf = Readonly<Record<string, string | number | undefined>>;

function causeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof AggregateError) return error.errors[0];
  return error.cause;
}

/** The frames of a stack. What it begins with is the message, of any number of lines, which may look like frames. */
function framesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return [];
  const { stack, message } = error;
  const at = message === '' ? -1 : stack.indexOf(message);
  const behind = at === -1 ? stack : stack.slice(at + message.length);
  return behind.split('\n', MOST_FRAMES).flatMap((line) => {
    const { name, place } = FRAME.exec(line)?.groups ?? {};
    if (place === undefined) return [];
    const where = withoutNumbers(fromRoot(place));
    return [name === undefined ? `    at ${where}` : `    at ${withoutNumbers(name)} (${where})`];
  });
}

/** Files of the hub by their path from its root; of others what lies below `node_modules`, or the file alone: where a machine keeps them is its own. */
function fromRoot(asked: string): string {
  const place = asked.replace(/\?[^:]*/, '');
  const inPackage = /node_modules[\\/](?!.*node_modules[\\/]).*$/.exec(place)?.[0];
  if (inPackage !== undefined) return inPackage;
  if (place.startsWith(ROOT.href)) return place.slice(ROOT.href.length);
  if (place.startsWith(ROOT_PATH)) return place.slice(ROOT_PATH.length);
  if (!/^(file:|\/|[A-Za-z]:[\\/])/.test(place)) return place;
  return place.slice(Math.max(place.lastIndexOf('/'), place.lastIndexOf('\\')) + 1);
}

/** A function may be named by a key of what it was made for. */
function withoutNumbers(text: string): string {
  return text.replace(/\d{7,}[\dXx]?/g, '…');
}

function isName(text: string): boolean {
  return /^[A-Za-z][\w.-]{0,60}$|^[0-9A-Z]{5}$/.test(text) && !/\d{6}/.test(text);
}
