import type { BlockDraft } from './block-draft.ts';
import { addYears, ageOn, type Day, today, YEAR, yearOf } from './calendar.ts';
import { padded, type Sex } from './numbers.ts';
import type { Marriage, Person } from './people.ts';

/** Certificate numbers of a block; counted over the country in steps of this. */
const CERTIFICATE_SLOTS = 256;

/** Says that `parent` is a parent of `child`, in both directions. */
export function linkParent(child: Person, parent: Person): void {
  child.kin.push({ kind: 'PARENT', relative: parent });
  parent.kin.push({ kind: 'CHILD', relative: child });
}

/** Says that `guardian` is guardian of `ward`, in both directions. */
export function linkGuardian(ward: Person, guardian: Person): void {
  ward.kin.push({ kind: 'GUARDIAN', relative: guardian });
  guardian.kin.push({ kind: 'WARD', relative: ward });
}

/** The first day on which someone may marry: men at 22, women at 20. */
export function marriageableFrom(person: Readonly<{ sex: Sex; birth: Day }>): Day {
  return addYears(person.birth, person.sex === '1' ? 22 : 20);
}

/** Marries two people some time after both may, and before a day where that can be. */
export function marry(draft: BlockDraft, { husband, wife, before }: Readonly<{ husband: Person; wife: Person; before: Day }>): void {
  const { random } = draft;
  const from = Math.max(marriageableFrom(husband), marriageableFrom(wife));
  const until = Math.max(from, Math.min(before - 1, today - 1, from + Math.floor(7 * YEAR)));
  const registeredOn = from + Math.floor((until - from) * random.unit() * random.unit());
  const certificateNo = makeCertificateNo(draft, 'J', registeredOn);
  const authority = authorityOf(draft);
  const state = (): Marriage['state'] => (random.chance(0.95) ? '21' : '22');
  husband.marriage = { state: state(), registeredOn, authority, certificateNo, spouse: wife };
  wife.marriage = { state: state(), registeredOn, authority, certificateNo, spouse: husband };
  husband.kin.push({ kind: 'SPOUSE', relative: wife });
  wife.kin.push({ kind: 'SPOUSE', relative: husband });
}

/** Lets one of two spouses die: the other is widowed, and the marriage is over on both sides. */
export function endByDeath(draft: BlockDraft, dead: Person, widowed: Person, child?: Person): void {
  const { random } = draft;
  const registeredOn = dead.marriage?.registeredOn ?? dead.birth;
  const earliest = Math.max(registeredOn + 100, child ? child.birth + 30 : 0, Math.floor(today - 18 * YEAR));
  dead.lifeStatus = 'DEAD';
  dead.death = random.between(Math.min(earliest, today - 30), today - 20);
  dead.deathCause = random.pick(causes);
  if (dead.marriage) dead.marriage = { ...dead.marriage, state: '20', spouse: null };
  if (widowed.marriage) widowed.marriage = { ...widowed.marriage, state: '30', spouse: null };
  dead.kin = dead.kin.filter(({ kind }) => kind !== 'SPOUSE');
  widowed.kin = widowed.kin.filter(({ kind }) => kind !== 'SPOUSE');
}

/** Widowed by someone who was registered elsewhere. */
export function stayWidowed(draft: BlockDraft, person: Person, child?: Person): void {
  const from = marriageableFrom(person);
  const registeredOn = Math.min(from + draft.random.between(0, 1500), child ? Math.max(from, child.birth - 200) : today - 1, today - 1);
  const certificateNo = makeCertificateNo(draft, 'J', registeredOn);
  person.marriage = { state: '30', registeredOn, authority: authorityOf(draft), certificateNo, spouse: null };
}

export function stayDivorced(draft: BlockDraft, person: Person): void {
  const from = Math.max(marriageableFrom(person) + 500, Math.floor(today - 20 * YEAR));
  const registeredOn = draft.random.between(Math.min(from, today - 1), today - 1);
  const certificateNo = makeCertificateNo(draft, 'L', registeredOn);
  person.marriage = { state: '40', registeredOn, authority: authorityOf(draft), certificateNo, spouse: null };
}

/** Those who might have married by now and did not. */
export function staySingle(person: Person): void {
  const isMarriageable = ageOn(person.birth, today) >= (person.sex === '1' ? 22 : 20);
  if (person.marriage || !isMarriageable) return;
  person.marriage = { state: '10', registeredOn: null, authority: null, certificateNo: null, spouse: null };
}

/** ICD-10: heart, stroke, cancers, lungs, diabetes, accidents. */
const causes = ['I21.9', 'I25.1', 'I61.9', 'I63.9', 'C16.9', 'C34.9', 'C22.0', 'C15.9', 'J44.9', 'E11.9', 'V89.2', 'N18.5', 'R54'];

const certificatesMade = new WeakMap<BlockDraft, number>();

function makeCertificateNo(draft: BlockDraft, letter: 'J' | 'L', on: Day): string {
  const slot = certificatesMade.get(draft) ?? 0;
  certificatesMade.set(draft, slot + 1);
  return `${letter}629901-${yearOf(on)}-${padded(draft.number * CERTIFICATE_SLOTS + slot, 7)}`;
}

function authorityOf(draft: BlockDraft): string {
  return `${draft.place.county.name}民政局`;
}
