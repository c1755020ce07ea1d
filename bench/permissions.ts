import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVER_OPTIONS } from '@longyuan/deploy/start-hub.ts';
import { superviseProcess } from '@longyuan/deploy/supervise-process.ts';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { findHubPort } from '../test/free-ports.ts';
import { startQuietly } from '../test/hubs.ts';
import { APART } from './both-kinds.ts';

/**
 * `node bench/permissions.ts [rounds]`: what permissions cost of CPU a request, at the gateway and at the libraries. Over one running hub's data,
 * each of six processes holds two of the same build (`both-kinds.ts`): one that decides, prunes, signs, seals and checks, and one with
 * HUB_WARRANT_CHECK=off, where everything is visible and nothing is signed. They take turns, each twice in a round. Prints the median ratio of all
 * rounds with the interval that holds 95 % of its bootstrapped medians, and beside it the ratio of the two turns of one kind: the error of the
 * measurement.
 */
const ROUNDS = Number(process.argv[2] ?? 24);
const REQUESTS = 150;
/** Rounds before anything is measured: a server runs for days, and what compiles its code would be counted. */
const WARMING = 8;
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

const port = await findHubPort();
const environment = { HUB_PORT: String(port), HUB_DATA_DIR: join(folder, 'hub'), HUB_PERSONS: '2500', HUB_LOG_LEVEL: 'error' };
const settings = readEnvironment(environment);
const hub = await startQuietly(environment);
const firstPort = await findHubPort();
const processes = ['gateway', ...readLibraries(settings.schemaFolder).map(({ name }) => name)].map((name) =>
  superviseProcess(
    { name, file: 'bench/both-kinds.ts', args: [name, String(firstPort)], nodeOptions: SERVER_OPTIONS, environment },
    (line) => process.stderr.write(`${line}\n`),
  ),
);
const urlOf = { decides: `http://127.0.0.1:${firstPort}`, open: `http://127.0.0.1:${firstPort + APART}` };
type Kind = keyof typeof urlOf;

/** Resolves when a gateway says that every library answers it. */
async function isReady(url: string): Promise<void> {
  while (!(await fetch(`${url}/health/ready`)).ok) await new Promise((wake) => setTimeout(wake, 100));
}

/** CPU time of a process so far, all its threads, in milliseconds; the scheduler counts nanoseconds. */
function cpuMsOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'));
  return total(threads.map((line) => Number(line.split(' ')[0]))) / 1e6;
}

async function ask(kind: Kind, query: string, variables: Record<string, unknown>): Promise<void> {
  const answer = await fetch(`${urlOf[kind]}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const { errors } = (await answer.json()) as { errors?: readonly { message: string }[] };
  if (errors) throw new Error(`The bench was not answered: ${errors[0]?.message}`);
}

/** CPU milliseconds a request, of the gateway and of all libraries. */
type Spent = Readonly<{ gateway: number; libraries: number }>;

async function turn(kind: Kind, question: Question, place: number): Promise<Spent> {
  const before = processes.map((each) => cpuMsOf(each.pid()));
  const asked = Array.from({ length: REQUESTS }, (_, more) => question.variables(place + more));
  const lanes = Array.from({ length: AT_ONCE }, async () => {
    for (let next = asked.pop(); next; next = asked.pop()) await ask(kind, question.query, next);
  });
  await Promise.all(lanes);
  const [gateway = 0, ...libraries] = processes.map((each, at) => (cpuMsOf(each.pid()) - (before[at] ?? 0)) / REQUESTS);
  return { gateway, libraries: total(libraries) };
}

const median = (values: readonly number[]) => [...values].sort((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
const total = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0);

/** Middle 95 % of the medians of samples drawn from the ratios again and again. */
function interval(ratios: readonly number[]): string {
  const medians = Array.from({ length: 2_000 }, () => median(ratios.map(() => ratios[Math.floor(Math.random() * ratios.length)] ?? 1)));
  medians.sort((one, other) => one - other);
  return `${medians[50]?.toFixed(3)} to ${medians[1_949]?.toFixed(3)}`;
}

/** The turns of a round, in orders that favour neither kind. */
const ORDERS: readonly (readonly Kind[])[] = [
  ['decides', 'open', 'open', 'decides'],
  ['open', 'decides', 'decides', 'open'],
];
const headers: Record<string, string> = {};
type Round = Readonly<Record<Kind, readonly [Spent, Spent]>>;

async function round(question: Question, place: number): Promise<Round> {
  const spent: Record<Kind, Spent[]> = { decides: [], open: [] };
  for (const kind of ORDERS[place % ORDERS.length] ?? []) spent[kind].push(await turn(kind, question, place));
  // Each has two turns in every order.
  return spent as unknown as Round;
}

try {
  await Promise.all(processes.map(({ ready }) => ready));
  await Promise.all(Object.values(urlOf).map(isReady));
  const [grant] = world.grants;
  if (!grant) throw new Error('The world has no grants.');
  // Both are asked with a token, so that the difference is deciding, signing and checking, and not who the caller is.
  const token = await askToken(settings, { kind: 'department', uscc: grant.consumer, role: 'developer', region: null });
  Object.assign(headers, { authorization: `Bearer ${token}`, 'x-purpose': grant.purposes[0] ?? '' });
  for (const question of QUESTIONS) {
    for (let warm = 0; warm < WARMING; warm += 1) await round(question, warm);
    const rounds: Round[] = [];
    for (let place = 0; place < ROUNDS; place += 1) rounds.push(await round(question, place));
    process.stdout.write(`${question.name}, ${ROUNDS} rounds of ${REQUESTS}\n${told('gateway', rounds)}${told('libraries', rounds)}`);
  }
} finally {
  await Promise.all(processes.map((each) => each.stop()));
  await hub.stop();
  rmSync(folder, { recursive: true });
}

function told(part: keyof Spent, rounds: readonly Round[]): string {
  const spent = (kind: Kind) => rounds.map((each) => each[kind].map((turn) => turn[part]));
  const [decides, open] = [spent('decides'), spent('open')];
  const ratio = (ratios: readonly number[]): string => `×${median(ratios).toFixed(3)} (${interval(ratios)})`;
  const cost = ratio(decides.map((turns, at) => total(turns) / total(open[at] ?? [])));
  const alike = [decides, open].map((turns) => ratio(turns.map(([one = Number.NaN, other = Number.NaN]) => one / other)));
  const ms = [decides, open].map((turns) => median(turns.map((each) => total(each) / 2)).toFixed(2));
  return `  ${part}: ${cost}; one kind against itself ${alike.join(', ')}; CPU-ms a request ${ms[0]} against ${ms[1]}\n`;
}
