import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { readWorld } from '@longyuan/prisma/world.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { findHubPort } from '@longyuan/test/free-ports.ts';
import { startQuietly } from '@longyuan/test/hubs.ts';

/**
 * `node bench/permissions.ts [rounds]`: what permissions cost of CPU a request, at the gateway and at a library. Four hubs of one build take
 * turns over the same data: two decide, prune, sign, seal and check; two run with HUB_WARRANT_CHECK=off, where everything is visible and
 * nothing is signed. Prints the median ratio of all rounds with the interval that holds 95 % of its bootstrapped medians, and beside it the
 * ratio of two hubs of one kind, which is the error of the measurement: up to 10 % at the gateway and 8 % at the libraries have been seen.
 */
const ROUNDS = Number(process.argv[2] ?? 24);
const REQUESTS = 150;
/** Rounds before anything is measured: a server runs for days, and what compiles its code would be counted. */
const WARMING = 16;
const AT_ONCE = 4;

const folder = mkdtempSync(join(tmpdir(), 'longyuan-bench-'));
const world = readWorld();
const people = world.people.map(({ idNumber }) => idNumber);
const firms = world.legalEntities.map(({ uscc }) => uscc);
const nth = (list: readonly string[], place: number) => list[place % list.length] ?? '';

/** What is asked, and of whom by turns. The department's grants open all of it. */
const QUESTIONS = [
  {
    name: 'one person over five libraries',
    query: `query ($person: String!) { person(idNumber: $person) {
      name household { relationToHead members { name } } registeredAddress { fullText division { path { name } } }
      licenses { type { name } state authorityName validTo }
      represents { name state establishedOn registeredCapital { amount currency } credit { grade permits penalties } }
      credit { grade seriousDishonest listed } } }`,
    variables: (place: number) => ({ person: nth(people, place) }),
  },
  {
    name: 'fifty people with their papers',
    query: `query ($people: [String!]!) { persons(idNumbers: $people) {
      name sex birthDate registeredAddress { fullText } licenses { type { name } state validTo } credit { grade } } }`,
    variables: (place: number) => ({ people: Array.from({ length: 50 }, (_, more) => nth(people, place + more)) }),
  },
  {
    name: 'one firm',
    query: 'query ($firm: ID!) { legalEntity(uscc: $firm) { name state establishedOn kind industry } }',
    variables: (place: number) => ({ firm: nth(firms, place) }),
  },
] as const;
type Question = (typeof QUESTIONS)[number];

async function openHub(name: string, more: Record<string, string>) {
  const port = await findHubPort();
  const environment = { HUB_PORT: String(port), HUB_DATA_DIR: join(folder, name), HUB_PERSONS: '2500', HUB_LOG_LEVEL: 'error', ...more };
  const hub = await startQuietly(environment);
  return { hub, url: `http://127.0.0.1:${port}`, settings: readEnvironment(environment), headers: {} as Record<string, string> };
}
type OpenHub = Awaited<ReturnType<typeof openHub>>;

/** CPU time of a process so far, all its threads, in milliseconds; the scheduler counts nanoseconds. */
function cpuMsOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'));
  return total(threads.map((line) => Number(line.split(' ')[0]))) / 1e6;
}

async function ask({ url, headers }: OpenHub, query: string, variables: Record<string, unknown>): Promise<void> {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const { errors } = (await answer.json()) as { errors?: readonly { message: string }[] };
  if (errors) throw new Error(`The bench was not answered: ${errors[0]?.message}`);
}

