import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readAccessFacts } from '@longyuan/access/access-facts.ts';
import { decide } from '@longyuan/access/decide.ts';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, askWell, directoryAnswers, until } from '../ask.ts';
import { findHubPort } from '../free-ports.ts';
import { startQuietly } from '../hubs.ts';

const folder = mkdtempSync(join(tmpdir(), 'longyuan-directive-'));
const schemaDir = join(folder, 'schema');
const [entity] = readWorld().legalEntities;

const CLOSED = /@item\(code: "L060", title: "联系电话", share: CONDITIONAL, [^\n]*\)/g;
const OPEN = '@item(code: "L060", title: "联系电话", share: UNCONDITIONAL, open: true, level: 1, type: C, length: 20)';

/** All that the hub tells of the phone number of legal entities, each asked where its readers ask it. */
async function look(url: string, environment: Readonly<Record<string, string>>, startedAtMs: number) {
  const hub = { url };
  await directoryAnswers(hub);
  const text = async (path: string) => (await fetch(`${url}/public${path}`)).text();
  const { resource } = await askWell(
    hub,
    `{ resource(code: "102001/1") {
      version items { code shareType openToPublic level basis } versions { changes { kind itemCode fact before after compatible } } } }`,
  );
  const schema = await text('/schema.graphql');
  const asked = await ask(hub, 'query ($uscc: ID!) { legalEntity(uscc: $uscc) { phone } }', { uscc: entity?.uscc }, '/public/graphql');
  // A catalogue lists files at once, and their checksums when they have been measured.
  let checksums: ReturnType<typeof checksumsIn> = new Map();
  await until('every file is measured', 60_000, async () => {
    checksums = checksumsIn(JSON.parse(await text('/catalog.jsonld')));
    return [...checksums.values()].every((checksum) => checksum !== null);
  });
  const dictionary: { items: { field: string; column: string | null; shareTypeZh: string }[] } = JSON.parse(
    await text('/datasets/102001~1.dictionary.json'),
  );
  const answered = await ask(hub, 'query ($uscc: ID!) { legalEntity(uscc: $uscc) { name phone } }', { uscc: entity?.uscc });
  const access = readAccessFacts(readSharingFacts(readLibraries(pathToFileURL(`${schemaDir}/`)))).ofItem('L060');
  if (!access) throw new Error('There is no such item.');
  return {
    directory: {
      version: resource.version,
      item: resource.items.find(({ code }: { code: string }) => code === 'L060'),
      lastChanges: resource.versions[0].changes,
    },
    publicSchema: /type LegalEntity \{[^}]*?\bphone: String/.test(schema),
    publicAnswer: asked.errors ? asked.errors.map(({ message }) => message) : asked.data.legalEntity.phone,
    fileColumns: (await text('/datasets/102001~1.csv?limit=1')).split('\r\n')[0]?.replace('\uFEFF', '').split(',') ?? [],
    dictionary: dictionary.items.find(({ field }) => field === 'LegalEntity.phone'),
    checksums,
    coverage: await lookAtCoverage(url, environment, startedAtMs),
    answer: answered.errors?.map(({ extensions }) => extensions.code) ?? typeof answered.data.legalEntity.phone,
    decision: decide(access, { caller: { kind: 'public' }, purpose: null, grants: [], now: new Date() }).refusal?.code ?? 'visible',
  };
}

/** What an auditor reads of the library's items, audited since this start. */
async function lookAtCoverage(url: string, environment: Readonly<Record<string, string>>, startedAtMs: number) {
  const hub = { url, token: await askToken(readEnvironment(environment), { kind: 'auditor' }) };
  const audit = async () =>
    (
      await askWell(
        hub,
        '{ coverage(library: "legal-entity") { auditedAt items { open { count } conditional { count } unconditional { count } } } }',
      )
    ).coverage;
  await until('the audit is of this start', 60_000, async () => Date.parse((await audit()).auditedAt ?? '') >= startedAtMs);
  const { items } = await audit();
  return { open: items.open.count, conditional: items.conditional.count, unconditional: items.unconditional.count };
}

