import type { Account } from '@longyuan/identity/account.ts';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { libraryNamed } from '@longyuan/schema/src/read-libraries.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { openOwnerKeys } from '@longyuan/trust/owner-keys.ts';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { type Answer, ask, directoryAnswers } from './ask.ts';
import { openDatabase } from './open-database.ts';
import { readReceipt } from './read-receipt.ts';

const world = readWorld();
const departmentNamed = (name: string): Account => {
  const uscc = world.departments.find((department) => department.name === name)?.uscc ?? '';
  return { kind: 'department', uscc, role: 'developer', region: null };
};
/** Granted in the world: to verify number, name, photo and telephone of people, and nothing else. */
const transport = departmentNamed('甘肃省交通运输厅');
const purpose = world.grants.find(({ consumer }) => 'uscc' in transport && consumer === transport.uscc)?.purposes[0] ?? '';
/** Holds nothing in the world. */
const emergency = departmentNamed('甘肃省应急管理厅');
const owner: Account = { kind: 'department', uscc: libraryNamed('population').uscc, role: 'developer', region: null };
const steward: Account = { ...owner, role: 'steward' };

const IDENTITY = 'query($input: IdentityInput!) { verifyIdentity(input: $input) { result receiptNo receipt } }';
const ITEMS = 'query($person: String!, $items: [ItemClaim!]!) { verifyItems(person: $person, items: $items) { result receiptNo receipt } }';
/** A well-formed number of nobody. */
const NOBODY = '11010519491231002X';

const hubs = [inject('embedded'), inject('postgresql')].filter((hub) => hub !== null);

