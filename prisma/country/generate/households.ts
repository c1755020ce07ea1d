import type { Address } from './addresses.ts';
import { addPerson, type BlockDraft, roomIn } from './block-draft.ts';
import { addYears, type Day, today, YEAR } from './calendar.ts';
import { makeEthnicity } from './ethnicity.ts';
import { type HouseholdKindName, householdKinds, kindWeights } from './household-weights.ts';
import { endByDeath, linkGuardian, linkParent, marry, stayDivorced, stayWidowed } from './kinship.ts';
import { padded, type Sex } from './numbers.ts';
import type { Household, Person } from './people.ts';
import { cumulate, type Random } from './random.ts';

/** Most households of one block; their numbers are counted over the country in steps of this. */
const HOUSEHOLD_SLOTS = 128;
const cumulativeWeights = cumulate(kindWeights.flat());
const bandsPerKind = kindWeights[0]?.length ?? 1;

/** Fills the block with households until it holds as many people as it is to. */
export function addHouseholds(draft: BlockDraft): void {
  while (roomIn(draft) > 0) {
    const choice = draft.random.weighted(cumulativeWeights);
    const kind = householdKinds[Math.floor(choice / bandsPerKind)] ?? 'single';
    addHousehold(draft, kind, 20 + (choice % bandsPerKind) * 5);
  }
}

/** Adds one household of a kind, whose woman (whoever leads it, where there is none) is in the five years of age from `band` on. */
function addHousehold(draft: BlockDraft, kind: HouseholdKindName, band: number): void {
  const birth = Math.floor(today - (band + draft.random.unit() * 5) * YEAR);
  const address = draft.newAddress();
  const ethnicity = makeEthnicity(draft.random, draft.place);
  const home: Home = { draft, random: draft.random, address, ethnicity, birth };
  const members = roomIn(draft) === 1 ? makeSingle(home) : makers[kind](home);
  if (members.length === 0) return;
  registerHousehold(draft, address, members, kind === 'collective' && members.length > 1);
}

/** A household while it is being made: who lives where, and when its woman was born. */
type Home = Readonly<{ draft: BlockDraft; random: Random; address: Address; ethnicity: string; birth: Day }>;
type Member = Readonly<{ person: Person; relation: string }>;

const makers: Readonly<Record<HouseholdKindName, (home: Home) => Member[]>> = {
  single: makeSingle,
  couple: (home) => headAndSpouse(home, makeCouple(home)),
  family: makeFamily,
  threeGenerations: makeThreeGenerations,
  loneParent: makeLoneParent,
  grandchild: makeGrandchild,
  collective: makeCollective,
};

const ANY: Readonly<{ earliest: Day; latest: Day }> = { earliest: Math.floor(today - 108 * YEAR), latest: Math.floor(today - 17 * YEAR) };

function makeSingle({ draft, random, address, ethnicity, birth }: Home): Member[] {
  const age = (today - birth) / YEAR;
  const sex: Sex = random.chance(age > 65 ? 0.42 : 0.62) ? '1' : '2';
  const person = addPerson(draft, { sex, birth, ...ANY, ethnicity, address });
  if (!person) return [];
  if (age > 58 && random.chance(0.7)) addDeadSpouse(draft, person);
  else if (age > 28 && random.chance(0.2)) stayDivorced(draft, person);
  return [{ person, relation: '01' }];
}

type Couple = Readonly<{ husband: Person; wife: Person | null }>;

function makeCouple({ draft, random, address, ethnicity, birth }: Home): Couple | null {
  const wives = { earliest: ANY.earliest, latest: Math.floor(today - 20.6 * YEAR) };
  const husbands = {
    earliest: Math.floor(birth - 12 * YEAR),
    latest: Math.min(Math.floor(birth + 6 * YEAR), Math.floor(today - 22.6 * YEAR)),
  };
  const older = Math.floor((random.unit() + random.unit() + random.unit() - 0.75) * 2.4 * YEAR);
  const husband = addPerson(draft, { sex: '1', birth: birth - older, ...husbands, ethnicity, address });
  if (!husband) return null;
  const wife = addPerson(draft, { sex: '2', birth, ...wives, ethnicity: random.chance(0.97) ? ethnicity : '01', address });
  if (wife) marry(draft, { husband, wife, before: today });
  return { husband, wife };
}

