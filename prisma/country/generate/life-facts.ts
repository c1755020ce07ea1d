import type { BlockDraft } from './block-draft.ts';
import { addYears, ageOn, type Day, today, YEAR } from './calendar.ts';
import { staySingle } from './kinship.ts';
import type { InsuranceState, Person } from './people.ts';
import type { Random } from './random.ts';

const MOVE_SLOTS = 64;
const ASSISTANCE_SLOTS = 64;

/** Gives everyone of the block what a life brings: card, schooling, work, phone, insurance, moves, disability, assistance. */
export function addLifeFacts(draft: BlockDraft): void {
  const counters = { moves: 0, assistance: 0 };
  for (const person of draft.people) {
    addPapers(draft, person);
    addWork(draft, person);
    if (person.lifeStatus === 'DEAD') continue;
    staySingle(person);
    addResidence(draft, person);
    addInsurances(draft, person);
    addDisability(draft, person);
    addMoves(draft, person, counters);
    if (person.household?.members[0] === person) addAssistance(draft, person, counters);
    if (draft.random.chance(0.001) && person.kin.length === 0) person.lifeStatus = draft.random.chance(0.6) ? 'MISSING' : 'CANCELLED';
  }
}

/** Identity cards last 5 years for the young, then 10 and 20, and for ever from 46 on. */
function addPapers({ random }: BlockDraft, person: Person): void {
  const age = ageOn(person.birth, person.death ?? today);
  if (random.chance(age < 16 ? 0.35 : 0.97)) person.photo = makeDigest(random);
  if (age < 16 && !random.chance(age > 5 ? 0.4 : 0.1)) return;
  const latest = (person.death ?? today) - 10;
  const years = age < 16 ? 5 : age < 26 ? 10 : 20;
  const earliest = Math.max(person.birth + 30, addYears(person.birth, age < 16 ? 0 : 16), latest - Math.floor(years * YEAR) + 40);
  const from = latest > earliest ? random.between(earliest, latest) : Math.max(latest, person.birth);
  person.idCard = { from, to: lastDayOf(from, ageOn(person.birth, from)) };
}

function lastDayOf(from: Day, age: number): Day | null {
  if (age >= 46) return null;
  return addYears(from, age < 16 ? 5 : age < 26 ? 10 : 20);
}

const digestBytes = Buffer.alloc(32);

/** A digest of 32 bytes in hex, of a file that does not exist. */
export function makeDigest(random: Random): string {
  for (let place = 0; place < 32; place += 4) digestBytes.writeUInt32LE(random.bits(), place);
  return digestBytes.toString('hex');
}

/** GB/T 4658: 10 graduate, 20 bachelor, 30 junior college, 40 technical school, 60 senior, 70 junior, 80 primary school, 90 none. */
function addWork({ random, place }: BlockDraft, person: Person): void {
  const age = ageOn(person.birth, person.death ?? today);
  const mark = random.unit() + (place.isUrban ? 0.14 : -0.08) + Math.max(-0.25, (45 - age) / 130);
  if (age >= 6) person.education = age < 13 ? '80' : age < 16 ? '70' : age < 18 ? '60' : schoolingOf(mark);
  if (
    age >= 16 &&
    age < (person.sex === '1' ? 63 : 58) &&
    person.lifeStatus === 'ALIVE' &&
    (age > 22 ? random.chance(0.83) : random.chance(0.3))
  ) {
    person.occupation = place.isUrban ? random.pick(urbanWork) : random.pick(ruralWork);
  }
  if (age >= 14 && person.lifeStatus === 'ALIVE' && random.chance(age > 75 ? 0.5 : 0.93)) person.phone = makePhone(random);
}

function schoolingOf(mark: number): string {
  if (mark < 0.05) return '90';
  if (mark < 0.3) return '80';
  if (mark < 0.65) return '70';
  if (mark < 0.82) return '60';
  if (mark < 0.88) return '40';
  if (mark < 1) return '30';
  return mark < 1.2 ? '20' : '10';
}

/** GB/T 6565. */
const urbanWork = ['10100', '20200', '20800', '21300', '30100', '40100', '40100', '40300', '40200', '40700', '61700', '62900', '62400'];
const ruralWork = ['50100', '50100', '50100', '50100', '50300', '62900', '62900', '40300', '40200'];

/**
 * Eleven digits that begin with 109. Mobile numbers of China begin with 13 to 19 and no service is called by 109, so the number
 * cannot be anyone's and cannot be dialled.
 */
export function makePhone(random: Random): string {
  return `109${String(random.between(0, 99_999_999)).padStart(8, '0')}`;
}

