import { isCitizenNumber, isCreditCode, isLicenseIdentifier } from '@longyuan/schema/src/check-digits.ts';
import { expect, test } from 'vitest';
import { naturalKeys } from '../world.ts';
import { type Block, countOf, makeBlock } from './block.ts';
import { addYears, ageOn, today } from './calendar.ts';
import { openCountry } from './country.ts';
import { marriageableFrom } from './kinship.ts';
import { licenseTypes } from './license-types.ts';
import { isPerson } from './licenses.ts';
import { citizenNumber, isBirthday, MOST_BLOCKS } from './numbers.ts';

const country = openCountry();
const block = (number: number, count = 100): Block => makeBlock({ country, opaqueKey: naturalKeys, number, count });
/** The default country, and some of the blocks that share sequence numbers, the last possible one among them. */
const first = Array.from({ length: 250 }, (_, number) => block(number));
const later = [250, 251, 498, 499, 500, 748, 9_999, 10_000, 20_001, MOST_BLOCKS - 1].map((number) => block(number));
const blocks = [...first, ...later];
const people = blocks.flatMap((each) => each.people);
const living = people.filter(({ lifeStatus }) => lifeStatus !== 'DEAD');
const entities = blocks.flatMap((each) => each.entities);
const licenses = blocks.flatMap((each) => each.licenses);

function expectUnique(values: readonly (string | number)[]): void {
  expect(new Set(values).size).toBe(values.length);
}

test('no number is given twice', () => {
  expectUnique(people.map(({ idNumber }) => idNumber));
  expectUnique(entities.map(({ uscc }) => uscc));
  expectUnique(licenses.map(({ identifier }) => identifier));
  expectUnique(licenses.map(({ checkCode }) => checkCode));
  expectUnique(blocks.flatMap((each) => each.households.map(({ householdNo }) => householdNo)));
  expectUnique(blocks.flatMap((each) => each.addresses.map(({ code }) => code)));
  expectUnique(blocks.flatMap((each) => each.units.map(({ no }) => no)));
  expectUnique(people.flatMap(({ moves }) => moves.map(({ id }) => id)));
  expectUnique(people.flatMap(({ assistance }) => assistance.map(({ id }) => id)));
  for (const kind of ['permits', 'penalties', 'dishonesties'] as const)
    expectUnique(blocks.flatMap(({ credit }) => credit[kind].map(({ id }) => id)));
});

test('two blocks that share a sequence number never share a day of birth', () => {
  for (const [one, other] of [
    [250, 499],
    [251, 500],
    [498, 747],
  ] as const) {
    for (let day = today - 20_000; day < today; day++) expect(isBirthday(one, day) && isBirthday(other, day)).toBe(false);
  }
  expect(citizenNumber(250, '1', today).slice(14, 17)).toBe(citizenNumber(499, '1', today).slice(14, 17));
});

test('numbers have the right check digits and form', () => {
  expect(people.every(({ idNumber }) => isCitizenNumber(idNumber) && idNumber.startsWith('629901'))).toBe(true);
  expect(people.every(({ idNumber, sex }) => (Number(idNumber[16]) % 2 === 1) === (sex === '1'))).toBe(true);
  expect(entities.every(({ uscc }) => isCreditCode(uscc) && uscc.slice(2, 8) === '629901')).toBe(true);
  expect(licenses.every(({ identifier, authority }) => isLicenseIdentifier(identifier) && isCreditCode(authority.code))).toBe(true);
  expect(Object.values(licenseTypes).every(({ definedByUscc }) => isCreditCode(definedByUscc))).toBe(true);
  expect(licenses.every(({ checkCode }) => /^[A-HJ-NP-Z2-9]{20}$/.test(checkCode))).toBe(true);
  expect(
    blocks.every(
      ({ addresses, units }) => addresses.every(({ code }) => /^\d{25}$/.test(code)) && units.every(({ no }) => /^[0-9A-Z]{28}$/.test(no)),
    ),
  ).toBe(true);
  expect(people.every(({ phone }) => phone === null || /^109\d{8}$/.test(phone))).toBe(true);
});

test('a child is 18 to 50 years younger than each parent, and every link stands in both directions', () => {
  const back = { SPOUSE: 'SPOUSE', PARENT: 'CHILD', CHILD: 'PARENT', GUARDIAN: 'WARD', WARD: 'GUARDIAN' } as const;
  for (const person of people) {
    for (const { kind, relative } of person.kin) {
      expect(relative.kin.some((link) => link.kind === back[kind] && link.relative === person)).toBe(true);
      if (kind !== 'PARENT') continue;
      const gap = ageOn(relative.birth, person.birth);
      expect(gap >= 18 && gap <= 50, `${relative.idNumber} -> ${person.idNumber}`).toBe(true);
      if (relative.death !== null) expect(relative.death).toBeGreaterThan(person.birth);
    }
  }
});