function headAndSpouse({ random }: Home, couple: Couple | null): Member[] {
  if (!couple) return [];
  if (!couple.wife) return [{ person: couple.husband, relation: '01' }];
  const [head, spouse] = random.chance(0.88) ? [couple.husband, couple.wife] : [couple.wife, couple.husband];
  return [
    { person: head, relation: '01' },
    { person: spouse, relation: '10' },
  ];
}

function makeFamily(home: Home): Member[] {
  const couple = makeCouple(home);
  return [...headAndSpouse(home, couple), ...addChildren(home, couple)];
}

/** Children who still live with their parents. */
function addChildren({ draft, random, address }: Home, couple: Couple | null): Member[] {
  const registeredOn = couple?.wife?.marriage?.registeredOn;
  if (!couple?.wife || registeredOn === undefined || registeredOn === null) return [];
  const { husband, wife } = couple;
  const earliest = Math.max(registeredOn + 240, addYears(wife.birth, 20), addYears(husband.birth, 20));
  const latest = Math.min(addYears(wife.birth, 44), addYears(husband.birth, 49), today - 1);
  const members: Member[] = [];
  let birth = earliest + random.between(60, 1400);
  for (let wanted = childCount(random, draft.place.isUrban, husband.ethnicity); wanted > 0 && birth < latest; wanted--) {
    const hasLeft = today - birth > (random.chance(0.75) ? 23 : 33) * YEAR;
    const sex: Sex = random.chance(0.525) ? '1' : '2';
    const child = hasLeft
      ? null
      : addPerson(draft, { sex, birth, earliest, latest, ethnicity: husband.ethnicity, surname: husband.surname, address });
    if (child) {
      linkParent(child, husband);
      linkParent(child, wife);
      members.push({ person: child, relation: sex === '1' ? '20' : '30' });
    }
    birth += random.between(500, 2100);
  }
  return members;
}

function childCount(random: Random, isUrban: boolean, ethnicity: string): number {
  const more = (isUrban ? -0.2 : 0.05) + (ethnicity === '01' ? 0 : 0.2);
  const mark = random.unit() - more;
  return mark < 0.1 ? 3 : mark < 0.62 ? 2 : 1;
}

function makeThreeGenerations(home: Home): Member[] {
  const { draft, random, address } = home;
  const couple = makeCouple(home);
  if (!couple) return [];
  const { husband } = couple;
  const motherBirth = Math.floor(husband.birth - (22 + random.unit() * 10) * YEAR);
  const parents = { ethnicity: husband.ethnicity, address };
  const fatherBirth = motherBirth - random.between(0, 1500);
  const lives = (birth: Day): boolean => random.chance(Math.min(0.97, 1.9 - (today - birth) / YEAR / 64));
  const elders: Member[] = [];
  const mother = lives(motherBirth)
    ? addPerson(draft, { sex: '2', birth: motherBirth, earliest: yearsBefore(husband, 46), latest: yearsBefore(husband, 21.5), ...parents })
    : null;
  const father = lives(fatherBirth)
    ? addPerson(draft, {
        sex: '1',
        birth: fatherBirth,
        earliest: yearsBefore(husband, 49),
        latest: yearsBefore(husband, 23),
        surname: husband.surname,
        ...parents,
      })
    : null;
  for (const elder of [father, mother]) {
    if (!elder) continue;
    linkParent(husband, elder);
    elders.push({ person: elder, relation: '50' });
  }
  if (father && mother) marry(draft, { husband: father, wife: mother, before: husband.birth - 200 });
  else if (elders[0]) addDeadSpouse(draft, elders[0].person, husband);
  return [...headAndSpouse(home, couple), ...addChildren(home, couple), ...elders];
}

/** Days between which someone at least `years` older was born. */
function yearsBefore(person: Person, years: number): Day {
  return Math.floor(person.birth - years * YEAR);
}

function makeLoneParent(home: Home): Member[] {
  const { draft, random, address, ethnicity, birth } = home;
  const sex: Sex = random.chance(0.6) ? '2' : '1';
  const parent = addPerson(draft, { sex, birth, earliest: ANY.earliest, latest: Math.floor(today - 23 * YEAR), ethnicity, address });
  if (!parent) return [];
  const earliest = addYears(parent.birth, 22);
  const latest = Math.min(addYears(parent.birth, 42), today - 1);
  const born = earliest + random.between(0, Math.max(0, Math.min(3000, latest - earliest)));
  const childSex: Sex = random.chance(0.52) ? '1' : '2';
  const surname = sex === '1' ? parent.surname : undefined;
  const child = addPerson(draft, {
    sex: childSex,
    birth: born,
    earliest,
    latest,
    ethnicity,
    address,
    ...(surname === undefined ? {} : { surname }),
  });
  if (child) linkParent(child, parent);
  if (random.chance(0.3)) addDeadSpouse(draft, parent, child ?? undefined);
  else stayDivorced(draft, parent);
  const members: Member[] = [{ person: parent, relation: '01' }];
  if (child) members.push({ person: child, relation: childSex === '1' ? '20' : '30' });
  return members;
}

