import { askToken } from '@longyuan/identity/ask-token.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { type AskedHub, ask, askWell } from './ask.ts';

const hub = inject('embedded');
const settings = readEnvironment(hub.environment);
const world = readWorld();
const [fu, other] = world.people;
const FU = fu?.idNumber ?? '';
const OTHER = other?.idNumber ?? '';
const FIRM = world.legalEntities.find(({ legalRepName }) => legalRepName === fu?.name)?.uscc ?? '';
/** A firm of somebody else. */
const THEIRS = world.legalEntities.find(({ uscc, legalRepName }) => uscc !== FIRM && legalRepName !== fu?.name)?.uscc ?? '';
/** Well-formed, and nobody's. */
const NOBODY = '620102190001010010';

let citizen: AskedHub;
let agent: AskedHub;
beforeAll(async () => {
  citizen = { url: hub.url, token: await askToken(settings, { kind: 'person', idNumber: FU }) };
  agent = { url: hub.url, token: await askToken(settings, { kind: 'legal-entity', uscc: FIRM, idNumber: FU }) };
});

/** What is answered, and of each error where and of which item it speaks: all of them are the one refusal. */
async function tell(as: AskedHub, query: string) {
  const { data, errors = [] } = await ask(as, query);
  for (const { extensions, message } of errors) {
    expect(extensions.code).toBe('ITEM_NOT_SHARED');
    expect(message).toContain('it is not yours, and you are told your own alone');
  }
  const refused = errors.map(({ path = [], extensions }) => {
    const where = path.filter((step) => typeof step === 'string').join('.');
    return `${where} ${String(extensions['item'])}`;
  });
  return { data, refused: refused.sort() };
}

async function explain(as: AskedHub, query: string) {
  const { explainAccess } = await askWell(
    as,
    'query($query: String!) { explainAccess(query: $query) { isWhole items { path coordinate access missing rows } } }',
    { query },
  );
  const items: readonly Record<'path' | 'coordinate' | 'access' | 'missing', string>[] = explainAccess.items;
  const refused = items
    .filter(({ access }) => access === 'REFUSED')
    .map(({ path, coordinate, missing }) => `${path} ${coordinate} ${missing}`);
  return { isWhole: explainAccess.isWhole, refused: refused.sort() };
}

describe('a citizen', () => {
  const own = (inner: string) => `{ person(idNumber: "${FU}") { ${inner} } }`;

  test('is told of a spouse’s item that it is not theirs, before and when they ask', async () => {
    const query = own('marriage { spouse { name phone birthDate } }');
    const { data, refused } = await tell(citizen, query);
    expect(data?.person.marriage.spouse).toEqual({ name: expect.any(String), phone: null, birthDate: null });
    expect(refused).toEqual(['person.marriage.spouse.birthDate Person.birthDate', 'person.marriage.spouse.phone Person.phone']);
    expect(await explain(citizen, query)).toEqual({ isWhole: false, refused: refused.map((each) => `${each} OTHERS`) });
    expect(await explain(citizen, own('marriage { spouse { name } } phone'))).toEqual({ isWhole: true, refused: [] });
  });

  test('and so of what a spouse’s or a relative’s row leads to', async () => {
    const query = own(
      'marriage { spouse { licenses { state } } } relatives { kind person { name represents { name } realEstate { no } } }',
    );
    const { data, refused } = await tell(citizen, query);
    expect(data?.person.marriage.spouse).toEqual({ licenses: null });
    const relatives: readonly unknown[] = data?.person.relatives;
    expect(relatives.length).toBeGreaterThan(1);
    expect(relatives[0]).toEqual({ kind: expect.any(String), person: { name: expect.any(String), represents: null, realEstate: null } });
    const due = [
      'person.marriage.spouse.licenses Person.licenses',
      'person.relatives.person.realEstate Person.realEstate',
      'person.relatives.person.represents Person.represents',
    ];
    expect(refused).toEqual(due);
    const { isWhole, refused: explained } = await explain(citizen, query);
    expect(isWhole).toBe(false);
    expect(explained).toEqual(expect.arrayContaining(due.map((each) => `${each} OTHERS`)));
  });

  test('is told once of all who live with them, and shown themselves', async () => {
    const { data, refused } = await tell(citizen, own('household { members { name phone } }'));
    const members: readonly { name: string; phone: string | null }[] = data?.person.household.members;
    expect(members.length).toBeGreaterThan(2);
    expect(members.find(({ name }) => name === fu?.name)?.phone).toBe(fu?.phone);
    expect(members.filter(({ name, phone }) => name !== fu?.name && phone !== null)).toEqual([]);
    expect(refused).toEqual(['person.household.members.phone Person.phone']);
  });

  test('is told that what is known of the firm they represent is the firm’s', async () => {
    const query = own('represents { name phone credit { grade repairs { no } } licenses { identifier number } address { fullText } }');
    const { data, refused } = await tell(citizen, query);
    const [firm] = data?.person.represents ?? [];
    expect(firm).toMatchObject({
      name: expect.any(String),
      phone: expect.any(String),
      credit: { grade: null, repairs: expect.any(Array) },
    });
    const held: readonly { identifier: unknown; number: unknown }[] = firm.licenses;
    expect(held.length).toBeGreaterThan(0);
    for (const each of held) expect(each).toEqual({ identifier: null, number: expect.any(String) });
    expect(firm.address).toEqual({ fullText: null });
    expect(refused).toEqual([
      'person.represents.address.fullText StandardAddress.fullText',
      'person.represents.credit.grade CreditSummary.grade',
      'person.represents.licenses.identifier License.identifier',
    ]);
    // Whose address it is, the row alone can tell.
    expect(await explain(citizen, query)).toEqual({ isWhole: false, refused: refused.slice(1).map((each) => `${each} OTHERS`) });
  });

  test('is told of another firm’s items, whether a value stands there or not', async () => {
    const query = `{ legalEntity(uscc: "${THEIRS}") { name phone payroll { insured } annualReport(year: 2024) { revenue { amount } } } }`;
    const { data, refused } = await tell(citizen, query);
    expect(data?.legalEntity).toMatchObject({ name: expect.any(String), phone: null, payroll: null });
    expect(refused.slice(-2)).toEqual(['legalEntity.payroll LegalEntity.payroll', 'legalEntity.phone LegalEntity.phone']);
    const nothingOpen = await tell(citizen, `{ legalEntity(uscc: "${THEIRS}") { phone payroll { insured } } }`);
    expect(nothingOpen).toEqual({
      data: { legalEntity: null },
      refused: ['legalEntity.payroll LegalEntity.payroll', 'legalEntity.phone LegalEntity.phone'],
    });
  });

  test('is told of each place, however many there are in one operation', async () => {
    const roots = Array.from(
      { length: 15 },
      (_, at) => `r${at}: legalEntity(uscc: "${THEIRS}") { name phone payroll { insured } address { code } legalRep { name } }`,
    );
    const { refused } = await tell(citizen, `{ ${roots.join(' ')} }`);
    const items = ['address', 'legalRep', 'payroll', 'phone'];
    expect(refused).toEqual(roots.flatMap((_, at) => items.map((field) => `r${at}.${field} LegalEntity.${field}`)).sort());
  });

  test('is told of somebody else what they are told of nobody', async () => {
    const asked = (idNumber: string) => ask(citizen, `{ person(idNumber: "${idNumber}") { name represents { name } } }`);
    const of = await asked(OTHER);
    expect(of).toMatchObject({
      data: { person: null },
      errors: [{ path: ['person'], extensions: { code: 'ITEM_NOT_SHARED', item: 'Person.idNumber' } }],
    });
    expect({ data: of.data, errors: of.errors }).toEqual(await asked(NOBODY).then(({ data, errors }) => ({ data, errors })));
  });

  test('is told that a list holds nothing of theirs, not that it holds nothing', async () => {
    const search = (name: string) => tell(citizen, `{ searchLegalEntities(name: "${name}") { nodes { phone } } }`);
    const there = await search(world.legalEntities.find(({ uscc }) => uscc === THEIRS)?.name ?? '');
    expect(there).toEqual({
      data: { searchLegalEntities: { nodes: [] } },
      refused: ['searchLegalEntities.nodes LegalEntity.phone'],
    });
    expect(await search('没有这样的字号')).toEqual(there);
  });

  test('is told of everything that is theirs that it is whole', async () => {
    const query = own(
      'name phone registeredAddress { fullText } represents { name phone } realEstate { no } licenses { number } credit { grade }',
    );
    expect(await tell(citizen, query)).toMatchObject({ data: { person: { phone: fu?.phone } }, refused: [] });
    expect(await explain(citizen, query)).toEqual({ isWhole: true, refused: [] });
  });
});