test('spouses are a man and a woman who were old enough and name each other', () => {
  for (const person of people) {
    const { marriage } = person;
    if (!marriage?.registeredOn) continue;
    expect(marriage.registeredOn).toBeGreaterThanOrEqual(marriageableFrom(person));
    expect(marriage.registeredOn).toBeLessThanOrEqual(today);
    if (!marriage.spouse) continue;
    expect(marriage.spouse.sex).not.toBe(person.sex);
    expect(marriage.spouse.marriage?.spouse).toBe(person);
    expect(marriage.spouse.marriage?.certificateNo).toBe(marriage.certificateNo);
    expect(person.lifeStatus === 'DEAD' || marriage.spouse.lifeStatus === 'DEAD').toBe(false);
  }
});

test('the dead have a day and a cause of death, no household, no valid license and no firm', () => {
  const dead = people.filter(({ lifeStatus }) => lifeStatus === 'DEAD');
  expect(
    dead.every(
      ({ birth, death, deathCause, household }) =>
        death !== null && death > birth && death <= today && deathCause !== null && household === null,
    ),
  ).toBe(true);
  expect(licenses.some(({ holder, state }) => isPerson(holder) && holder.death !== null && state === 'VALID')).toBe(false);
  expect(living.every(({ death, household }) => death === null && household !== null)).toBe(true);
});

test('every household has its head first and lives in its block', () => {
  for (const { households, place } of blocks) {
    for (const { members, address } of households) {
      expect(members[0]?.relationToHead).toBe('01');
      expect(members.filter(({ relationToHead }) => relationToHead === '01')).toHaveLength(1);
      expect(address.division).toBe(place.code);
    }
  }
});

test('a firm is led by a living adult of the block, from the day it was founded', () => {
  for (const { entities: firms, people: neighbours } of blocks) {
    for (const { representative, establishedOn, endedOn, state } of firms) {
      expect(neighbours.includes(representative) && representative.lifeStatus !== 'DEAD').toBe(true);
      expect(ageOn(representative.birth, establishedOn)).toBeGreaterThanOrEqual(18);
      expect(endedOn === null).toBe(state === 'ACTIVE' || state === 'SUSPENDED');
      if (endedOn !== null) expect(endedOn).toBeGreaterThanOrEqual(establishedOn);
    }
  }
});

test('a license belongs to someone of its block, and nobody before their birth or founding', () => {
  for (const { licenses: papers, people: holders, entities: firms } of blocks) {
    for (const { holder, issuedOn, validTo, state } of papers) {
      expect(isPerson(holder) ? holders.includes(holder) : firms.includes(holder)).toBe(true);
      expect(issuedOn).toBeGreaterThanOrEqual(isPerson(holder) ? holder.birth : holder.establishedOn);
      expect(issuedOn).toBeLessThanOrEqual(today);
      if (state === 'VALID') expect(validTo === null || validTo >= today).toBe(true);
    }
  }
});

test('a license is revoked or suspended exactly where a penalty took it, and the firm of a revoked business license is revoked', () => {
  const taken = new Map(
    blocks.flatMap(({ credit }) => credit.penalties.flatMap((penalty) => (penalty.license ? [[penalty.license, penalty] as const] : []))),
  );
  expect(taken.size).toBeGreaterThan(20);
  for (const license of licenses) {
    const penalty = taken.get(license);
    expect(license.state === 'REVOKED' || license.state === 'SUSPENDED').toBe(penalty !== undefined);
    if (penalty === undefined) continue;
    expect(penalty.subject).toBe(license.holder);
    expect(penalty.categories.includes(license.state === 'REVOKED' ? '05' : '11')).toBe(true);
    expect(penalty.decidedOn).toBeGreaterThan(license.issuedOn);
    if (license.type === 'business' && !isPerson(license.holder)) expect(license.holder.state).toBe('REVOKED_NOT_CANCELLED');
  }
  for (const { penalties } of blocks.map(({ credit }) => credit)) {
    for (const { subject, decidedOn } of penalties) {
      if (!isPerson(subject))
        expect(decidedOn > subject.establishedOn && (subject.endedOn === null || decidedOn <= subject.endedOn)).toBe(true);
    }
  }
});