/** CPU milliseconds of the gateway and of all libraries for one round, per request. */
async function round(open: OpenHub, question: Question, place: number): Promise<{ gateway: number; libraries: number }> {
  const pids = [...open.hub.pids()].filter(([name]) => !/PostgreSQL|identity/i.test(name));
  const before = new Map(pids.map(([name, pid]) => [name, cpuMsOf(pid)]));
  const asked = Array.from({ length: REQUESTS }, (_, more) => question.variables(place + more));
  const lanes = Array.from({ length: AT_ONCE }, async () => {
    for (let next = asked.pop(); next; next = asked.pop()) await ask(open, question.query, next);
  });
  await Promise.all(lanes);
  let [gateway, libraries] = [0, 0];
  for (const [name, pid] of pids) {
    const ms = (cpuMsOf(pid) - (before.get(name) ?? 0)) / REQUESTS;
    if (/gateway/i.test(name)) gateway += ms;
    else libraries += ms;
  }
  return { gateway, libraries };
}

const median = (values: readonly number[]) => [...values].sort((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
const total = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0);

/** Middle 95 % of the medians of samples drawn from the ratios again and again. */
function interval(ratios: readonly number[]): string {
  const medians = Array.from({ length: 2_000 }, () => median(ratios.map(() => ratios[Math.floor(Math.random() * ratios.length)] ?? 1)));
  medians.sort((one, other) => one - other);
  return `${medians[50]?.toFixed(3)} to ${medians[1_949]?.toFixed(3)}`;
}

const OPEN = { HUB_WARRANT_CHECK: 'off' };
// In an order that favours neither kind.
const hubs = [await openHub('decides', {}), await openHub('open', OPEN), await openHub('open-too', OPEN), await openHub('decides-too', {})];
const ORDERS = [
  [0, 1, 2, 3],
  [3, 2, 1, 0],
  [1, 0, 3, 2],
  [2, 3, 0, 1],
];
/** What was spent in one round, by hub, as they stand in `hubs`. */
type Spent = readonly [decides: number, open: number, openToo: number, decidesToo: number];

try {
  const [grant] = world.grants;
  if (!grant) throw new Error('The world has no grants.');
  // All are asked with a token, so that the difference is deciding, signing and checking, and not who the caller is.
  for (const each of hubs) {
    const token = await askToken(each.settings, { kind: 'department', uscc: grant.consumer, role: 'developer', region: null });
    each.headers['authorization'] = `Bearer ${token}`;
    each.headers['x-purpose'] = grant.purposes[0] ?? '';
  }
  for (const question of QUESTIONS) {
    for (let warm = 0; warm < WARMING; warm += 1) for (const each of hubs) await round(each, question, warm);
    const rounds: Record<'gateway' | 'libraries', Spent[]> = { gateway: [], libraries: [] };
    for (let place = 0; place < ROUNDS; place += 1) {
      const spent = hubs.map(() => ({ gateway: 0, libraries: 0 }));
      for (const at of ORDERS[place % ORDERS.length] ?? []) if (hubs[at]) spent[at] = await round(hubs[at], question, place);
      // There are as many as hubs.
      for (const part of ['gateway', 'libraries'] as const) rounds[part].push(spent.map((each) => each[part]) as unknown as Spent);
    }
    process.stdout.write(
      `${question.name}, ${ROUNDS} rounds of ${REQUESTS}\n${told('gateway', rounds.gateway)}${told('libraries', rounds.libraries)}`,
    );
  }
} finally {
  for (const { hub } of hubs) await hub.stop();
  rmSync(folder, { recursive: true });
}

function told(part: string, rounds: readonly Spent[]): string {
  const ratio = (of: (spent: Spent) => number): string => {
    const ratios = rounds.map(of);
    return `×${median(ratios).toFixed(3)} (${interval(ratios)})`;
  };
  const cost = ratio(([decides, open, openToo, decidesToo]) => (decides + decidesToo) / (open + openToo));
  const alike = [ratio(([decides, , , decidesToo]) => decides / decidesToo), ratio(([, open, openToo]) => open / openToo)];
  const ms = [0, 1, 2, 3].map((at) => median(rounds.map((spent) => spent[at] ?? Number.NaN)).toFixed(2));
  return `  ${part}: ${cost}; one kind against itself ${alike.join(', ')}; CPU-ms a request ${ms[0]}, ${ms[3]} against ${ms[1]}, ${ms[2]}\n`;
}
