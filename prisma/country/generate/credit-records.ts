import { type Authority, countyAuthority } from './authorities.ts';
import type { BlockDraft } from './block-draft.ts';
import { addYears, ageOn, type Day, today, YEAR, yearOf } from './calendar.ts';
import type { Entity } from './entities.ts';
import { licenseTypes } from './license-types.ts';
import { describeLicense, isPermit, isPerson, type License } from './licenses.ts';
import { padded } from './numbers.ts';
import type { Person } from './people.ts';

type Subject = Person | Entity;
type Recorded = Readonly<{ id: number; subject: Subject; recordedOn: Day; publishUntil: Day | null }>;

type Permit = Recorded & Readonly<{ documentNo: string; category: string; license: License; content: string; authority: Authority }>;
type Penalty = Recorded & {
  documentNo: string;
  violation: string;
  facts: string;
  basis: string;
  categories: readonly string[];
  content: string;
  /** Yuan. */
  fine: number | null;
  confiscated: number | null;
  /** The license that was suspended or revoked. */
  license: License | null;
  decidedOn: Day;
  validTo: Day | null;
  authority: Authority;
  procedure: 'SIMPLE' | 'ORDINARY';
  repaired: boolean;
};
type Dishonesty = Recorded &
  Readonly<{
    maskedIdentifier: string;
    court: string;
    caseNo: string;
    filedOn: Day;
    publishedOn: Day;
    basisNo: string;
    performance: string;
    behaviour: string;
  }>;
type Repair = Readonly<{
  no: string;
  subject: Subject;
  penalty: Penalty;
  state: 'APPLIED' | 'GRANTED' | 'REFUSED';
  appliedOn: Day;
  decidedOn: Day | null;
}>;
type CreditPromise = Readonly<{ no: string; subject: Subject; about: string; promisedOn: Day; kept: boolean | null }>;
type Summary = Readonly<{
  subject: Subject;
  grade: 'A' | 'B' | 'C' | 'D' | null;
  gradedOn: Day | null;
  seriousDishonest: boolean;
  listed: readonly string[];
  measures: readonly Readonly<{ kind: 'INCENTIVE' | 'RESTRICTION'; content: string; basis: string }>[];
}>;
export type CreditRecords = Readonly<{
  permits: Permit[];
  penalties: Penalty[];
  dishonesties: Dishonesty[];
  repairs: Repair[];
  promises: CreditPromise[];
  summaries: Summary[];
}>;

const PERMIT_SLOTS = 256;
const RECORD_SLOTS = 128;

/** What the credit library knows of a block. Penalties that take a license away change the license and the firm as they are made. */
export function makeCreditRecords(draft: BlockDraft, firms: readonly Entity[], licenses: readonly License[]): CreditRecords {
  const records: CreditRecords = { permits: [], penalties: [], dishonesties: [], repairs: [], promises: [], summaries: [] };
  const licensesOf = Map.groupBy(licenses, ({ holder }) => holder);
  for (const license of licenses) if (isPermit(license.type)) addPermit(draft, records, license);
  for (const firm of firms) addPenalties(draft, records, firm, licensesOf.get(firm) ?? []);
  const adults = draft.people.filter((person) => person.lifeStatus === 'ALIVE' && ageOn(person.birth, today) >= 18);
  for (const subject of [...firms, ...adults]) addDishonesty(draft, records, subject);
  for (const firm of firms) addPromise(draft, records, firm, 0.12);
  addSummaries(draft, records, firms, adults);
  return records;
}

function addPermit(draft: BlockDraft, { permits }: CreditRecords, license: License): void {
  const slot = permits.length;
  if (slot >= PERMIT_SLOTS) throw new RangeError(`Block ${draft.number} has more than ${PERMIT_SLOTS} permits`);
  const id = draft.number * PERMIT_SLOTS + slot + 1;
  const kind = licenseTypes[license.type];
  permits.push({
    id,
    subject: license.holder,
    documentNo: `${draft.place.countyShort}许准字〔${yearOf(license.issuedOn)}〕${padded(id, 8)}号`,
    category: isPerson(license.holder) ? '认可' : draft.random.chance(0.9) ? '普通' : '核准',
    license,
    content: `准予${kind.relatedItems[0] ?? kind.name}`,
    authority: license.authority,
    recordedOn: Math.min(license.issuedOn + draft.random.between(1, 7), today),
    publishUntil: isPerson(license.holder) ? null : license.validTo,
  });
}

