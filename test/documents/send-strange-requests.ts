import { processorMs } from '../processor-time.ts';
import { drawRequest, type StrangeRequest, seededDraw } from './strange-requests.ts';

/** A request that was not answered as every request should be, and why not. */
export type WrongAnswer = Readonly<{ place: number; why: string; request: StrangeRequest; answer: string }>;

/** Refusals of what a library cannot do just now are no fault of the hub; these are the only answers that begin with a 5. */
const PASSING = new Set(['LIBRARY_UNAVAILABLE', 'LIBRARY_TIMEOUT', 'RECORD_UNAVAILABLE']);
const MOST_CPU_MS = 1_000;

/**
 * Sends so many requests drawn by the seed, one after the other, and hands back those whose answer was INTERNAL, a status of a fault, no JSON
 * of GraphQL's shape, or took the processes of the hub more than a second of processor time.
 */
export async function sendStrangeRequests(of: {
  url: string;
  pids: readonly number[];
  tokens: readonly string[];
  seed: number;
  requests: number;
}): Promise<readonly WrongAnswer[]> {
  const draw = seededDraw(of.seed);
  const wrong: WrongAnswer[] = [];
  let before = processorMs(of.pids);
  for (let place = 0; place < of.requests; place += 1) {
    const request = drawRequest(draw, of.tokens);
    const { status, text } = await send(of.url, request);
    const after = processorMs(of.pids);
    const why = faultOf(status, text) ?? (after - before > MOST_CPU_MS ? `${after - before} ms of processor time` : null);
    if (why !== null) wrong.push({ place, why, request, answer: text.slice(0, 600) });
    before = after;
  }
  return wrong;
}

async function send(url: string, { method, door, headers, body }: StrangeRequest): Promise<{ status: number; text: string }> {
  const response = await fetch(`${url}${door}`, { method, headers, ...(body !== undefined && { body }) });
  return { status: response.status, text: await response.text() };
}

function faultOf(status: number, text: string): string | null {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return `status ${status} without JSON`;
  }
  const { errors = [] } = Object(answer) as { errors?: readonly { extensions?: { code?: string } }[] };
  const codes = errors.map(({ extensions }) => extensions?.code ?? 'none');
  if (codes.some((code) => code === 'INTERNAL' || code === 'none')) return `status ${status} with ${codes}`;
  if (status >= 500 && !codes.every((code) => PASSING.has(code))) return `status ${status}`;
  if (status >= 300 && status < 500 && codes.length === 0) return `status ${status} without a reason`;
  return null;
}
