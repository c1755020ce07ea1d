import type { Caller } from '@longyuan/access/caller.ts';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { libraryNamed } from '@longyuan/schema/src/read-libraries.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { openOwnerKey, type SigningKey } from '@longyuan/trust/keys.ts';
import { signOwnRows } from '@longyuan/trust/own-rows.ts';
import { ownRowsRoute } from '@longyuan/trust/routes/own-rows.ts';
import type { Warrant } from '@longyuan/trust/warrant.ts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type ActingGateway, actAsGateway } from './act-as-gateway.ts';
import { type AskedHub, ask, askWell } from './ask.ts';
import { openDatabase } from './open-database.ts';

const hub = inject('embedded');
const settings = readEnvironment(hub.environment);
const world = readWorld();
const [fu, other] = world.people;
const FU = fu?.idNumber ?? '';
const OTHER = other?.idNumber ?? '';
const FIRM = world.legalEntities.find(({ legalRepName }) => legalRepName === fu?.name);

type Row = Readonly<Record<'id' | 'address' | 'fullText' | 'code', string>>;
/** Who a person is to the hub, and where they are registered, as the databases have it. */
let [ofFu, ofOther]: Row[] = [];
let asFu: AskedHub;
let asOther: AskedHub;
let spouse = '';
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const [population, geospatial] = [await openDatabase(hub, 'population'), await openDatabase(hub, 'geospatial')];
  closers.push(population.close, geospatial.close);
  const read = async (idNumber: string): Promise<Row> => {
    const [person] = await population.rows('SELECT id, "registeredAddress" FROM population."Person" WHERE "idNumber" = $1', [idNumber]);
    const { id, registeredAddress: address } = person ?? {};
    const [there] = await geospatial.rows('SELECT code, "fullText" FROM geospatial."StandardAddress" WHERE id = $1', [address]);
    return { id: String(id), address: String(address), fullText: String(there?.['fullText']), code: String(there?.['code']).trim() };
  };
  [ofFu, ofOther] = [await read(FU), await read(OTHER)];
  const asPerson = async (idNumber: string) => ({ url: hub.url, token: await askToken(settings, { kind: 'person', idNumber }) });
  [asFu, asOther] = [await asPerson(FU), await asPerson(OTHER)];
  const { person } = await askWell(asFu, `{ person(idNumber: "${FU}") { marriage { spouse { name } } } }`);
  spouse = person.marriage.spouse.name;
});
afterAll(() => Promise.all(closers.map((close) => close())));

describe('a citizen', () => {
  test('is shown their own address, their property and the firm that they represent', async () => {
    const { person } = await askWell(
      asFu,
      `{ person(idNumber: "${FU}") {
          registeredAddress { fullText code room }
          represents { name phone legalRep { name } }
          realEstate { no address { fullText } } } }`,
    );
    expect(person.registeredAddress).toEqual({ fullText: ofFu?.fullText, code: ofFu?.code, room: expect.any(String) });
    expect(person.represents).toEqual([{ name: FIRM?.name, phone: expect.any(String), legalRep: { name: fu?.name } }]);
    expect(person.realEstate).toEqual([{ no: expect.any(String), address: { fullText: expect.stringContaining('甘肃省') } }]);
  });

  test('and by the code of the address, which another’s does not open', async () => {
    const byCode = (row: Row | undefined) => `{ address(code: "${row?.code}") { fullText } }`;
    const notYours = {
      data: { address: null },
      errors: [{ path: ['address'], extensions: { code: 'ITEM_NOT_SHARED', item: 'StandardAddress.code' } }],
    };
    expect(await askWell(asFu, byCode(ofFu))).toEqual({ address: { fullText: ofFu?.fullText } });
    const { errors, ...of } = await ask(asFu, byCode(ofOther));
    expect({ errors, ...of }).toMatchObject(notYours);
    // As one that nobody has.
    expect((await ask(asFu, byCode({ ...ofFu, code: '6201020100011999999999999' } as Row))).errors).toEqual(errors);
    expect(await askWell(asOther, byCode(ofOther))).toEqual({ address: { fullText: ofOther?.fullText } });
    expect(await ask(asOther, byCode(ofFu))).toMatchObject(notYours);
  });

  test('sees of an owner of the same property nothing, and that a spouse has anything is not said', async () => {
    const { data, errors } = await ask(
      asFu,
      `{ person(idNumber: "${FU}") {
          realEstate { owners { certificateNo person { name } } }
          marriage { spouse { name registeredAddress { fullText } represents { name } realEstate { no } licenses { number } credit { grade } } } } }`,
    );
    const [unit] = data?.person.realEstate ?? [];
    expect(unit.owners).toEqual([{ certificateNo: expect.any(String), person: { name: fu?.name } }]);
    const hidden = { registeredAddress: null, represents: null, realEstate: null, licenses: null, credit: null };
    expect(data?.person.marriage.spouse).toEqual({ name: spouse, ...hidden });
    const told = errors?.map(({ path, extensions: { code, item } }) => `${path?.join('.')} ${item} ${code}`).sort();
    expect(told).toEqual(
      ['credit', 'licenses', 'realEstate', 'registeredAddress', 'represents'].map(
        (edge) => `person.marriage.spouse.${edge} Person.${edge} ITEM_NOT_SHARED`,
      ),
    );
  });

  test('is told the same of a list of another’s, whether anything is there or not', async () => {
    const { data, errors } = await ask(
      asFu,
      `{ person(idNumber: "${FU}") { relatives { person { represents { name } licenses { number } } } } }`,
    );
    const relatives: unknown[] = data?.person.relatives;
    expect(relatives.length).toBeGreaterThan(1);
    expect(relatives).toEqual(relatives.map(() => ({ person: { represents: null, licenses: null } })));
    expect(errors).toHaveLength(2);
    expect(errors?.[0]?.message).toContain('it is not yours, and you are told your own alone');
  });

  test('is refused a search in addresses, of which it could find the own alone', async () => {
    const { data, errors } = await ask(asFu, `{ matchAddress(text: "${ofFu?.fullText}") { address { fullText } } }`);
    expect(data).toEqual({ matchAddress: null });
    expect(errors).toMatchObject([{ path: ['matchAddress'], extensions: { code: 'ITEM_NOT_SHARED', item: 'StandardAddress.fullText' } }]);
  });

  test('is told before by explainAccess what then happens', async () => {
    const query = `{ person(idNumber: "${FU}") { registeredAddress { fullText } represents { phone } realEstate { no } } }`;
    const { explainAccess } = await askWell(
      asFu,
      'query($query: String!) { explainAccess(query: $query) { isWhole items { path access rows } } }',
      {
        query,
      },
    );
    expect(explainAccess.isWhole).toBe(true);
    const own = { access: 'VISIBLE', rows: "the caller's own rows" };
    for (const path of ['person.registeredAddress.fullText', 'person.represents.phone', 'person.realEstate.no']) {
      expect(explainAccess.items).toContainEqual({ path, ...own });
    }
    const { person } = await askWell(asFu, query);
    expect(person).toMatchObject({ registeredAddress: { fullText: ofFu?.fullText }, represents: [{}], realEstate: [{}] });
  });
});