type Offence = Readonly<{
  violation: string;
  facts: string;
  basis: string;
  bureau: 'market' | 'environment' | 'transport' | 'emergency' | 'tax';
  /** Sections of GB/T 4754 whose firms might do this; left out: any. */
  sections?: string;
  needsFood?: boolean;
}>;
const offences: readonly Offence[] = [
  {
    violation: '经营超过保质期的食品',
    facts: '在经营场所货架上发现超过保质期的食品待售。',
    basis: '《中华人民共和国食品安全法》第一百二十四条',
    bureau: 'market',
    needsFood: true,
  },
  {
    violation: '未按规定建立进货查验记录',
    facts: '不能提供所售食品的进货查验记录。',
    basis: '《中华人民共和国食品安全法》第一百二十六条',
    bureau: 'market',
    needsFood: true,
  },
  {
    violation: '发布虚假广告',
    facts: '在店堂广告中使用与实际情况不符的宣传用语。',
    basis: '《中华人民共和国广告法》第五十五条',
    bureau: 'market',
    sections: 'FHOPR',
  },
  {
    violation: '未按规定明码标价',
    facts: '所售商品未标明价格。',
    basis: '《中华人民共和国价格法》第四十二条',
    bureau: 'market',
    sections: 'FHO',
  },
  {
    violation: '销售不合格产品',
    facts: '所售产品经监督抽查检验为不合格。',
    basis: '《中华人民共和国产品质量法》第四十九条',
    bureau: 'market',
    sections: 'FC',
  },
  {
    violation: '未采取有效扬尘防治措施',
    facts: '施工现场物料未覆盖。',
    basis: '《中华人民共和国大气污染防治法》第一百一十五条',
    bureau: 'environment',
    sections: 'ECB',
  },
  {
    violation: '超限运输',
    facts: '货运车辆载物超过核定载质量。',
    basis: '《公路安全保护条例》第六十四条',
    bureau: 'transport',
    sections: 'G',
  },
  {
    violation: '未如实记录安全生产教育和培训情况',
    facts: '安全生产教育培训档案不全。',
    basis: '《中华人民共和国安全生产法》第九十七条',
    bureau: 'emergency',
    sections: 'ECDGB',
  },
  {
    violation: '未按照规定期限办理纳税申报',
    facts: '连续两个申报期未办理纳税申报。',
    basis: '《中华人民共和国税收征收管理法》第六十二条',
    bureau: 'tax',
  },
];
const graveOffence: Offence = {
  violation: '情节严重的食品安全违法行为',
  facts: '一年内累计三次因违反食品安全规定受到处罚后再次违法。',
  basis: '《中华人民共和国食品安全法》第一百三十四条',
  bureau: 'market',
};
const dormantOffence: Offence = {
  violation: '自行停业连续六个月以上',
  facts: '通过登记的住所无法联系，且连续两个年度未申报纳税。',
  basis: '《中华人民共和国公司法》第二百六十条',
  bureau: 'market',
};

function addPenalties(draft: BlockDraft, records: CreditRecords, firm: Entity, licenses: readonly License[]): void {
  const { random } = draft;
  const permit = licenses.find(({ type, state, issuedOn }) => isPermit(type) && state === 'VALID' && issuedOn < today - 200);
  const charter = licenses.find(({ type }) => type === 'business');
  const isDormant = firm.state === 'ACTIVE' && charter !== undefined && today - firm.approvedOn > 3 * YEAR && random.chance(0.018);
  const isGrave = permit !== undefined && ['foodTrade', 'foodMaking'].includes(permit.type) && firm.state === 'ACTIVE';
  if (isDormant) revokeCharter(draft, records, firm, licenses, charter);
  else if (isGrave && random.chance(0.025)) takeLicense(draft, records, { firm, license: permit, state: 'REVOKED' });
  else if (permit && firm.state === 'ACTIVE' && random.chance(0.012))
    takeLicense(draft, records, { firm, license: permit, state: 'SUSPENDED' });
  for (let count = random.chance(0.06) ? (random.chance(0.2) ? 2 : 1) : 0; count > 0; count--) addFine(draft, records, firm);
}