test('every entity and some three in ten adults have a credit summary, and lists agree with records', () => {
  for (const { entities: firms, credit } of blocks) {
    const summarized = new Set(credit.summaries.map(({ subject }) => subject));
    expect(summarized.size).toBe(credit.summaries.length);
    expect(firms.every((firm) => summarized.has(firm))).toBe(true);
    const debtors = new Set(credit.dishonesties.map(({ subject }) => subject));
    for (const { subject, listed, seriousDishonest } of credit.summaries) {
      expect(listed.includes('失信被执行人')).toBe(debtors.has(subject));
      if (debtors.has(subject)) expect(seriousDishonest).toBe(true);
    }
  }
  const adults = living.filter(({ birth }) => ageOn(birth, today) >= 18).length;
  const summaries = blocks.flatMap(({ credit }) => credit.summaries).filter(({ subject }) => isPerson(subject)).length;
  expect(summaries / adults).toBeGreaterThan(0.25);
  expect(summaries / adults).toBeLessThan(0.38);
});

test('every division a block speaks of is one of the reference data', () => {
  const codes = new Set(country.reference.divisions.map(({ code }) => code));
  const spoken = [
    ...blocks.map(({ place }) => place.code),
    ...people.flatMap(({ birthDivision, moves, insurances }) => [
      birthDivision,
      ...moves.flatMap(({ from, to }) => [from, to]),
      ...insurances.map(({ division }) => division),
    ]),
  ];
  expect(spoken.filter((code) => !codes.has(code))).toEqual([]);
});

test('a block is the same in a country of any size, and a smaller last one begins like it', () => {
  expect(describe(block(7))).toEqual(describe(first[7] as Block));
  expect(countOf(249, 25_000)).toBe(100);
  expect(countOf(250, 25_040)).toBe(40);
  expect(describe(block(7, 40)).slice(0, 36)).toEqual(describe(first[7] as Block).slice(0, 36));
});

function describe({ people: members }: Block): string[] {
  return members.map(({ idNumber, name, registeredAt }) => `${idNumber} ${name} ${registeredAt.fullText}`);
}

test('the living have the ages, sexes and peoples of the census', () => {
  const share = (holds: (person: (typeof living)[number]) => boolean): number => (living.filter(holds).length / living.length) * 100;
  const age = ({ birth }: { birth: number }): number => ageOn(birth, today);
  expect(Math.abs(share((person) => age(person) < 15) - 19.4)).toBeLessThan(1.2);
  expect(Math.abs(share((person) => age(person) >= 15 && age(person) < 60) - 63.6)).toBeLessThan(1.2);
  expect(Math.abs(share((person) => age(person) >= 60) - 17)).toBeLessThan(1.2);
  expect(Math.abs(share((person) => age(person) >= 65) - 12.6)).toBeLessThan(1.2);
  expect(Math.abs(share(({ sex }) => sex === '1') - 50.8)).toBeLessThan(1);
  expect(Math.abs(share(({ ethnicity }) => ethnicity === '01') - 90.6)).toBeLessThan(1.5);
  expect(((people.length - living.length) / people.length) * 100).toBeGreaterThan(1.5);
});

test('prefectures have their share of the census, and the first two blocks lie in different counties', () => {
  const residents = country.reference.residents;
  const total = Object.values(residents).reduce((sum, count) => sum + count, 0);
  for (const [code, count] of Object.entries(residents)) {
    const share = first.filter(({ place }) => place.prefecture.code === code).length / first.length;
    expect(Math.abs(share - count / total)).toBeLessThan(0.008);
  }
  expect(first[0]?.place.county.code).not.toBe(first[1]?.place.county.code);
});

test('there are as many of everything as the province has to its people', () => {
  expect(entities.length / people.length).toBeCloseTo(0.096, 2);
  expect(licenses.length / people.length).toBeGreaterThan(2.2);
  expect(licenses.length / people.length).toBeLessThan(2.8);
  const individual = entities.filter(({ kind }) => kind === 'INDIVIDUAL_BUSINESS').length / entities.length;
  expect(individual).toBeGreaterThan(0.65);
  expect(individual).toBeLessThan(0.74);
});

test('minors of 16 and over hold an identity card that has a last day, people of 46 and over one that has none', () => {
  const holders = living.filter(({ idCard, birth }) => idCard === null && ageOn(birth, today) >= 16);
  expect(holders).toEqual([]);
  for (const { idCard, birth } of living) {
    if (idCard) expect(idCard.to === null).toBe(ageOn(birth, idCard.from) >= 46);
    if (idCard?.to) expect(idCard.to).toBeGreaterThan(addYears(idCard.from, 4));
  }
});
