import { countyAuthority } from './authorities.ts';
import type { BlockDraft } from './block-draft.ts';
import { addYears, ageOn, type Day, dayOf, dayText, today, YEAR } from './calendar.ts';
import type { Entity, EntityKind, RegistrationState } from './entities.ts';
import { coopIndustries, firmIndustries, type Industry, shopIndustries, weightsOf } from './industries.ts';
import { makePhone } from './life-facts.ts';
import { creditCode } from './numbers.ts';
import type { Person } from './people.ts';
import { cumulate, type Random } from './random.ts';

/** Most entities of one block; they are counted over the country in steps of this. */
const ENTITY_SLOTS = 16;
/** 2.4 million for 25 million people. */
const ENTITIES_PER_PERSON = 0.096;

const kinds = [
  'ENTERPRISE',
  'INDIVIDUAL_BUSINESS',
  'FARMERS_COOP',
  'PUBLIC_INSTITUTION',
  'PRIVATE_NONPROFIT',
  'SOCIAL_GROUP',
  'RURAL_COLLECTIVE',
] as const;
const kindWeights = cumulate([25, 68.5, 4, 1, 0.6, 0.3, 0.6]);
const codeKinds: Readonly<Record<EntityKind, string>> = {
  ENTERPRISE: '91',
  INDIVIDUAL_BUSINESS: '92',
  FARMERS_COOP: '93',
  PUBLIC_INSTITUTION: '12',
  PRIVATE_NONPROFIT: '52',
  SOCIAL_GROUP: '51',
  RURAL_COLLECTIVE: 'N2',
};

/** The legal entities whose representatives, shareholders and officers are adults of the block. */
export function makeFirms(draft: BlockDraft): Entity[] {
  const { random, people, count } = draft;
  const owners = people.filter((person) => person.lifeStatus === 'ALIVE' && isOfAge(person));
  if (owners.length === 0) return [];
  const wanted = count * ENTITIES_PER_PERSON;
  const number = Math.min(ENTITY_SLOTS, Math.floor(wanted) + (random.chance(wanted % 1) ? 1 : 0));
  const firms: Entity[] = [];
  for (let slot = 0; slot < number; slot++) firms.push(makeFirm(draft, slot, owners, firms));
  return firms;
}

function isOfAge(person: Person): boolean {
  const age = ageOn(person.birth, today);
  return age >= 22 && age < 72;
}

function makeFirm(draft: BlockDraft, slot: number, owners: readonly Person[], others: readonly Entity[]): Entity {
  const { random, place, number } = draft;
  const kind = kinds[random.weighted(kindWeights)] ?? 'ENTERPRISE';
  const representative = random.pick(owners);
  const earliest = Math.max(addYears(representative.birth, 20), Math.floor(today - 22 * YEAR));
  const establishedOn = Math.floor(today - 40 - (today - 40 - earliest) * random.unit() ** 1.7);
  const industry = pickIndustry(random, kind);
  const isHome = !place.isUrban && kind === 'INDIVIDUAL_BUSINESS' && random.chance(0.6);
  const firm: Entity = {
    uscc: creditCode(codeKinds[kind], number * ENTITY_SLOTS + slot),
    name: makeFirmName(draft, kind, industry, representative),
    kind,
    typeCode: typeCodes[kind],
    representative,
    capital: makeCapital(random, kind),
    establishedOn,
    termTo: kind === 'ENTERPRISE' && random.chance(0.3) ? addYears(establishedOn, random.pick([10, 20, 30])) : null,
    address: isHome ? representative.registeredAt : draft.newAddress(),
    industry,
    industryCode: industry?.code ?? otherCodes[kind] ?? 'S9430',
    scope: industry?.scope ?? otherScopes[kind] ?? '依章程开展活动。',
    authorityName: countyAuthority(place, registrarOf(kind)).name,
    state: 'ACTIVE',
    approvedOn: establishedOn,
    endedOn: null,
    endReason: null,
    taxGrade: null,
    taxArrears: null,
    insuredEmployees: null,
    payrollState: null,
    phone: makePhone(random),
    shareholders: [],
    officers: [],
    changes: [],
    reports: [],
    listings: [],
  };
  addPartners(draft, firm, owners, others);
  addChanges(draft, firm, owners);
  settleState(draft, firm);
  addAccounts(random, firm);
  return firm;
}