test('an agent sees the entity it acts for: addresses and property stay closed, and a list that would be empty is refused', async () => {
  const agent = { url: hub.url, token: await askToken(settings, { kind: 'legal-entity', uscc: FIRM?.uscc ?? '', idNumber: FU }) };
  const { data, errors } = await ask(
    agent,
    `{ legalEntity(uscc: "${FIRM?.uscc}") { phone address { fullText } legalRep { represents { name } licenses { number } } } }`,
  );
  expect(data?.legalEntity).toEqual({
    phone: expect.any(String),
    address: { fullText: null },
    legalRep: { represents: [{ name: FIRM?.name }], licenses: null },
  });
  expect(errors?.map(({ extensions: { item, code } }) => `${item} ${code}`).sort()).toEqual([
    'Person.licenses ITEM_NOT_SHARED',
    'StandardAddress.fullText ITEM_NOT_SHARED',
  ]);
});

describe('past the gateway’s word, an address is a citizen’s own where population says so', () => {
  const geospatial = libraryNamed('geospatial');
  const port = Number(hub.environment['HUB_PORT']);
  const keyOf = (library: string) => openOwnerKey(settings.dataDir, library);
  let gateway: ActingGateway;
  let population: SigningKey;
  beforeAll(async () => {
    // Whoever can read the folder of keys is the gateway, and every owner; so this test can do what nobody else can.
    [gateway, population] = [await connect('geospatial'), await keyOf('population')];
  });

  async function connect(library: string): Promise<ActingGateway> {
    const keys = await openWarrantKeys({ dataDir: settings.dataDir, warrantKeyFile: null });
    const url = `http://127.0.0.1:${port + libraryNamed(library).order}`;
    const post = async (path: string, body: string) =>
      (await fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json();
    return actAsGateway({ library, keys, owner: await keyOf(library), post });
  }

  const citizen = (row: Row | undefined): Caller => ({ kind: 'citizen', sub: 's', person: row?.id ?? '' });
  const body = (row: Row | undefined) =>
    JSON.stringify({
      query: 'query($of: [_Any!]!) { _entities(representations: $of) { ... on StandardAddress { fullText } } }',
      variables: { of: [{ __typename: 'StandardAddress', id: row?.address }] },
    });
  const items = ['Query._entities', 'StandardAddress.fullText'];
  async function send(of: Row | undefined, order: Partial<Warrant>) {
    const text = body(of);
    const headers = await gateway.headersFor(text, { items, ...order });
    const answer = await fetch(`http://127.0.0.1:${port + geospatial.order}/graphql`, { method: 'POST', headers, body: text });
    return answer.json();
  }
  const told = { from: 'population', to: 'geospatial' };
  const keysOf = (row: Row | undefined) => ({ StandardAddress: [row?.address ?? ''] });
  const shown = { data: { _entities: [{ fullText: expect.stringContaining('甘肃省') }] } };

  test('said by population of the caller, it is shown: what follows is refused for what is wrong with it', async () => {
    const own = [await signOwnRows({ ...told, person: ofFu?.id ?? '', keys: keysOf(ofFu) }, population)];
    expect(await send(ofFu, { caller: citizen(ofFu), own })).toEqual(shown);
    // For every call of its time, but for no other address.
    expect(await send(ofFu, { caller: citizen(ofFu), own })).toEqual(shown);
    expect(await send(ofOther, { caller: citizen(ofFu), own })).toMatchObject({
      data: { _entities: [null] },
      errors: [{ extensions: { code: 'ITEM_NOT_SHARED', item: 'StandardAddress.fullText' } }],
    });
  });

  test.each<[string, () => Promise<readonly string[]>]>([
    ['nobody', async () => []],
    ['nobody, in words of the gateway', async () => ['StandardAddress', ofFu?.address ?? '']],
    ['population of another citizen', async () => [await signed({ person: ofOther?.id ?? '' })]],
    ['population to another library', async () => [await signed({ to: 'e-license' })]],
    ['another owner, in its own name', async () => [await signed({ from: 'credit' }, await keyOf('credit'))]],
    ['another owner, in population’s name', async () => [await signed({}, await keyOf('credit'))]],
    ['geospatial itself, which has its own rows for that', async () => [await signed({ from: 'geospatial' }, await keyOf('geospatial'))]],
    ['the gateway', async () => [await signed({}, await gatewayKey())]],
    ['population, and changed on the way', async () => [changed(await signed({ keys: { StandardAddress: [] } }))]],
  ])('said by %s, it is not, and the caller is told that it cannot be said now', async (_who, own) => {
    const answer = await send(ofFu, { caller: citizen(ofFu), own: await own() });
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'LIBRARY_UNAVAILABLE', item: 'StandardAddress.fullText' } }] });
    expect(JSON.stringify(answer)).not.toContain('甘肃省兰州');
  });

  test('what is said of a citizen opens nothing for other kinds of caller', async () => {
    const own = [await signed({})];
    for (const caller of [{ kind: 'public' }, { kind: 'agent', sub: 's', uscc: FIRM?.uscc ?? '' }] as const) {
      expect(JSON.stringify(await send(ofFu, { caller, own }))).not.toContain('甘肃省兰州');
    }
  });

  test('population says it of the caller of the warrant alone, under a warrant for that', async () => {
    const asGateway = await connect('population');
    const question = JSON.stringify({ library: 'geospatial', person: ofOther?.id });
    const ask = async (order: Partial<Warrant>) => {
      const headers = await asGateway.headersFor(question, { path: '/own-rows', ...order });
      const answer = await fetch(`http://127.0.0.1:${port + libraryNamed('population').order}/own-rows`, {
        method: 'POST',
        headers,
        body: question,
      });
      return { status: answer.status, ...(answer.ok && { told: String(Object(await answer.json()).told) }) };
    };
    const { status, told: said } = await ask({ caller: citizen(ofFu), items: ownRowsRoute.items });
    expect(status).toBe(200);
    expect(await send(ofFu, { caller: citizen(ofFu), own: [said ?? ''] })).toEqual(shown);
    expect(await send(ofOther, { caller: citizen(ofOther), own: [said ?? ''] })).toMatchObject({ errors: [{}] });
    expect(await ask({ caller: citizen(ofFu), items })).toEqual({ status: 401 });
    expect(await ask({ caller: { kind: 'public' }, items: ownRowsRoute.items })).toEqual({ status: 401 });
    const department = { kind: 'department', sub: 's', uscc: libraryNamed('population').uscc, role: 'developer', region: null } as const;
    expect(await ask({ caller: department, items: ownRowsRoute.items })).toEqual({ status: 401 });
  });

  function signed(but: Partial<Parameters<typeof signOwnRows>[0]>, key: SigningKey = population): Promise<string> {
    return signOwnRows({ ...told, person: ofFu?.id ?? '', keys: keysOf(ofFu), ...but }, key);
  }

  async function gatewayKey(): Promise<SigningKey> {
    return (await openWarrantKeys({ dataDir: settings.dataDir, warrantKeyFile: null })).current();
  }

  /** The same token with the citizen's address put into it. */
  function changed(token: string): string {
    const [header, claims = '', signature] = token.split('.');
    const more = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), keys: keysOf(ofFu) };
    return [header, Buffer.from(JSON.stringify(more)).toString('base64url'), signature].join('.');
  }
});