/** Some live elsewhere in the block than where they are registered. */
function addResidence({ random, people }: BlockDraft, person: Person): void {
  if (!random.chance(0.07)) return;
  const other = random.pick(people).registeredAt;
  if (other !== person.registeredAt) person.residesAt = other;
}

function addInsurances({ random, place }: BlockDraft, person: Person): void {
  const age = ageOn(person.birth, today);
  const division = place.county.code;
  const add = (kind: Person['insurances'][number]['kind'], fromAge: number, state: InsuranceState): void => {
    const earliest = Math.max(addYears(person.birth, fromAge), Math.floor(today - 17 * YEAR));
    const since = earliest < today ? random.between(earliest, today - 1) : today - 1;
    const months = Math.max(1, Math.round(((today - since) / YEAR) * 12 * (0.7 + random.unit() * 0.3)));
    person.insurances.push({ kind, state, since, months, division });
  };
  const paying = (): InsuranceState => (random.chance(0.92) ? 'ACTIVE' : random.chance(0.75) ? 'PAUSED' : 'ENDED');
  if (random.chance(0.95)) add('MEDICAL', 0, paying());
  if (age < 16 || (age < 22 && !random.chance(0.3))) return;
  if (random.chance(0.86)) add('PENSION', 16, age >= 60 ? 'DRAWING' : paying());
  if (age < 60 && person.occupation !== null && place.isUrban && random.chance(0.4)) {
    add('INJURY', 18, paying());
    add('UNEMPLOYMENT', 18, paying());
    if (random.chance(0.8)) add('MATERNITY', 18, paying());
  }
}

function addDisability({ random }: BlockDraft, person: Person): void {
  const age = ageOn(person.birth, today);
  if (age < 2 || !random.chance(0.015 + age / 2200)) return;
  const category = String(random.between(1, 7));
  const grade = random.between(1, 4);
  const earliest = Math.max(person.birth + 600, Math.floor(today - 9 * YEAR));
  const issuedOn = random.between(Math.min(earliest, today - 30), today - 30);
  // The certificate's number is the citizen number, then category and grade.
  person.disability = { certificateNo: person.idNumber + category + grade, category, grade, issuedOn, validTo: addYears(issuedOn, 10) };
}

const reasons = ['婚迁', '工作调动', '购房落户', '投靠亲属', '升学', '毕业返迁', '务工经商'];

function addMoves(draft: BlockDraft, person: Person, counters: { moves: number }): void {
  const { random, country, place, number } = draft;
  if (!random.chance(0.16) || counters.moves + 2 > MOVE_SLOTS) return;
  let to = place.code;
  let before = today;
  for (let count = random.chance(0.15) ? 2 : 1; count > 0; count--) {
    const earliest = Math.max(person.birth + 100, Math.floor(today - 25 * YEAR));
    if (earliest >= before) return;
    const on = random.between(earliest, before - 1);
    const from = country.anyPlace(random).code;
    const age = ageOn(person.birth, on);
    const reason = age < 16 ? '投靠亲属' : age < 20 ? '升学' : random.pick(reasons);
    person.moves.push({ id: number * MOVE_SLOTS + counters.moves++, on, from, to, reason });
    to = from;
    before = on;
  }
}

/** 低保 for the members of a poor household, 特困 for old people alone, 临时救助 now and then. */
function addAssistance({ random, place, number }: BlockDraft, head: Person, counters: { assistance: number }): void {
  const members = head.household?.members ?? [];
  const isAlone = members.length === 1 && ageOn(head.birth, today) >= 60 && head.marriage?.state === '10';
  const kind = isAlone
    ? 'EXTREME_HARDSHIP'
    : random.chance(place.isUrban ? 0.03 : 0.085)
      ? 'MINIMUM_LIVING'
      : random.chance(0.03)
        ? 'TEMPORARY'
        : null;
  if (kind === null) return;
  const from = random.between(Math.floor(today - 6 * YEAR), today - 60);
  const to = kind === 'TEMPORARY' || random.chance(0.25) ? random.between(from + 30, today - 1) : null;
  const monthlyAmount =
    kind === 'MINIMUM_LIVING' ? (place.isUrban ? 650 : 420) + random.between(0, 12) * 10 : kind === 'TEMPORARY' ? 800 : 980;
  for (const person of kind === 'TEMPORARY' ? [head] : members) {
    if (person.birth > from || counters.assistance >= ASSISTANCE_SLOTS) continue;
    person.assistance.push({ id: number * ASSISTANCE_SLOTS + counters.assistance++, kind, from, to, monthlyAmount });
  }
}