const typeCodes: Readonly<Record<EntityKind, string | null>> = {
  ENTERPRISE: '1130',
  INDIVIDUAL_BUSINESS: '9500',
  FARMERS_COOP: '9100',
  PUBLIC_INSTITUTION: null,
  PRIVATE_NONPROFIT: null,
  SOCIAL_GROUP: null,
  RURAL_COLLECTIVE: null,
};
const otherCodes: Readonly<Partial<Record<EntityKind, string>>> = {
  PUBLIC_INSTITUTION: 'Q8423',
  PRIVATE_NONPROFIT: 'P8310',
  SOCIAL_GROUP: 'S9521',
  RURAL_COLLECTIVE: 'S9620',
};
const otherScopes: Readonly<Partial<Record<EntityKind, string>>> = {
  PUBLIC_INSTITUTION: '为辖区群众提供基本医疗和公共卫生服务。',
  PRIVATE_NONPROFIT: '学前教育。',
  SOCIAL_GROUP: '行业交流、技术培训、咨询服务。',
  RURAL_COLLECTIVE: '管理集体资产，开发集体资源，发展集体经济，服务集体成员。',
};

/** Who registers what; also who issues its certificate. */
export function registrarOf(kind: EntityKind): 'market' | 'organisation' | 'civilAffairs' | 'agriculture' {
  if (kind === 'PUBLIC_INSTITUTION') return 'organisation';
  if (kind === 'PRIVATE_NONPROFIT' || kind === 'SOCIAL_GROUP') return 'civilAffairs';
  return kind === 'RURAL_COLLECTIVE' ? 'agriculture' : 'market';
}

const shopWeights = weightsOf(shopIndustries);
const firmWeights = weightsOf(firmIndustries);
const coopWeights = weightsOf(coopIndustries);

function pickIndustry(random: Random, kind: EntityKind): Industry | null {
  if (kind === 'INDIVIDUAL_BUSINESS') return shopIndustries[random.weighted(shopWeights)] ?? null;
  if (kind === 'ENTERPRISE') return firmIndustries[random.weighted(firmWeights)] ?? null;
  if (kind === 'FARMERS_COOP') return coopIndustries[random.weighted(coopWeights)] ?? null;
  return null;
}

const firstCharacters = [...'金永兴恒瑞宏华鑫泰陇祥福盛嘉德丰益龙源润佳顺康百万天中新'];
const secondCharacters = [...'源泰达盛通隆昌旺和安诚信丰兴利达茂荣发业顺康宇鼎辉'];

function makeFirmName({ random, place }: BlockDraft, kind: EntityKind, industry: Industry | null, representative: Person): string {
  const trademark =
    random.pick(firstCharacters) + random.pick(secondCharacters) + (random.chance(0.3) ? random.pick(secondCharacters) : '');
  const where = place.countyShort;
  const word = industry ? random.pick(industry.words) : '';
  switch (kind) {
    case 'ENTERPRISE':
      return `${random.chance(0.35) ? '甘肃' : random.chance(0.4) ? place.prefectureShort : where}${trademark}${word}有限公司`;
    case 'INDIVIDUAL_BUSINESS':
      return `${where}${place.isUrban ? trademark : place.name + (random.chance(0.5) ? representative.name : trademark)}${word}`;
    case 'FARMERS_COOP':
      return `${where}${trademark}${word}农民专业合作社`;
    case 'PUBLIC_INSTITUTION':
      return place.isUrban ? `${where}${place.name}卫生服务中心` : `${where}${place.name}卫生室`;
    case 'PRIVATE_NONPROFIT':
      return `${where}${trademark}幼儿园`;
    case 'SOCIAL_GROUP':
      return `${where}${random.pick(['餐饮', '养殖', '书画', '苹果产业', '中药材'])}协会`;
    case 'RURAL_COLLECTIVE':
      return `${where}${place.town.name}${place.name}股份经济合作社`;
    default:
      return kind satisfies never;
  }
}

