import { type Authority, type Bureau, countyAuthority } from './authorities.ts';
import type { BlockDraft } from './block-draft.ts';
import { addYears, ageOn, type Day, dayText, today, YEAR, yearOf } from './calendar.ts';
import type { Entity } from './entities.ts';
import { chineseDay, registrarOf } from './firms.ts';
import { type LicenseTypeKey, licenseTypes } from './license-types.ts';
import { makeDigest } from './life-facts.ts';
import { licenseIdentifier, padded } from './numbers.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';
import type { RealEstateUnit } from './real-estate.ts';

type LicenseState = 'VALID' | 'SUSPENDED' | 'WITHDRAWN' | 'CANCELLED' | 'EXPIRED' | 'TRANSFERRED' | 'REVOKED';

/** One license as every library knows it. Its state may still change while its block is made. */
export type License = {
  id: string;
  identifier: string;
  type: LicenseTypeKey;
  number: string;
  holder: Person | Entity;
  authority: Authority;
  issuedOn: Day;
  validTo: Day | null;
  state: LicenseState;
  checkCode: string;
  /** Label and value of what is printed on it, after name and number. */
  face: readonly (readonly [key: string, label: string, value: string])[];
  digest: string | null;
};

/** Most licenses of one block; they are counted over the country in steps of this. */
const LICENSE_SLOTS = 1024;
/** Without the letters and digits that are misread: 0, O, 1, I. */
const CHECK_CODE_ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

export function isPerson(holder: Person | Entity): holder is Person {
  return 'idNumber' in holder;
}

/** The licenses of everyone in the block and of its legal entities. */
export function makeLicenses(draft: BlockDraft, firms: readonly Entity[], units: readonly RealEstateUnit[]): License[] {
  const licenses: License[] = [];
  const issue = issuer(draft, licenses);
  for (const person of draft.people) issuePersonal(draft, person, issue);
  for (const unit of units) issueCertificates(unit, issue);
  for (const firm of firms) issueToFirm(draft, firm, issue);
  return licenses;
}

type Issue = (
  type: LicenseTypeKey,
  holder: Person | Entity,
  facts: Readonly<{ issuedOn: Day; number?: string; validTo?: Day | null; state?: LicenseState; face: License['face']; bureau?: Bureau }>,
) => void;

function issuer(draft: BlockDraft, licenses: License[]): Issue {
  const { random, place, number: block, opaqueKey } = draft;
  return (key, holder, facts) => {
    const slot = licenses.length;
    if (slot >= LICENSE_SLOTS) throw new RangeError(`Block ${block} has more than ${LICENSE_SLOTS} licenses`);
    const kind = licenseTypes[key];
    const authority = countyAuthority(place, facts.bureau ?? kind.issuer);
    const serial = block * LICENSE_SLOTS + slot;
    const identifier = licenseIdentifier({ type: kind.code, authorityCode: authority.code, serial });
    const validTo =
      facts.validTo === undefined ? (kind.validityYears === null ? null : addYears(facts.issuedOn, kind.validityYears)) : facts.validTo;
    licenses.push({
      id: opaqueKey('license', identifier),
      identifier,
      type: key,
      number: facts.number ?? `${place.county.code}${yearOf(facts.issuedOn)}${padded(serial, 9)}`,
      holder,
      authority,
      issuedOn: facts.issuedOn,
      validTo,
      state: facts.state ?? stateOf(holder, validTo),
      checkCode: makeCheckCode(random),
      face: facts.face,
      digest: random.chance(0.8) ? makeDigest(random) : null,
    });
  };
}

function stateOf(holder: Person | Entity, validTo: Day | null): LicenseState {
  const isGone = isPerson(holder) ? holder.lifeStatus === 'DEAD' || holder.lifeStatus === 'CANCELLED' : holder.endedOn !== null;
  if (isGone) return 'CANCELLED';
  return validTo !== null && validTo < today ? 'EXPIRED' : 'VALID';
}

const checkCodeBytes = Buffer.alloc(20);

/** 100 random bits. */
function makeCheckCode(random: Random): string {
  for (let place = 0; place < 20; ) {
    let bits = random.bits();
    for (const end = place + 5; place < end; place++) {
      checkCodeBytes[place] = CHECK_CODE_ALPHABET.charCodeAt(bits & 31);
      bits >>>= 5;
    }
  }
  return checkCodeBytes.toString('latin1');
}

