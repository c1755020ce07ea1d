import { setTimeout as wait } from 'node:timers/promises';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { type Library, libraryNamed, readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSettingsOrLeave } from '@longyuan/settings/environment.ts';

/**
 * `npm run quality -- [library]`: as the owners' stewards, has a running hub measure the quality of their data, waits for it and prints what
 * breaks a rule. Needs the embedded identity provider; elsewhere a steward asks `measureQuality` with a token of their own.
 */
const POLL_MS = 500;
/** How often it is said how far a run has come: it rests between its questions, so it takes minutes. */
const SAY_MS = 10_000;

const settings = readSettingsOrLeave();
const url = `http://127.0.0.1:${settings.port}/graphql`;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

type Run = Readonly<{ id: string; state: string; rows: number }>;
type Finding = Readonly<{
  coordinate: string;
  rule: string;
  expects: string | null;
  rows: number;
  failing: number;
  isMeasured: boolean;
  sampleKeys: readonly string[] | null;
}>;

async function main(name: string | undefined): Promise<void> {
  const known = readLibraries(settings.schemaFolder);
  const libraries = name === undefined ? known : [libraryNamed(name, known)];
  const runs = await Promise.all(libraries.map(async (library) => ({ library, ...(await start(library)) })));
  const failed: string[] = [];
  for (const { library, token, id } of runs) {
    const run = await endOf(id, library, token);
    say(`${library.name}: ${run.state === 'DONE' ? `${run.rows.toLocaleString('en')} rows measured` : 'could not be measured'}`);
    if (run.state === 'DONE') await sayFindings(library, token);
    else failed.push(library.name);
  }
  if (failed.length > 0) throw new Error(`Not measured: ${failed.join(', ')}. The log of the gateway says why.`);
}

async function start({ name, uscc }: Library): Promise<Readonly<{ token: string; id: string }>> {
  const token = await askToken(settings, { kind: 'department', uscc, role: 'steward', region: null });
  const { measureQuality } = await ask<{ measureQuality: readonly Run[] }>(
    token,
    'mutation($library: ID) { measureQuality(library: $library) { id } }',
    { library: name },
  );
  const [run] = measureQuality;
  if (!run) throw new Error(`The hub began no run of ${name}.`);
  return { token, id: run.id };
}

async function endOf(id: string, { name }: Library, token: string): Promise<Run> {
  for (let polls = 1; ; polls += 1) {
    const query = 'query($library: ID) { qualityRuns(library: $library, first: 100) { id state rows } }';
    const { qualityRuns } = await ask<{ qualityRuns: readonly Run[] }>(token, query, { library: name });
    const run = qualityRuns.find((each) => each.id === id);
    if (run?.state === 'DONE' || run?.state === 'FAILED') return run;
    if (polls % (SAY_MS / POLL_MS) === 0) say(`${name}: ${run?.state === 'RUNNING' ? 'being measured' : 'waits for its turn'} …`);
    await wait(POLL_MS);
  }
}

async function sayFindings({ name }: Library, token: string): Promise<void> {
  const { resources } = await ask<{ resources: { nodes: { library: string; quality: readonly Finding[] }[] } }>(
    token,
    `{ resources(filter: { onHub: true }, first: 100) { nodes {
      library quality { coordinate rule expects rows failing isMeasured sampleKeys } } } }`,
  );
  for (const finding of resources.nodes.filter(({ library }) => library === name).flatMap(({ quality }) => quality)) {
    if (finding.failing === 0 && finding.isMeasured) continue;
    const rule = [finding.coordinate, finding.rule, finding.expects].filter(Boolean).join(' ');
    const keys = finding.sampleKeys?.length ? `: ${finding.sampleKeys.join(', ')}` : '';
    say(finding.isMeasured ? `  ${rule}  ${finding.failing} of ${finding.rows}${keys}` : `  ${rule}  cannot be measured`);
  }
}

async function ask<Data>(token: string, query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  }).catch((cause: unknown) => {
    throw new Error(`No hub answers at ${url}. Start it, or set HUB_PORT.`, { cause });
  });
  // The hub's own answer to the operations above.
  const { data, errors } = (await response.json()) as { data: Data; errors?: { message: string }[] };
  if (errors?.[0]) throw new Error(errors[0].message);
  return data;
}

await main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