/** Checksums of the files that the catalogue lists, by their address below /public; null where it does not tell one yet. */
function checksumsIn(catalogue: unknown): ReadonlyMap<string, string | null> {
  const found = new Map<string, string | null>();
  JSON.stringify(catalogue, (_name, node) => {
    const address: unknown = node?.['dcat:downloadURL']?.['@id'];
    if (typeof address === 'string') found.set(address.replace(/^.*\/public/, ''), JSON.stringify(node['spdx:checksum']) ?? null);
    return node;
  });
  return found;
}

let before: Awaited<ReturnType<typeof look>>;
let after: typeof before;

beforeAll(async () => {
  mkdirSync(schemaDir);
  for (const { name, sdl } of readLibraries()) writeFileSync(join(schemaDir, `${name}.graphql`), sdl);
  const port = String(await findHubPort());
  const environment = { HUB_PORT: port, HUB_DATA_DIR: join(folder, 'data'), HUB_SCHEMA_DIR: schemaDir, HUB_PERSONS: '300' };
  const lookOnce = async () => {
    const startedAtMs = Date.now();
    const hub = await startQuietly({ ...environment, HUB_LOG_LEVEL: 'error' });
    try {
      return await look(`http://127.0.0.1:${port}`, environment, startedAtMs);
    } finally {
      await hub.stop();
    }
  };
  before = await lookOnce();
  const file = join(schemaDir, 'legal-entity.graphql');
  const sdl = readFileSync(file, 'utf8');
  expect(sdl.match(CLOSED)).toHaveLength(1);
  writeFileSync(file, sdl.replace(CLOSED, OPEN));
  after = await lookOnce();
});
afterAll(() => rmSync(folder, { recursive: true }));

test('one changed @item changes its entry in the directory, which keeps what changed under a new number', () => {
  expect(before.directory).toMatchObject({ version: '1.0', item: { shareType: 'CONDITIONAL', openToPublic: false, level: 2 } });
  expect(after.directory).toMatchObject({
    version: '1.1',
    item: { shareType: 'UNCONDITIONAL', openToPublic: true, level: 1, basis: null },
  });
  expect(after.directory.lastChanges).toContainEqual({
    kind: 'ITEM_CHANGED',
    itemCode: 'L060',
    fact: 'openToPublic',
    before: 'false',
    after: 'true',
    compatible: true,
  });
});

test('it opens the field in the public schema, and its values', () => {
  expect([before.publicSchema, after.publicSchema]).toEqual([false, true]);
  expect(before.publicAnswer).toEqual(['Cannot query field "phone" on type "LegalEntity".']);
  expect(after.publicAnswer).toMatch(/^\d[\d-]+$/);
});

test('it changes the files, their entries in the catalogue and the data dictionary', () => {
  expect(before.fileColumns).not.toContain('phone');
  expect(after.fileColumns).toContain('phone');
  expect([before.dictionary, after.dictionary]).toEqual([
    undefined,
    expect.objectContaining({ column: 'phone', shareTypeZh: '无条件共享' }),
  ]);
  const changed = [...before.checksums]
    .filter(([address, checksum]) => after.checksums.get(address) !== checksum)
    .map(([address]) => address);
  expect(changed).toEqual(['/datasets/102001~1.csv', '/datasets/102001~1.xlsx', '/datasets/102001~1.ndjson']);
});

test('it changes the coverage audit', () => {
  const { open, conditional, unconditional } = before.coverage;
  expect(after.coverage).toEqual({ open: open + 1, conditional: conditional - 1, unconditional: unconditional + 1 });
});

test('it changes the decision, and what the hub answers to whoever has no token', () => {
  expect([before.decision, after.decision]).toEqual(['UNAUTHENTICATED', 'visible']);
  expect([before.answer, after.answer]).toEqual([['UNAUTHENTICATED'], 'string']);
});