function issuePersonal(draft: BlockDraft, person: Person, issue: Issue): void {
  const { random, place } = draft;
  const age = ageOn(person.birth, today);
  const isAlive = person.lifeStatus !== 'DEAD';
  const at = (fromAge: number, withinYears: number): Day => {
    const earliest = Math.max(addYears(person.birth, fromAge), Math.floor(today - withinYears * YEAR));
    return random.between(Math.min(earliest, today - 20), today - 20);
  };
  if (person.idCard) {
    const { from, to } = person.idCard;
    const face = [
      ['sex', '性别', person.sex === '1' ? '男' : '女'],
      ['birthDate', '出生', chineseDay(person.birth)],
      ['address', '住址', person.registeredAt.fullText],
    ] as const;
    issue('identityCard', person, { issuedOn: from, number: person.idNumber, validTo: to, face });
  }
  issueMarriage(person, issue);
  if (!isAlive) return;
  const { household } = person;
  if (household?.members[0] === person) {
    const face = [
      ['kind', '户别', household.kind === 'FAMILY' ? '家庭户' : '集体户'],
      ['address', '住址', household.address.fullText],
    ] as const;
    issue('householdRegister', person, { issuedOn: household.registeredOn, number: household.householdNo, face });
  }
  if (age < 12 && random.chance(0.92)) {
    const face = [
      ['birthDate', '出生日期', chineseDay(person.birth)],
      ['birthPlace', '出生地', place.county.name],
    ] as const;
    issue('birth', person, {
      issuedOn: Math.min(person.birth + random.between(2, 40), today),
      number: `Q62${padded(person.birth + 40_000, 5)}${person.idNumber.slice(-4, -1)}${padded(draft.number, 5)}`,
      face,
    });
  }
  if (age >= 1 && random.chance(0.22))
    issue('socialSecurityCard', person, {
      issuedOn: Math.max(at(0, 9), person.birth + 20),
      number: person.idNumber,
      face: [['cardNo', '社会保障号码', person.idNumber]],
    });
  if (person.disability) {
    const { certificateNo, issuedOn, validTo, category, grade } = person.disability;
    issue('disability', person, {
      issuedOn,
      validTo,
      number: certificateNo,
      face: [
        ['category', '残疾类别', category],
        ['grade', '残疾等级', String(grade)],
      ],
    });
  }
  const aid = person.assistance.find(({ kind, to }) => kind === 'MINIMUM_LIVING' && to === null);
  if (aid && household?.members[0] === person)
    issue('subsistence', person, { issuedOn: aid.from, face: [['members', '保障人数', String(household.members.length)]] });
  if (age >= 19 && age < 70) issueSkills(draft, person, at, issue);
}

function issueMarriage(person: Person, issue: Issue): void {
  const { marriage } = person;
  if (!marriage?.registeredOn || marriage.certificateNo === null || marriage.registeredOn < today - 22 * YEAR) return;
  if (marriage.state === '10') return;
  const isOver = marriage.state === '30' || person.lifeStatus === 'DEAD';
  const spouse = marriage.spouse ? [['spouse', '配偶', marriage.spouse.name] as const] : [];
  issue(marriage.state === '40' ? 'divorce' : 'marriage', person, {
    issuedOn: marriage.registeredOn,
    number: marriage.certificateNo,
    face: [['registeredOn', '登记日期', chineseDay(marriage.registeredOn)], ...spouse],
    ...(isOver ? { state: 'CANCELLED' } : {}),
  });
}

function issueSkills({ random, place }: BlockDraft, person: Person, at: (fromAge: number, withinYears: number) => Day, issue: Issue): void {
  if (random.chance(person.sex === '1' ? 0.3 : 0.16)) {
    const face = [['class', '准驾车型', random.pick(['C1', 'C1', 'C1', 'C2', 'B2', 'D'])]] as const;
    issue('driving', person, { issuedOn: at(18, 9), number: person.idNumber, face });
    if (random.chance(0.35))
      issue('vehicle', person, { issuedOn: at(18, 12), face: [['plate', '号牌号码', `甘·测${padded(random.between(0, 99_999), 5)}`]] });
  }
  if (person.education !== null && person.education <= '30' && random.chance(0.4)) {
    issue('diploma', person, {
      issuedOn: Math.min(addYears(person.birth, 22) + random.between(0, 300), today - 5),
      face: [['level', '学历', person.education === '30' ? '专科' : '本科']],
    });
  }
  if (person.occupation?.startsWith('20') && random.chance(0.4)) {
    issue('teacher', person, {
      issuedOn: at(21, 25),
      face: [['subject', '任教学科', random.pick(['语文', '数学', '英语', '物理', '历史'])]],
    });
  } else if (place.isUrban && random.chance(0.012)) {
    const kind = random.pick(['doctor', 'nurse', 'qualification'] as const);
    issue(kind, person, { issuedOn: at(22, 5), face: [['specialty', '专业', kind === 'qualification' ? '工程' : '临床']] });
  }
  if (random.chance(0.012)) issue('roadWorker', person, { issuedOn: at(20, 7), face: [['class', '从业资格类别', '道路货物运输驾驶员']] });
}