/** The firm loses its business license, stands as revoked, and its other licenses end with it. */
function revokeCharter(draft: BlockDraft, records: CreditRecords, firm: Entity, licenses: readonly License[], charter: License): void {
  const decidedOn = draft.random.between(Math.max(firm.approvedOn + 600, Math.floor(today - 4 * YEAR)), today - 60);
  for (const license of licenses) if (license.state === 'VALID') license.state = 'CANCELLED';
  charter.state = 'REVOKED';
  firm.state = 'REVOKED_NOT_CANCELLED';
  firm.endedOn = decidedOn;
  firm.endReason = '自行停业连续六个月以上';
  firm.reports = firm.reports.filter(({ filedOn }) => filedOn < decidedOn);
  if (firm.payrollState !== null) firm.payrollState = 'STOPPED';
  addPenalty(draft, records, { firm, offence: dormantOffence, decidedOn, categories: ['05'], content: '吊销营业执照。', license: charter });
}

function takeLicense(
  draft: BlockDraft,
  records: CreditRecords,
  { firm, license, state }: Readonly<{ firm: Entity; license: License; state: 'REVOKED' | 'SUSPENDED' }>,
): void {
  const since = Math.max(license.issuedOn + 60, Math.floor(today - (state === 'REVOKED' ? 2.5 : 0.4) * YEAR));
  const decidedOn = draft.random.between(Math.min(since, today - 20), today - 20);
  license.state = state;
  const words = describeLicense(license);
  const fine = draft.random.between(5, 50) * 1000;
  const content = state === 'REVOKED' ? `罚款${fine}元；吊销${words}。` : `罚款${fine}元；暂扣${words}。`;
  addPenalty(draft, records, {
    firm,
    offence:
      state === 'REVOKED'
        ? graveOffence
        : {
            violation: '不再符合许可条件',
            facts: '检查时发现经营条件不再符合许可要求。',
            basis: '《中华人民共和国行政处罚法》第九条',
            bureau: 'market',
          },
    decidedOn,
    categories: state === 'REVOKED' ? ['02', '05'] : ['02', '11'],
    content,
    license,
    fine,
    authority: license.authority,
  });
  if (state === 'REVOKED') {
    const on = Math.min(decidedOn + 30, today - 1);
    firm.listings.push({
      kind: 'SERIOUS_ILLEGAL',
      reason: '被吊销食品经营许可，情节严重',
      on,
      removedOn: null,
      authority: firm.authorityName,
    });
  }
}

function addFine(draft: BlockDraft, records: CreditRecords, firm: Entity): void {
  const { random } = draft;
  const hasFood = firm.industry?.permits.some((type) => type === 'foodTrade' || type === 'foodMaking') ?? false;
  const section = firm.industryCode.charAt(0);
  const possible = offences.filter(({ sections, needsFood }) => (sections?.includes(section) ?? true) && (!needsFood || hasFood));
  const offence = random.pick(possible);
  const latest = (firm.endedOn ?? today) - 15;
  const earliest = Math.max(firm.establishedOn + 30, Math.floor(latest - 4 * YEAR));
  if (earliest >= latest) return;
  const decidedOn = random.between(earliest, latest);
  const isWarning = random.chance(0.25);
  const fine = isWarning ? null : random.pick([200, 500, 1000, 2000, 3000, 5000, 10_000, 20_000, 50_000]);
  const confiscated = !isWarning && random.chance(0.2) ? random.between(1, 80) * 50 : null;
  const content = isWarning ? '警告。' : `罚款${fine}元${confiscated === null ? '' : `；没收违法所得${confiscated}元`}。`;
  const categories = isWarning ? ['01'] : confiscated === null ? ['02'] : ['02', '03'];
  addPenalty(draft, records, { firm, offence, decidedOn, categories, content, license: null, fine, confiscated });
}

