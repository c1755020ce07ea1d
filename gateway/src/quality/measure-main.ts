import { setTimeout as wait } from 'node:timers/promises';
import { readEnvironment } from '@longyuan/settings/environment.ts';

/** `npm run quality -- [library]`: has a running hub measure the quality of data, waits for it and prints what breaks a rule. */
const POLL_MS = 500;

const { port } = readEnvironment();
const url = `http://127.0.0.1:${port}/graphql`;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

type Run = Readonly<{ id: string; library: string; state: string; rows: number }>;
type Finding = Readonly<{
  coordinate: string;
  rule: string;
  expects: string | null;
  rows: number;
  failing: number;
  isMeasured: boolean;
  sampleKeys: string[] | null;
}>;

async function ask<Data>(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  }).catch((cause: unknown) => {
    throw new Error(`No hub answers at ${url}. Start it, or set HUB_PORT.`, { cause });
  });
  // The hub's own answer to the operations below.
  const { data, errors } = (await response.json()) as { data: Data; errors?: { message: string }[] };
  if (errors?.[0]) throw new Error(errors[0].message);
  return data;
}

async function main(library: string | undefined): Promise<void> {
  const { measureQuality } = await ask<{ measureQuality: Run[] }>(
    'mutation($library: ID) { measureQuality(library: $library) { id library state rows } }',
    { library: library ?? null },
  );
  const waited = new Set(measureQuality.map(({ id }) => id));
  const failed: string[] = [];
  while (waited.size > 0) {
    await wait(POLL_MS);
    const { qualityRuns } = await ask<{ qualityRuns: Run[] }>('{ qualityRuns(first: 100) { id library state rows } }');
    for (const run of qualityRuns) {
      if (!waited.has(run.id) || (run.state !== 'DONE' && run.state !== 'FAILED')) continue;
      waited.delete(run.id);
      say(`${run.library}: ${run.state === 'DONE' ? `${run.rows.toLocaleString('en')} rows measured` : 'could not be measured'}`);
      if (run.state === 'FAILED') failed.push(run.library);
      else await sayFindings(run.library);
    }
  }
  if (failed.length > 0) throw new Error(`Not measured: ${failed.join(', ')}. The log of the gateway says why.`);
}

async function sayFindings(library: string): Promise<void> {
  const { resources } = await ask<{ resources: { nodes: { library: string; quality: Finding[] }[] } }>(
    '{ resources(filter: { onHub: true }, first: 100) { nodes { library quality { coordinate rule expects rows failing isMeasured sampleKeys } } } }',
  );
  for (const finding of resources.nodes.filter((each) => each.library === library).flatMap(({ quality }) => quality)) {
    if (finding.failing === 0 && finding.isMeasured) continue;
    const rule = [finding.coordinate, finding.rule, finding.expects].filter(Boolean).join(' ');
    const keys = finding.sampleKeys?.length ? `: ${finding.sampleKeys.join(', ')}` : '';
    say(finding.isMeasured ? `  ${rule}  ${finding.failing} of ${finding.rows}${keys}` : `  ${rule}  cannot be measured`);
  }
}

await main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