function issueCertificates(unit: RealEstateUnit, issue: Issue): void {
  for (const { person, entity, certificateNo, share } of unit.owners) {
    const holder = person ?? entity;
    if (!holder) continue;
    const face = [
      ['unitNo', '不动产单元号', unit.no],
      ['share', '共有情况', share],
      ['address', '坐落', unit.address.fullText],
    ] as const;
    issue('realEstate', holder, { issuedOn: unit.registeredOn, number: certificateNo, face });
  }
}

function issueToFirm({ random }: BlockDraft, firm: Entity, issue: Issue): void {
  const face = [
    ['legalRep', firm.kind === 'INDIVIDUAL_BUSINESS' ? '经营者' : '法定代表人', firm.representative.name],
    ['address', '住所', firm.address.fullText],
    ['establishedOn', '成立日期', chineseDay(firm.establishedOn)],
  ] as const;
  const charter = charterOf(firm);
  const issuedOn = firm.endedOn === null ? firm.approvedOn : firm.establishedOn;
  const validTo =
    charter === 'business' || charter === 'collective' ? firm.termTo : renewedUntil(issuedOn, licenseTypes[charter].validityYears);
  issue(charter, firm, { issuedOn, number: firm.uscc, validTo, face, bureau: registrarOf(firm.kind) });
  for (const permit of permitsOf(random, firm)) {
    const earliest = Math.max(firm.establishedOn, Math.floor(today - 6.5 * YEAR));
    const latest = Math.max(earliest, (firm.endedOn ?? today) - 10);
    issue(permit, firm, {
      issuedOn: random.between(earliest, latest),
      face: [
        ['address', '经营场所', firm.address.fullText],
        ['scope', '许可范围', licenseTypes[permit].relatedItems[0] ?? ''],
      ],
    });
  }
}

/** Certificates of institutions are renewed in time. */
function renewedUntil(issuedOn: Day, years: number | null): Day {
  let until = issuedOn;
  while (until <= today) until = addYears(until, years ?? 5);
  return until;
}

function charterOf({ kind }: Entity): 'business' | 'institution' | 'nonprofit' | 'socialGroup' | 'collective' {
  if (kind === 'PUBLIC_INSTITUTION') return 'institution';
  if (kind === 'PRIVATE_NONPROFIT') return 'nonprofit';
  if (kind === 'SOCIAL_GROUP') return 'socialGroup';
  return kind === 'RURAL_COLLECTIVE' ? 'collective' : 'business';
}

function permitsOf(random: Random, firm: Entity): LicenseTypeKey[] {
  if (firm.kind === 'PUBLIC_INSTITUTION') return ['clinic'];
  if (firm.kind === 'PRIVATE_NONPROFIT') return ['privateSchool'];
  return (firm.industry?.permits ?? []).filter((_, nth) => nth === 0 || random.chance(0.6));
}

/** Whether a license lets its holder do something that a permit decision allowed. */
export function isPermit(type: LicenseTypeKey): boolean {
  return permitTypes.has(type);
}

const permitTypes = new Set<LicenseTypeKey>([
  ...([
    'foodTrade',
    'foodMaking',
    'medicineTrade',
    'clinic',
    'publicPlace',
    'privateSchool',
    'roadTransport',
    'building',
    'safety',
  ] as const),
  ...(['dangerousGoods', 'tobacco', 'seeds', 'pollution', 'entertainment', 'teacher', 'doctor', 'nurse', 'roadWorker'] as const),
]);

/** The license in words for a decision's text. */
export function describeLicense(license: License): string {
  return `${licenseTypes[license.type].name}（${license.number}，${dayText(license.issuedOn)}核发）`;
}