type Decision = Readonly<{
  firm: Entity;
  offence: Offence;
  decidedOn: Day;
  categories: readonly string[];
  content: string;
  license: License | null;
  fine?: number | null;
  confiscated?: number | null;
  authority?: Authority;
}>;

function addPenalty(draft: BlockDraft, records: CreditRecords, decision: Decision): void {
  const { random, place, number } = draft;
  const { firm, offence, decidedOn, categories, content, license, fine = null, confiscated = null } = decision;
  const authority = decision.authority ?? countyAuthority(place, offence.bureau);
  const id = number * RECORD_SLOTS + records.penalties.length + 1;
  const isGrave = license !== null || (fine ?? 0) >= 20_000;
  const penalty: Penalty = {
    id,
    subject: firm,
    documentNo: `${place.countyShort}罚〔${yearOf(decidedOn)}〕${padded(id, 7)}号`,
    violation: offence.violation,
    facts: `${firm.name}${offence.facts}`,
    basis: offence.basis,
    categories,
    content,
    fine,
    confiscated,
    license,
    decidedOn,
    validTo: license?.state === 'SUSPENDED' ? decidedOn + 180 : null,
    authority,
    procedure: fine === null || fine <= 1000 ? (license ? 'ORDINARY' : 'SIMPLE') : 'ORDINARY',
    recordedOn: Math.min(decidedOn + random.between(1, 7), today),
    publishUntil: isGrave ? addYears(decidedOn, 3) : decidedOn + 92,
    repaired: false,
  };
  records.penalties.push(penalty);
  if (license === null && today - decidedOn > 120 && random.chance(0.45)) addRepair(draft, records, penalty);
}

function addRepair({ random, number }: BlockDraft, records: CreditRecords, penalty: Penalty): void {
  const appliedOn = random.between(penalty.decidedOn + 92, today - 3);
  const isDecided = today - appliedOn > 12;
  const state = !isDecided ? 'APPLIED' : random.chance(0.85) ? 'GRANTED' : 'REFUSED';
  penalty.repaired = state === 'GRANTED';
  const no = `XF${yearOf(appliedOn)}${padded(number * RECORD_SLOTS + records.repairs.length, 8)}`;
  records.repairs.push({
    no,
    subject: penalty.subject,
    penalty,
    state,
    appliedOn,
    decidedOn: isDecided ? appliedOn + random.between(3, 10) : null,
  });
  if (random.chance(0.6)) addPromise({ random, number }, records, penalty.subject, 1);
}

function addPromise(
  { random, number }: Pick<BlockDraft, 'random' | 'number'>,
  records: CreditRecords,
  subject: Subject,
  probability: number,
): void {
  if (!random.chance(probability)) return;
  const earliest = isPerson(subject)
    ? Math.max(addYears(subject.birth, 18), Math.floor(today - 3 * YEAR))
    : Math.max(subject.establishedOn, Math.floor(today - 3 * YEAR));
  const promisedOn = random.between(Math.min(earliest, today - 5), today - 5);
  const no = `CN${yearOf(promisedOn)}${padded(number * RECORD_SLOTS + records.promises.length, 8)}`;
  const about = isPerson(subject)
    ? random.pick(['证明事项告知承诺', '学历信息真实性承诺'])
    : random.pick(['告知承诺制办理许可', '信用修复承诺', '公平竞争承诺', '按期公示年报承诺']);
  const kept = today - promisedOn < 180 ? null : random.chance(0.95);
  records.promises.push({ no, subject, about, promisedOn, kept });
}