/** 万元. */
function makeCapital(random: Random, kind: EntityKind): number | null {
  if (kind === 'ENTERPRISE') return random.pick([10, 50, 100, 100, 200, 300, 500, 500, 1000, 2000, 5000]);
  if (kind === 'INDIVIDUAL_BUSINESS') return random.between(1, 30);
  if (kind === 'FARMERS_COOP') return random.pick([50, 100, 120, 200, 300]);
  return kind === 'SOCIAL_GROUP' ? 3 : random.between(5, 80);
}

function addPartners({ random }: BlockDraft, firm: Entity, owners: readonly Person[], others: readonly Entity[]): void {
  if (firm.kind !== 'ENTERPRISE' && firm.kind !== 'FARMERS_COOP') return;
  const capital = firm.capital ?? 0;
  const partner = random.pick(owners);
  const parent = others.find(({ kind, state }) => kind === 'ENTERPRISE' && state === 'ACTIVE');
  const share = random.pick([0.51, 0.6, 0.67, 0.7, 0.8]);
  const holders: [Person | null, Entity | null, number][] = [];
  if (firm.kind === 'ENTERPRISE' && parent && random.chance(0.1))
    holders.push([firm.representative, null, share], [null, parent, 1 - share]);
  else if (partner !== firm.representative && random.chance(0.6))
    holders.push([firm.representative, null, share], [partner, null, 1 - share]);
  else holders.push([firm.representative, null, 1]);
  const paidPart = random.pick([0.2, 0.5, 1, 1]);
  for (const [person, entity, part] of holders) {
    const subscribed = toCents(capital * part);
    firm.shareholders.push({ person, entity, subscribed, paid: toCents(subscribed * paidPart) });
  }
  firm.officers.push({ person: firm.representative, position: firm.kind === 'FARMERS_COOP' ? '理事长' : '执行董事兼总经理' });
  const supervisor = random.pick(owners);
  if (supervisor !== firm.representative)
    firm.officers.push({ person: supervisor, position: firm.kind === 'FARMERS_COOP' ? '执行监事' : '监事' });
}

function toCents(amount: number): number {
  return Math.round(amount * 100) / 100;
}

function addChanges({ random }: BlockDraft, firm: Entity, owners: readonly Person[]): void {
  if (firm.industry === null || today - firm.establishedOn < 2 * YEAR) return;
  const count = random.chance(firm.kind === 'ENTERPRISE' ? 0.55 : 0.2) ? random.between(1, 2) : 0;
  let on = firm.establishedOn;
  for (let done = 0; done < count; done++) {
    on += random.between(200, Math.max(201, Math.floor((today - on) / 2)));
    if (on >= today) return;
    firm.changes.push({ on, ...makeChange(random, firm, owners) });
    firm.approvedOn = on;
  }
}

function makeChange(random: Random, firm: Entity, owners: readonly Person[]): Readonly<{ item: string; before: string; after: string }> {
  const former = random.pick(owners);
  if (firm.capital !== null && random.chance(0.4)) {
    return { item: '注册资本（金）变更', before: `${toCents(firm.capital / 2)}万元`, after: `${firm.capital}万元` };
  }
  if (former !== firm.representative && random.chance(0.5)) {
    return { item: '法定代表人（负责人）变更', before: former.name, after: firm.representative.name };
  }
  return { item: '经营范围变更', before: firm.scope.split('；')[0] ?? firm.scope, after: firm.scope };
}