describe.each(hubs.map((hub) => ({ ...hub, name: hub.environment['HUB_POSTGRES_URL'] ? 'PostgreSQL' : 'embedded' })))(
  'over $name',
  (hub) => {
    const settings = readEnvironment(hub.environment);
    const askAs = async (account: Account | null, query: string, variables: Record<string, unknown> = {}): Promise<Answer> =>
      ask({ url: hub.url, purpose }, query, variables, '/graphql', account && (await askToken(settings, account)));
    const codesOf = async (...asked: Parameters<typeof askAs>) => (await askAs(...asked)).errors?.map(({ extensions }) => extensions.code);
    const people: Readonly<{ idNumber: string; name: string; phone: string; photo: string; birthDate: string }>[] = [];
    const personAt = (at: number) => {
      const person = people[at];
      if (!person) throw new Error(`The world has no person ${at} with a photo.`);
      return person;
    };

    beforeAll(async () => {
      const database = await openDatabase(hub, 'population');
      const rows = await database.rows(
        `SELECT "idNumber", name, phone, photo, "birthDate"::text AS "birthDate" FROM population."Person"
         WHERE "idNumber" = ANY($1) AND photo IS NOT NULL ORDER BY "idNumber"`,
        [world.people.map(({ idNumber }) => idNumber)],
      );
      await database.close();
      for (const row of rows) people.push(row as unknown as (typeof people)[number]);
      await directoryAnswers(hub);
    });

    test('who may only verify learns match or mismatch, and nothing of whom there is not', async () => {
      const { idNumber, name, photo, phone } = personAt(0);
      const identity = async (input: object) => (await askAs(transport, IDENTITY, { input })).data?.verifyIdentity.result;
      expect(await identity({ idNumber, name, photoDigest: photo })).toBe('MATCH');
      expect(await identity({ idNumber, name: personAt(1).name })).toBe('MISMATCH');
      expect(await identity({ idNumber: NOBODY, name })).toBe('MISMATCH');
      const items = async (person: string, ...claims: [item: string, value: string][]) =>
        (await askAs(transport, ITEMS, { person, items: claims.map(([item, value]) => ({ item, value })) })).data?.verifyItems.result;
      expect(await items(idNumber, ['P030', photo], ['P032', phone])).toBe('MATCH');
      expect(await items(idNumber, ['P030', photo], ['P032', '13800000000'])).toBe('MISMATCH');
      expect(await items(NOBODY, ['P030', photo])).toBe('MISMATCH');
      const { data, errors } = await askAs(transport, 'query($n: String!) { person(idNumber: $n) { photo } }', { n: idNumber });
      expect([data, errors?.[0]?.extensions.code]).toEqual([{ person: null }, 'ITEM_NOT_GRANTED']);
    });

    test('an item that a value names is refused as one that a field names', async () => {
      const { idNumber, birthDate } = personAt(0);
      const claim = { person: idNumber, items: [{ item: 'P005', value: birthDate }] };
      const { data, errors } = await askAs(transport, ITEMS, claim);
      expect(data).toEqual({ verifyItems: null });
      expect(errors).toMatchObject([
        {
          path: ['verifyItems'],
          extensions: {
            code: 'ITEM_NOT_GRANTED',
            item: 'Person.birthDate',
            itemCode: 'P005',
            resource: '101001/1',
            owner: '甘肃省公安厅',
            apply: {
              query: expect.stringContaining('mutation Apply'),
              variables: { input: expect.objectContaining({ items: [{ code: 'P005', access: 'VERIFY' }] }) },
            },
          },
        },
      ]);
      expect((await askAs(owner, ITEMS, claim)).data?.verifyItems.result).toBe('MATCH');
      const unknown = { ...claim, items: [{ item: 'P999', value: birthDate }] };
      expect(await codesOf(owner, ITEMS, unknown)).toEqual(['BAD_USER_INPUT']);
      expect(await codesOf(owner, ITEMS, { ...claim, items: Array.from({ length: 21 }, () => claim.items[0]) })).toEqual([
        'BAD_USER_INPUT',
      ]);
    });

    test('nobody verifies people without a right to', async () => {
      const { idNumber, name, photo } = personAt(0);
      const [identity, items] = [{ input: { idNumber, name } }, { person: idNumber, items: [{ item: 'P030', value: photo }] }];
      for (const [account, code] of [
        [null, 'UNAUTHENTICATED'],
        [emergency, 'ITEM_NOT_GRANTED'],
        [steward, 'ITEM_NOT_SHARED'],
        [{ kind: 'auditor' }, 'ITEM_NOT_SHARED'],
      ] as const) {
        expect(await codesOf(account, IDENTITY, identity)).toEqual([code]);
        expect(await codesOf(account, ITEMS, items)).toEqual([code]);
      }
      const self: Account = { kind: 'person', idNumber };
      expect((await askAs(self, IDENTITY, identity)).data?.verifyIdentity.result).toBe('MATCH');
      expect((await askAs(self, IDENTITY, { input: personOf(1) })).data?.verifyIdentity.result).toBe('MISMATCH');
    });
    const personOf = (at: number) => ({ idNumber: personAt(at).idNumber, name: personAt(at).name });

    test('firms and licenses are verified by everyone', async () => {
      const [firm] = world.legalEntities;
      const license = world.licenses.find(({ state }) => state === 'VALID');
      const { data, errors } = await askAs(
        null,
        `query($uscc: ID!, $name: String!, $code: String!) {
          right: verifyLegalEntity(uscc: $uscc, name: $name) { result receipt }
          wrong: verifyLegalEntity(uscc: $uscc, name: "别的公司") { result }
          known: checkLicense(code: $code) { valid state receipt }
          unknown: checkLicense(code: "NOSUCHCODENOSUCHCODE") { valid state }
        }`,
        { uscc: firm?.uscc, name: firm?.name, code: license?.checkCode },
      );
      expect(errors).toBeUndefined();
      expect(data).toMatchObject({
        ...{ right: { result: 'MATCH' }, wrong: { result: 'MISMATCH' } },
        ...{ known: { valid: true, state: 'VALID' }, unknown: { valid: false, state: null } },
      });
      const ofLicense = await readReceipt(data.known.receipt, openOwnerKeys(settings.dataDir, 'e-license'));
      expect(ofLicense).toMatchObject({ library: 'e-license', caller: 'public', items: [], result: 'VALID' });
      const ofFirm = await readReceipt(data.right.receipt, openOwnerKeys(settings.dataDir, 'legal-entity'));
      expect(ofFirm).toMatchObject({ library: 'legal-entity', items: ['L001', 'L002'], result: 'MATCH' });
    });

    test('the receipt is signed with the owner’s key and names no person', async () => {
      const { idNumber, name, photo } = personAt(0);
      const { data } = await askAs(transport, IDENTITY, { input: { idNumber, name, photoDigest: photo } });
      const { receipt, receiptNo } = data.verifyIdentity;
      const read = await readReceipt(receipt, openOwnerKeys(settings.dataDir, 'population'));
      expect(read).toMatchObject({
        receiptNo,
        caller: 'uscc' in transport ? transport.uscc : '',
        purpose,
        items: ['P001', 'P002', 'P030'],
      });
      expect(await readReceipt(receipt, openOwnerKeys(settings.dataDir, 'credit'))).toBeNull();
      for (const value of [idNumber, name, photo]) expect(JSON.stringify(read)).not.toContain(value);
    });

    test('wrong guesses are bounded, by aliases or by many requests at once, for the one department about the one person', async () => {
      const { ofSubject } = settings.mismatches;
      const answeredIn = ({ data }: Answer) => Object.values(data ?? {}).filter((each) => each !== null).length;
      const guesses = (person: string, from: number) => {
        const fields = Array.from(
          { length: 60 },
          (_, at) => `a${at}: verifyItems(person: "${person}", items: [{ item: "P030", value: "${from + at}" }]) { result }`,
        );
        return `{ ${fields.join('\n')} }`;
      };
      const inOne = await askAs(transport, guesses(personAt(2).idNumber, 0));
      expect(answeredIn(inOne)).toBe(ofSubject);
      expect(new Set(inOne.errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['RATE_LIMITED']));
      const atOnce = await Promise.all(Array.from({ length: 12 }, (_, call) => askAs(transport, guesses(personAt(3).idNumber, call * 60))));
      expect(atOnce.reduce((sum, each) => sum + answeredIn(each), 0)).toBe(ofSubject);

      const { idNumber, name, photo } = personAt(3);
      const [right, wrong] = await Promise.all(
        [name, '别人'].map((claimed) => askAs(transport, IDENTITY, { input: { idNumber, name: claimed } })),
      );
      expect(right?.errors).toMatchObject([
        { path: ['verifyIdentity'], extensions: { code: 'RATE_LIMITED', limit: 'HUB_MISMATCHES_OF_SUBJECT', value: ofSubject } },
      ]);
      expect(right).toEqual(wrong);
      const ofAnother = await ask(hub, ITEMS, { person: idNumber, items: [{ item: 'P030', value: photo }] });
      expect(ofAnother.data?.verifyItems.result).toBe('MATCH');
      expect((await askAs(transport, IDENTITY, { input: personOf(4) })).data?.verifyIdentity.result).toBe('MATCH');
    });
  },
);