function addDishonesty({ random, place, number }: BlockDraft, { dishonesties }: CreditRecords, subject: Subject): void {
  if (!random.chance(isPerson(subject) ? 0.004 : 0.008)) return;
  const earliest = isPerson(subject) ? addYears(subject.birth, 18) : subject.establishedOn + 100;
  const filedOn = random.between(Math.max(Math.min(earliest, today - 120), Math.floor(today - 5 * YEAR)), today - 100);
  const publishedOn = Math.min(filedOn + random.between(30, 90), today);
  const id = number * RECORD_SLOTS + dishonesties.length + 1;
  const court = countyAuthority(place, 'court').name;
  const short = place.county.code.slice(2);
  const code = isPerson(subject) ? subject.idNumber : subject.uscc;
  dishonesties.push({
    id,
    subject,
    maskedIdentifier: isPerson(subject) ? `${code.slice(0, 6)}********${code.slice(14)}` : `${code.slice(0, 8)}******${code.slice(14)}`,
    court,
    caseNo: `（${yearOf(filedOn)}）甘${short}执${padded(id, 6)}号`,
    filedOn,
    publishedOn,
    basisNo: `（${yearOf(filedOn - 200)}）甘${short}民初${padded(id, 6)}号`,
    performance: random.pick(['全部未履行', '全部未履行', '部分未履行']),
    behaviour: random.pick(['有履行能力而拒不履行生效法律文书确定义务', '违反财产报告制度', '违反限制消费令']),
    recordedOn: publishedOn,
    publishUntil: addYears(publishedOn, 2),
  });
}

const restrictions = [
  ['限制乘坐飞机、列车软卧等高消费', '《最高人民法院关于限制被执行人高消费及有关消费的若干规定》'],
  ['限制担任公司董事、监事、高级管理人员', '《中华人民共和国公司法》第一百七十八条'],
  ['限制参加政府采购活动', '《中华人民共和国政府采购法》第二十二条'],
] as const;
const incentives = [
  ['办理行政许可时容缺受理', '《关于建立完善守信联合激励和失信联合惩戒制度加快推进社会诚信建设的指导意见》'],
  ['优先列入“不来即享”政策名单', '《甘肃省社会信用条例》'],
] as const;

function addSummaries(draft: BlockDraft, records: CreditRecords, firms: readonly Entity[], adults: readonly Person[]): void {
  const { random } = draft;
  const known = new Set<Subject>();
  for (const list of [records.permits, records.penalties, records.dishonesties, records.promises])
    for (const { subject } of list) known.add(subject);
  const representatives = new Set(firms.map(({ representative }) => representative));
  for (const firm of firms) records.summaries.push(summarize(draft, records, firm));
  for (const person of adults) {
    if (!known.has(person) && !representatives.has(person) && !random.chance(0.2)) continue;
    records.summaries.push(summarize(draft, records, person));
  }
}

function summarize({ random }: BlockDraft, records: CreditRecords, subject: Subject): Summary {
  const dishonesty = records.dishonesties.find((record) => record.subject === subject);
  const penalties = records.penalties.filter((penalty) => penalty.subject === subject && !penalty.repaired);
  const listings = isPerson(subject) ? [] : subject.listings.filter(({ removedOn }) => removedOn === null);
  const isSerious = dishonesty !== undefined || listings.some(({ kind }) => kind === 'SERIOUS_ILLEGAL');
  const isGood = !isSerious && penalties.length === 0 && listings.length === 0;
  const isTaxGood = !isPerson(subject) && subject.taxGrade === 'A' && isGood;
  const listed = [
    ...(dishonesty ? ['失信被执行人'] : []),
    ...(listings.some(({ kind }) => kind === 'SERIOUS_ILLEGAL') ? ['严重违法失信名单'] : []),
    ...(listings.some(({ kind }) => kind === 'ABNORMAL_OPERATION') ? ['经营异常名录'] : []),
    ...(isTaxGood ? ['纳税信用A级纳税人'] : []),
  ];
  const isGraded = isSerious || !isGood || random.chance(0.85);
  const grade = isSerious ? 'D' : !isGood ? 'C' : random.chance(isPerson(subject) ? 0.35 : 0.25) ? 'A' : 'B';
  const since = isPerson(subject) ? today - 200 : Math.max(subject.establishedOn, today - 200);
  const measures = dishonesty
    ? restrictions.slice(0, isPerson(subject) ? 2 : 3)
    : isSerious
      ? restrictions.slice(2)
      : isTaxGood
        ? incentives
        : [];
  return {
    subject,
    grade: isGraded ? grade : null,
    gradedOn: isGraded ? random.between(Math.min(since, today - 1), today - 1) : null,
    seriousDishonest: isSerious,
    listed,
    measures: measures.map(([content, basis]) => ({ kind: isSerious ? 'RESTRICTION' : 'INCENTIVE', content, basis })),
  };
}
