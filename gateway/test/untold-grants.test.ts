import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerDirectory } from '@longyuan/directory/answer-directory.ts';
import { openCodeTables } from '@longyuan/directory/entries/code-tables.ts';
import type { DirectoryStore } from '@longyuan/directory/entries/directory-store.ts';
import { openGrantDesk } from '@longyuan/directory/grants/grant-desk.ts';
import { openQuality } from '@longyuan/directory/quality/open-quality.ts';
import { readDirectorySubgraph } from '@longyuan/schema/src/directory-subgraph.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { readEnvironment, type Settings } from '@longyuan/settings/environment.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { UNNAMED_PURPOSES } from '@longyuan/settings/purposes.ts';
import { openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { afterAll, expect, test } from 'vitest';
import { startGateway } from '../src/start-gateway.ts';
import { startLittleIssuer } from './little-issuer.ts';

/** A directory that lists nothing. */
const nothing = async () => [];
const nothingOf = () => [];
const store: DirectoryStore = {
  ...{ ask: nothing, resourcesByCode: nothing, findResources: nothing, countResources: async () => 0, resourcesOfProviders: nothing },
  ...{ countOfProviders: nothing, itemsOfResources: nothing, itemsByCode: nothing, providersByUscc: nothing, versionsOfResources: nothing },
};
const dataDir = mkdtempSync(join(tmpdir(), 'untold-'));
const issuer = await startLittleIssuer();
const key = await issuer.newKey('EdDSA');
const libraries = readLibraries();
const settings: Settings = {
  ...readEnvironment({ HUB_QUALITY_INTERVAL_HOURS: '0' }),
  ...{ dataDir, logLevel: 'silent', port: 0, identity: issuer.identity, healthIntervalMs: 50 },
};
const log = openLog('gateway', settings);
const subgraph = readDirectorySubgraph();
// No library listens anywhere: whose grants are in force nobody can tell.
const gateway = await startGateway({
  ...{ settings, log, libraries, warrantKeys: await openWarrantKeys({ dataDir, warrantKeyFile: null }) },
  libraryUrl: () => 'http://127.0.0.1:1',
  inner: [
    {
      subgraph,
      mount: (hub) => ({
        answer: answerDirectory({
          ...{
            subgraph,
            store,
            log,
            maxValues: settings.maxValues,
            codeTables: openCodeTables(libraries),
            operationsFor: () => nothingOf,
            purposes: UNNAMED_PURPOSES,
          },
          quality: openQuality({ libraries, facts: readSharingFacts(libraries), ask: nothing, hub, intervalHours: 0, log }),
          deskOf: openGrantDesk(hub, libraries, () => undefined),
        }),
        tables: [],
        close: async () => {},
      }),
      close: async () => {},
    },
  ],
});
afterAll(async () => {
  await gateway.close();
  await issuer.close();
  rmSync(dataDir, { recursive: true });
});

const DEPARTMENT = { kind: 'department', uscc: '1162990100000006XQ', role: 'developer' };

async function ask(claims: object, query: string) {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await issuer.sign(key, { ...claims })}` },
    body: JSON.stringify({ query }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests compare whole answers with literals, so their shape needs no type
  return (await response.json()) as { data: any; errors?: { message: string; path: string[]; extensions: Record<string, unknown> }[] };
}

test('a gateway that has just started says of no item that it is not granted, but that this is not known', async () => {
  const { data, errors } = await ask(DEPARTMENT, '{ person(idNumber: "11010519491231002X") { name deathCause } }');
  expect(data).toEqual({ person: null });
  expect(errors?.map(({ path, extensions }) => [path.join('.'), extensions['code'], extensions['library'], extensions['apply']])).toEqual([
    ['person', 'LIBRARY_UNAVAILABLE', 'population', undefined],
    ['person.name', 'LIBRARY_UNAVAILABLE', 'population', undefined],
    // What is never shared needs no grant to be known.
    ['person.deathCause', 'ITEM_NOT_SHARED', undefined, undefined],
  ]);
  const verify = await ask(DEPARTMENT, '{ verifyIdentity(input: { idNumber: "11010519491231002X", name: "王" }) { result } }');
  expect(verify.errors?.map(({ extensions }) => extensions['code'])).toEqual(['LIBRARY_UNAVAILABLE']);
});

test('so does an explanation, and nobody is named who could grant it', async () => {
  const asked = JSON.stringify('{ person(idNumber: "11010519491231002X") { name } }');
  const { data } = await ask(
    DEPARTMENT,
    `{ explainAccess(query: ${asked}) { items { coordinate code missing grantedBy { name } purposes { code } } } }`,
  );
  expect(data.explainAccess.items).toEqual(
    ['Person.idNumber', 'Person.name'].map((coordinate) => ({
      ...{ coordinate, code: 'LIBRARY_UNAVAILABLE', missing: 'FRESH_GRANTS', grantedBy: null, purposes: null },
    })),
  );
});

test('a department is told whose grants are missing in its list; an auditor holds none', async () => {
  const { data, errors } = await ask(DEPARTMENT, '{ mine: myGrants { id } }');
  expect(data).toEqual({ mine: [] });
  expect(errors?.map(({ path, extensions }) => [path, extensions['code'], extensions['library']])).toEqual(
    libraries.map(({ name }) => [['mine'], 'LIBRARY_UNAVAILABLE', name]),
  );
  expect(errors?.[0]).toMatchObject({
    message:
      'What 甘肃省公安厅 granted of the library population (人口基础信息库) is not known now: what is listed of it is as it was known last.',
    extensions: { owner: '甘肃省公安厅' },
  });
  expect(await ask({ kind: 'auditor' }, '{ myGrants { id } }')).toEqual({ data: { myGrants: [] } });
});

test('whose right does not rest on grants is told as ever', async () => {
  for (const [claims, code] of [
    [{ ...DEPARTMENT, role: 'steward' }, 'ITEM_NOT_SHARED'],
    [{ kind: 'auditor' }, 'ITEM_NOT_SHARED'],
  ] as const) {
    const { errors } = await ask(claims, '{ legalEntity(uscc: "91350100M000100Y43") { phone } }');
    expect(errors?.map(({ extensions }) => extensions['code'])).toEqual([code]);
  }
});
