import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAccessFacts } from '@longyuan/access/access-facts.ts';
import { keepAccessSets } from '@longyuan/access/access-set.ts';
import type { Caller } from '@longyuan/access/caller.ts';
import { StoreRefusal } from '@longyuan/prisma/store/connect/turns.ts';
import { readArgumentFormats } from '@longyuan/schema/src/argument-formats.ts';
import { libraryNamed } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { openMetricsDoor } from '@longyuan/telemetry/metrics-door.ts';
import { NO_TRACING } from '@longyuan/telemetry/span.ts';
import { openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { rotateKeyFile } from '@longyuan/trust/key-file.ts';
import { openOwnerKey, ownerKeyPath, type SigningKey } from '@longyuan/trust/keys.ts';
import { type OwnKeysByType, signOwnRows } from '@longyuan/trust/own-rows.ts';
import { openOwnerCheckingKeys } from '@longyuan/trust/owner-keys.ts';
import { openSealedCursors } from '@longyuan/trust/sealed-cursor.ts';
import type { Warrant } from '@longyuan/trust/warrant.ts';
import { afterAll, expect, test } from 'vitest';
import { actAsGateway } from '../../test/act-as-gateway.ts';
import { answerHttp } from '../serve/answer-http.ts';
import { buildLibrarySchema } from '../serve/build-schema.ts';
import { makeOwnRows, makeToldReader } from '../serve/door/find-own-rows.ts';
import { openSecondDoor } from '../serve/door/second-door.ts';
import { openLibraryFigures } from '../serve/observe/library-figures.ts';
import { openGraphQL } from '../serve/open-graphql.ts';
import { holds, type RowRule } from '../serve/rows/row-rule.ts';
import { makeGeospatialLoaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';

const id = (at: number) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
const [FU, CUI, HOME, THEIRS] = [id(1), id(2), id(11), id(12)];
const addresses = [
  { id: HOME, code: '1', fullText: '张掖街281号' },
  { id: THEIRS, code: '2', fullText: '东岗西路12号' },
];
const read: string[] = [];
const store = {
  addresses: async (_by: string, keys: readonly string[], { rows }: { rows: RowRule }) => {
    read.push(...keys);
    return addresses.filter((row) => keys.includes(row.id) && holds(rows, row));
  },
};

const dataDir = mkdtempSync(join(tmpdir(), 'longyuan-keys-'));
const library = libraryNamed('geospatial');
const sharing = readSharingFacts([library]);
const facts = readAccessFacts(sharing);
const keys = await openWarrantKeys({ dataDir, warrantKeyFile: null });
const owner = await openOwnerKey(dataDir, 'geospatial');
const population = await openOwnerKey(dataDir, 'population');
const credit = await openOwnerKey(dataDir, 'credit');
const warned: string[] = [];
const ignored = { error: () => {}, info: () => {}, debug: () => {}, isLevelEnabled: () => false };
const log = { ...ignored, warn: (_about: object, what: string) => warned.push(what) } as never;
const doubt = () => null;
let ownRows = async (): Promise<OwnKeysByType> => ({});
const apollo = await openGraphQL({
  ...{ library: 'geospatial', facts: sharing, log, doubt },
  schema: buildLibrarySchema(library, { resolvers }),
  rules: readArgumentFormats([library]),
});
const tellers = new Map([['population', await openOwnerCheckingKeys(dataDir, 'population')]]);
const app = answerHttp({
  ...{ library: 'geospatial', apollo, state: () => 'READY' as const, timeoutMs: 5_000, maxBodyBytes: 10_000, tls: null },
  door: openSecondDoor({ library: 'geospatial', gateway: keys, owner, readTold: makeToldReader({ library: 'geospatial', tellers, log }) }),
  accessOf: keepAccessSets({ facts, grants: { grantsOf: () => [], version: () => 0 } }),
  makeLoaders: () => makeGeospatialLoaders(store as never),
  verificationsFor: () => ({ guess: () => ({ settle: () => {} }), receipt: async () => '' }),
  cursors: openSealedCursors(async () => new Uint8Array(32)),
  personKey: null,
  tellOwnRows: null,
  ownRowsOf: makeOwnRows({ library: 'geospatial', sharing, facts, doubt, ownRows: () => ownRows() }),
  quality: async () => null,
  holdings: () => ({ library: 'geospatial', measuredAt: null, asOf: null, tables: null, unlisted: [] }),
  onTimeout: () => {},
  observe: { log, figures: openLibraryFigures('geospatial'), tracing: NO_TRACING, mayMeasure: await openMetricsDoor(null) },
});
afterAll(async () => {
  await app.close();
  await apollo.stop();
  rmSync(dataDir, { recursive: true });
});
const post = async (url: string, payload: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  (await app.inject({ method: 'POST', url, headers, payload })).json();
const gateway = await actAsGateway({ library: 'geospatial', keys, owner, post });

const fu: Caller = { kind: 'citizen', sub: 's', person: FU };
async function ask(own: readonly string[], order: Partial<Warrant> = {}, ids: readonly string[] = [HOME]) {
  read.length = 0;
  const body = JSON.stringify({
    query: 'query($of: [_Any!]!) { _entities(representations: $of) { ... on StandardAddress { fullText } } }',
    variables: { of: ids.map((each) => ({ __typename: 'StandardAddress', id: each })) },
  });
  const items = ['Query._entities', 'StandardAddress.fullText'];
  return post('/graphql', body, await gateway.headersFor(body, { caller: fu, items, own, ...order }));
}
const tell = (but: Partial<Parameters<typeof signOwnRows>[0]> = {}, key: SigningKey = population) =>
  signOwnRows({ from: 'population', to: 'geospatial', person: FU, keys: { StandardAddress: [HOME] }, ...but }, key);
const shown = { data: { _entities: [{ fullText: '张掖街281号' }] } };

const notYours = (at: number) =>
  expect.objectContaining({
    path: ['_entities', at, 'fullText'],
    extensions: expect.objectContaining({ code: 'ITEM_NOT_SHARED', item: 'StandardAddress.fullText' }),
  });

test('what population told of the caller is shown, and nothing else', async () => {
  expect(await ask([await tell()])).toEqual(shown);
  expect(await ask([await tell()], {}, [HOME, THEIRS])).toEqual({
    data: { _entities: [{ fullText: '张掖街281号' }, null] },
    errors: [notYours(1)],
  });
  expect(await ask([await tell({ keys: {} })])).toEqual({ data: { _entities: [null] }, errors: [notYours(0)] });
  expect(read).toEqual([]);
});

const changed = async () => {
  const [header, claims = '', signature] = (await tell({ keys: {} })).split('.');
  const more = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), keys: { StandardAddress: [HOME] } };
  return [header, Buffer.from(JSON.stringify(more)).toString('base64url'), signature].join('.');
};
test.each<[string, () => Promise<readonly string[]>]>([
  ['nobody', async () => []],
  ['nobody, in words of the gateway', async () => [HOME]],
  ['population of another citizen', async () => [await tell({ person: CUI })]],
  ['population to another library', async () => [await tell({ to: 'e-license' })]],
  ['another owner', async () => [await tell({ from: 'credit' }, credit)]],
  ['another owner in population’s name', async () => [await tell({}, credit)]],
  ['the gateway in population’s name', async () => [await tell({}, await keys.current())]],
  ['geospatial, which has its own rows for that', async () => [await tell({ from: 'geospatial' }, owner)]],
  ['population, changed on the way', async () => [await changed()]],
])('told by %s: it cannot be said now, nothing is read, and what was wrong is reported', async (_who, own) => {
  warned.length = 0;
  const carried = await own();
  const answer = await ask(carried);
  expect(answer).toMatchObject({ errors: [{ extensions: { code: 'LIBRARY_UNAVAILABLE', item: 'StandardAddress.fullText' } }] });
  expect(JSON.stringify(answer)).not.toContain('张掖街');
  expect(read).toEqual([]);
  expect(warned).toHaveLength(carried.length);
});

test('it is good for the citizen alone: not for the public, an agent or a department', async () => {
  const own = [await tell()];
  const department = { kind: 'department', sub: 's', uscc: '11629901000000019M', role: 'developer', region: null } as const;
  for (const caller of [{ kind: 'public' }, { kind: 'agent', sub: 's', uscc: '92629901MAWF0G467T' }] as const) {
    expect(JSON.stringify(await ask(own, { caller }))).not.toContain('张掖街');
  }
  // A department has it by its own right, whatever is carried.
  expect(await ask([], { caller: department })).toEqual(shown);
});

test('while the library’s own rows cannot be read nothing is said to be somebody else’s', async () => {
  ownRows = () => Promise.reject(new StoreRefusal('STORE_BUSY'));
  expect(await ask([await tell()])).toMatchObject({ errors: [{ extensions: { code: 'LIBRARY_UNAVAILABLE' } }] });
  ownRows = async () => ({ StandardAddress: [THEIRS], RealEstateUnit: [] });
  expect(await ask([await tell({ keys: {} })], {}, [HOME, THEIRS])).toEqual({
    data: { _entities: [null, { fullText: '东岗西路12号' }] },
    errors: [notYours(0)],
  });
  ownRows = async () => ({});
});

test('after a rotation of population’s key what either key signed holds; after the key was lost, what it signed holds no more', async () => {
  const before = await tell();
  await rotateKeyFile(ownerKeyPath(dataDir, 'population'), null);
  const rotated = await openOwnerKey(dataDir, 'population');
  // The file is looked at again when a key comes that is not known, once a second at most.
  await expect.poll(async () => await ask([await tell({}, rotated)]), { timeout: 5_000, interval: 200 }).toEqual(shown);
  expect(await ask([before])).toEqual(shown);
  rmSync(ownerKeyPath(dataDir, 'population'));
  const another = await openOwnerKey(dataDir, 'population', true);
  await expect.poll(async () => await ask([await tell({}, another)]), { timeout: 5_000, interval: 200 }).toEqual(shown);
  expect(await ask([await tell({}, rotated)])).toMatchObject({ errors: [{ extensions: { code: 'LIBRARY_UNAVAILABLE' } }] });
});