describe('an agent', () => {
  test('is told that a person is not the firm, whoever it is', async () => {
    const query = `{ legalEntity(uscc: "${FIRM}") { name legalRep { name licenses { number } credit { grade } represents { name } } } }`;
    const { data, refused } = await tell(agent, query);
    expect(data?.legalEntity.legalRep).toEqual({
      name: null,
      licenses: null,
      credit: null,
      represents: [{ name: data?.legalEntity.name }],
    });
    const items = ['credit Person.credit', 'credit.grade CreditSummary.grade', 'licenses Person.licenses', 'name Person.name'];
    for (const each of ['credit Person.credit', 'licenses Person.licenses', 'name Person.name']) {
      expect(refused).toContain(`legalEntity.legalRep.${each}`);
    }
    for (const each of refused) expect(items.map((item) => `legalEntity.legalRep.${item}`)).toContain(each);
    expect((await explain(agent, query)).refused).toEqual(refused.map((each) => `${each} OTHERS`));
    const root = await tell(agent, `{ person(idNumber: "${FU}") { phone } }`);
    expect(root.data).toEqual({ person: null });
    expect(root.refused).toEqual(['person Person.idNumber', 'person.phone Person.phone']);
  });

  test('is told of another firm’s items, credit and licenses; of the own firm’s everything is answered', async () => {
    const of = (uscc: string) => `{ legalEntity(uscc: "${uscc}") { name phone licenses { identifier } credit { grade } } }`;
    const theirs = await tell(agent, of(THEIRS));
    expect(theirs.data?.legalEntity).toMatchObject({ name: expect.any(String), phone: null, credit: null });
    expect(theirs.data?.legalEntity.licenses).toEqual([]);
    expect(theirs.refused).toEqual([
      'legalEntity.credit.grade CreditSummary.grade',
      'legalEntity.licenses License.identifier',
      'legalEntity.phone LegalEntity.phone',
    ]);
    expect(await tell(agent, of(FIRM))).toMatchObject({ refused: [], data: { legalEntity: { phone: expect.any(String) } } });
    const ofList = await tell(agent, `{ legalEntities(usccs: ["${FIRM}", "${THEIRS}"]) { name phone } }`);
    expect(ofList.refused).toEqual(['legalEntities.phone LegalEntity.phone']);
  });
});

test('a department is told nothing new: what its grant does not reach is null as before', async () => {
  const token = await askToken(settings, { kind: 'department', uscc: world.departments[0]?.uscc ?? '', role: 'developer', region: null });
  const { errors } = await ask({ url: hub.url, token }, `{ legalEntity(uscc: "${THEIRS}") { name tax { creditGrade } } }`);
  for (const { message } of errors ?? []) expect(message).not.toContain('not yours');
});