/** Grandparents who bring up a child whose parents are registered elsewhere, and are its guardians. */
function makeGrandchild(home: Home): Member[] {
  const { draft, random, address } = home;
  const couple = makeCouple(home);
  const members = headAndSpouse(home, couple);
  if (!couple?.wife) return members;
  const { husband, wife } = couple;
  const earliest = Math.max(addYears(wife.birth, 42), addYears(husband.birth, 42), Math.floor(today - 16 * YEAR));
  const birth = random.between(earliest, today - 30);
  const sex: Sex = random.chance(0.53) ? '1' : '2';
  const { ethnicity, surname } = husband;
  const child = earliest < today - 60 ? addPerson(draft, { sex, birth, earliest, latest: today - 1, ethnicity, surname, address }) : null;
  if (!child) return members;
  linkGuardian(child, husband);
  linkGuardian(child, wife);
  return [...members, { person: child, relation: '40' }];
}

/** People registered together without being a family: a dormitory, a company's collective registration. */
function makeCollective({ draft, random, address, birth }: Home): Member[] {
  const members: Member[] = [];
  for (let wanted = random.between(3, 7); wanted > 0; wanted--) {
    const ethnicity = makeEthnicity(random, draft.place);
    const sex: Sex = random.chance(0.5) ? '1' : '2';
    const person = addPerson(draft, { sex, birth: birth + random.between(-900, 900), ...ANY, ethnicity, address });
    if (person) members.push({ person, relation: members.length === 0 ? '01' : '97' });
  }
  return members;
}

/** The widowed one's late husband or wife, whose row remains; where the block is full, the widowed one alone. */
function addDeadSpouse(draft: BlockDraft, widowed: Person, child?: Person): void {
  const { random } = draft;
  const sex: Sex = widowed.sex === '1' ? '2' : '1';
  const older = sex === '1' ? random.between(0, 1600) : random.between(-1500, 100);
  const latest = child ? yearsBefore(child, sex === '1' ? 23 : 21.5) : Math.floor(widowed.birth + 5 * YEAR);
  const earliest = Math.max(yearsBefore(widowed, 9), child ? yearsBefore(child, 49) : Number.NEGATIVE_INFINITY);
  const hasRow = random.chance(0.75) && earliest < latest;
  const surname = sex === '1' && child ? { surname: child.surname } : {};
  const spouse = hasRow
    ? addPerson(draft, {
        sex,
        birth: widowed.birth - older,
        earliest,
        latest,
        ethnicity: widowed.ethnicity,
        address: widowed.registeredAt,
        ...surname,
      })
    : null;
  if (!spouse) {
    stayWidowed(draft, widowed, child);
    return;
  }
  if (child) linkParent(child, spouse);
  const [husband, wife] = sex === '1' ? [spouse, widowed] : [widowed, spouse];
  marry(draft, { husband, wife, before: child ? child.birth - 200 : today - 400 });
  endByDeath(draft, spouse, widowed, child);
}

function registerHousehold(draft: BlockDraft, address: Address, members: readonly Member[], isCollective: boolean): void {
  const slot = draft.households.length;
  if (slot >= HOUSEHOLD_SLOTS) throw new RangeError(`Block ${draft.number} has more than ${HOUSEHOLD_SLOTS} households`);
  const head = members[0]?.person;
  const since = Math.floor(Math.max(addYears(head?.birth ?? today, 18), today - 40 * YEAR));
  const household: Household = {
    householdNo: draft.place.code + padded(draft.number * HOUSEHOLD_SLOTS + slot, 8),
    kind: isCollective ? 'COLLECTIVE' : 'FAMILY',
    address,
    members: members.map(({ person }) => person),
    registeredOn: since < today ? draft.random.between(since, today - 1) : today - 1,
  };
  draft.households.push(household);
  for (const { person, relation } of members) {
    person.household = household;
    person.relationToHead = relation;
  }
}