/** Most go on; some have ended. Revoked are only those whom a penalty revoked, see `penalties.ts`. */
function settleState({ random }: BlockDraft, firm: Entity): void {
  const mark = random.unit();
  const state: RegistrationState =
    mark < 0.1 ? 'CANCELLED' : mark < 0.108 ? 'SUSPENDED' : mark < 0.111 ? 'WITHDRAWN' : mark < 0.116 ? 'MOVED_OUT' : 'ACTIVE';
  if (state === 'ACTIVE' || today - firm.approvedOn < YEAR) return;
  firm.state = state;
  if (state === 'SUSPENDED') return;
  const endedOn = random.between(firm.approvedOn + 200, today - 20);
  firm.endedOn = endedOn;
  firm.approvedOn = endedOn;
  firm.endReason =
    state === 'CANCELLED' ? random.pick(['决议解散', '歇业注销', '简易注销']) : state === 'WITHDRAWN' ? '虚假登记撤销' : '登记机关迁移';
}

function addAccounts(random: Random, firm: Entity): void {
  const isMarket = firm.industry !== null;
  const isBig = firm.kind === 'ENTERPRISE';
  const staff = isBig ? Math.ceil(2 + random.unit() ** 3 * 90) : random.between(1, 6);
  if (firm.state === 'ACTIVE' && (isBig || firm.kind === 'PUBLIC_INSTITUTION')) {
    firm.insuredEmployees = Math.max(1, Math.round(staff * 0.7));
    firm.payrollState = random.chance(0.93) ? 'PAYING' : random.chance(0.6) ? 'OVERDUE' : 'STOPPED';
  }
  if (isBig) {
    firm.taxArrears = random.chance(0.03);
    firm.taxGrade = firm.taxArrears ? random.pick(['C', 'D']) : random.pick(['A', 'B', 'B', 'B', 'M', 'M', 'C']);
  }
  if (!isMarket) return;
  const scale = (firm.capital ?? 10) * (0.4 + random.unit() * 2);
  for (let year = 2023; year <= 2025; year++) addReport(random, firm, { year, scale, staff });
}

/** Reports of a year are filed from January to June of the next. */
function addReport(random: Random, firm: Entity, { year, scale, staff }: Readonly<{ year: number; scale: number; staff: number }>): void {
  const yearEnd = dayOf(year, 12, 31);
  const filedOn: Day = dayOf(year + 1, 1, 3) + random.between(0, 175);
  if (firm.establishedOn > yearEnd || (firm.endedOn !== null && firm.endedOn < filedOn)) return;
  if (random.chance(0.06)) {
    missReport(random, firm, year);
    return;
  }
  const revenue = toCents(scale * (0.5 + random.unit() * 1.5));
  firm.reports.push({
    year,
    filedOn,
    published: random.chance(0.25),
    employees: Math.max(1, staff + random.between(-1, 2)),
    assets: toCents(scale * (0.8 + random.unit())),
    revenue,
    taxPaid: toCents(revenue * (0.01 + random.unit() * 0.05)),
  });
}

function missReport(random: Random, firm: Entity, year: number): void {
  const on = dayOf(year + 1, 7, 5) + random.between(0, 20);
  if (firm.kind === 'INDIVIDUAL_BUSINESS' || on >= today || (firm.endedOn !== null && firm.endedOn < on)) return;
  const removedOn = random.chance(0.5) ? on + random.between(20, 300) : null;
  firm.listings.push({
    kind: 'ABNORMAL_OPERATION',
    reason: `未依照《企业信息公示暂行条例》第八条规定的期限公示${year}年度报告`,
    on,
    removedOn: removedOn !== null && removedOn < today ? removedOn : null,
    authority: firm.authorityName,
  });
}

/** YYYY年M月D日. */
export function chineseDay(day: Day): string {
  const text = dayText(day);
  return `${text.slice(0, 4)}年${Number(text.slice(5, 7))}月${Number(text.slice(8))}日`;
}
