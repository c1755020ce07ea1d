import { buildDirectorySchema } from '@longyuan/directory/answer-directory.ts';
import { readCoverage } from '@longyuan/directory/coverage/read-coverage.ts';
import { refreshCoverage } from '@longyuan/directory/coverage/refresh-coverage.ts';
import { openDirectoryStore, preferIndexes, type ResourceFilter } from '@longyuan/directory/entries/directory-store.ts';
import { makeLoaders } from '@longyuan/directory/entries/loaders.ts';
import { importInventory } from '@longyuan/directory/inventory/import-inventory.ts';
import { bringUpDirectory } from '@longyuan/directory/open-directory.ts';
import { creditCodeCheck } from '@longyuan/schema/src/check-digits.ts';
import { readDirectorySubgraph } from '@longyuan/schema/src/directory-subgraph.ts';
import { graphql } from 'graphql';
import pg from 'pg';
import { findHubPort } from '../test/free-ports.ts';
import { startPostgresql } from '../test/postgresql.ts';

/**
 * `node bench/directory.ts`: a province's whole directory (20,000 resources, 300,000 items, 3,000 providers) made up, imported into an empty
 * PostgreSQL as one CSV file, and searched. Prints how long the import and a second import took, and quantiles of the searches in milliseconds.
 */
const PROVIDERS = 3_000;
const RESOURCES = 20_000;
const ITEMS_EACH = 15;
const SEARCHES = 600;

const say = (line: string) => process.stdout.write(`${line}\n`);

let seed = 20_261_124;
/** The same numbers on every run: mulberry32. */
function random(): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
}
const oneOf = <Each>(list: readonly Each[]): Each => {
  const each = list[Math.floor(random() * list.length)];
  if (each === undefined) throw new Error('an empty list');
  return each;
};

const places =
  '兰州市 嘉峪关市 金昌市 白银市 天水市 武威市 张掖市 平凉市 酒泉市 庆阳市 定西市 陇南市 临夏州 甘南州 城关区 七里河区 安宁区 永登县 榆中县 皋兰县'.split(
    ' ',
  );
const bureaus =
  '民政局 公安局 教育局 财政局 自然资源局 生态环境局 住房和城乡建设局 交通运输局 水务局 农业农村局 商务局 文化和旅游局 卫生健康委员会 应急管理局 审计局 市场监督管理局 统计局 医疗保障局 林业和草原局 税务局 气象局 退役军人事务局 人力资源和社会保障局 司法局'.split(
    ' ',
  );
const subjects =
  '最低生活保障 社会组织 婚姻登记 殡葬服务 养老机构 残疾人补贴 户籍人口 流动人口 机动车 驾驶人 学校 教师资格 学籍 预算执行 政府采购 建设用地 不动产 矿产资源 排污许可 环境监测 施工许可 房屋交易 道路运输 公路养护 水资源 取水许可 农药经营 种子生产 农机购置补贴 外资企业 旅行社 文物保护 医疗机构 执业医师 疫苗接种 安全生产 危险化学品 审计结果 食品经营 药品经营 特种设备 工业产值 医保参保 林权 草原承包 纳税信用 气象灾害 优抚对象 就业登记 社会保险 法律援助 公证'.split(
    ' ',
  );
const kinds =
  '基本信息 登记信息 许可信息 处罚信息 统计信息 名录 年度报告 备案信息 检查结果 补贴发放 变更记录 注销信息 资质信息 投诉举报 公示信息'.split(
    ' ',
  );
const itemHeads =
  '申请人 经办人 法定代表人 机构 单位 企业 项目 证书 许可证 登记 备案 审批 检查 处罚 补贴 缴费 参保 发放 注册 经营 联系人 监护人 配偶 户主 车辆 土地 房屋 设备 产品 合同'.split(
    ' ',
  );
const itemTails =
  '名称 代码 编号 日期 类型 状态 金额 地址 电话 性别 证件号码 有效期 机关 结果 说明 面积 数量 等级 原因 来源 民族 年龄 邮箱 经度 纬度'.split(
    ' ',
  );

function makeInventory(): string {
  const heading =
    'code,name,category,providerName,providerUscc,division,abstract,formats,shareModes,updateCycle,publishedOn,keywords,itemCode,itemName,dataType,length,shareType,basis,openToPublic,level';
  const providers = Array.from({ length: PROVIDERS }, (_, place) => {
    const first = `11${String(620_000 + (place % 90) * 10).padStart(6, '0')}${String(place).padStart(9, '0')}`;
    return {
      uscc: first + creditCodeCheck(first),
      name: `${oneOf(places)}${oneOf(bureaus)}第${place}处`,
      division: `62${String(10 + (place % 14)).slice(0, 2)}${place % 3 === 0 ? '00' : '02'}`,
    };
  });
  const lines = [heading];
  for (let place = 0; place < RESOURCES; place += 1) {
    const provider = providers[place % PROVIDERS] ?? oneOf(providers);
    const [subject, kind] = [oneOf(subjects), oneOf(kinds)];
    const code = `307062${String(100 + (place % 800))}/${place + 1}`;
    const about = `${oneOf(places)}${subject}${kind}`;
    const facts = [code, about, `部门信息资源类/甘肃省/${subject}`, provider.name, provider.uscc, provider.division];
    const more = [
      `${about}，由${provider.name}采集和更新`,
      '数据库',
      '接口查询',
      oneOf(['实时', '每日', '每周', '每月', '每年']),
      '2026-03-01',
      subject,
    ];
    for (let item = 0; item < ITEMS_EACH; item += 1) {
      const isOpen = random() < 0.3;
      const share = isOpen
        ? '无条件共享,,是,1'
        : oneOf(['无条件共享,,否,2', '有条件共享,《甘肃省政务数据管理办法》,否,3', '不予共享,《个人信息保护法》,否,4']);
      const cells = [`I${item + 1}`, `${oneOf(itemHeads)}${oneOf(itemTails)}`, oneOf(['C', 'N', 'D']), '50', share];
      lines.push((item === 0 ? [...facts, ...more] : [code, ...Array(11).fill('')]).concat(cells).join(','));
    }
  }
  return `${lines.join('\n')}\n`;
}

function makeSearches(): readonly ResourceFilter[] {
  const texts = [
    () => oneOf(subjects),
    () => `${oneOf(places)} ${oneOf(subjects)}`,
    () => oneOf(kinds),
    () => `${oneOf(itemHeads)}${oneOf(itemTails)}`,
    () => oneOf(bureaus),
    () => oneOf(['hunyin', 'shehuizuzhi', 'xuexiao', 'jdc', 'ylbx', 'dbfz', 'zhengjianhaoma', 'xinxi', 'sq']),
    () => `307062${100 + Math.floor(random() * 800)}`,
    () => oneOf(['信息', '登记', '证', '局', '名称']),
  ];
  const filters: readonly (() => ResourceFilter)[] = [
    () => ({}),
    () => ({ openness: 'PARTLY_OPEN' }),
    () => ({ shareType: 'CONDITIONAL' }),
    () => ({ updateCycle: 'DAILY' }),
    () => ({ division: oneOf(['621000', '621100', '620000']) }),
    () => ({ category: `部门信息资源类/甘肃省/${oneOf(subjects)}` }),
  ];
  return Array.from({ length: SEARCHES }, (_, place) => ({
    ...oneOf(filters)(),
    ...(place % 5 !== 0 && { text: oneOf(texts)() }),
  }));
}

const quantile = (sorted: readonly number[], share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(1);
const seconds = (since: number) => `${((performance.now() - since) / 1_000).toFixed(1)} s`;

/** How long the audit takes, all of it and again with nothing changed, and how fast a steward's questions are answered from it. */
async function auditAll(asked: pg.Pool): Promise<void> {
  const store = openDirectoryStore({ poolNow: () => asked, places: 6, timeoutMs: 60_000, onTrouble: () => {} });
  const audit = () => refreshCoverage(store.ask, { isGranted: () => false, nowMs: Date.now(), shouldStop: () => false });
  for (const what of ['audit of everything', 'the same again']) {
    const since = performance.now();
    await audit();
    say(`${what}: ${seconds(since)}`);
  }
  await asked.query('ANALYZE');
  const schema = buildDirectorySchema(readDirectorySubgraph());
  const figures =
    'auditedAt score parts { name value } resources { required connected { ratio } missing { count } complete { ratio } } items { required open { ratio } }';
  const questions = {
    'coverage of the province': `{ coverage { ${figures} work(first: 5) { check pointsGained count } } }`,
    'coverage of a prefecture': `{ coverage(division: "621000") { ${figures} work(first: 5) { check pointsGained count } } }`,
    'a page of providers': '{ coverage { providers(first: 100) { total nodes { score provider { name } } } } }',
    'a page of what is missing':
      '{ coverage { resourceList(lacking: CONNECTION, first: 100) { total nodes { resource { name } score } } } }',
  };
  for (const [what, source] of Object.entries(questions)) {
    const times: number[] = [];
    for (let turn = 0; turn < 20; turn += 1) {
      const since = performance.now();
      const contextValue = { caller: { kind: 'auditor', sub: 'bench' }, loaders: makeLoaders(store), reader: readCoverage(store.ask) };
      const { errors } = await graphql({ schema, source, contextValue });
      if (errors) throw new AggregateError(errors);
      times.push(performance.now() - since);
    }
    times.sort((one, other) => one - other);
    say(`${what}: p50 ${quantile(times, 0.5)} ms, p95 ${quantile(times, 0.95)} ms`);
  }
}

const server = startPostgresql(await findHubPort());
const pool = new pg.Pool({ connectionString: server.url, max: 4 });
preferIndexes(pool);
try {
  await bringUpDirectory(pool);
  const file = new TextEncoder().encode(makeInventory());
  say(`${RESOURCES} resources, ${RESOURCES * ITEMS_EACH} items, ${PROVIDERS} providers: ${(file.length / 1e6).toFixed(0)} MB of CSV`);
  let since = performance.now();
  const outcome = await importInventory(pool, file);
  say(`import: ${seconds(since)} ${JSON.stringify(outcome).slice(0, 400)}`);
  since = performance.now();
  say(`the same again: ${seconds(since)} ${JSON.stringify(await importInventory(pool, file)).slice(0, 400)} after ${seconds(since)}`);
  await pool.query('ANALYZE');
  for (const isCounted of [false, true]) {
    const store = openDirectoryStore({ poolNow: () => pool, places: 6, timeoutMs: 60_000, onTrouble: () => {} });
    const slowest: [number, string][] = [];
    const times: number[] = [];
    for (const filter of makeSearches()) {
      since = performance.now();
      const page = makeLoaders(store).search(filter, { first: 20, after: null });
      await Promise.all([page.nodes(), page.pageInfo(), isCounted && page.total()]);
      times.push(performance.now() - since);
      slowest.push([performance.now() - since, JSON.stringify(filter)]);
    }
    times.sort((one, other) => one - other);
    say(
      `search${isCounted ? ' with total' : ''}: p50 ${quantile(times, 0.5)} ms, p95 ${quantile(times, 0.95)} ms, p99 ${quantile(times, 0.99)} ms, worst ${quantile(times, 1)} ms`,
    );
    slowest.sort(([one], [other]) => other - one);
    say(
      slowest
        .slice(0, 6)
        .map(([ms, filter]) => `  ${ms.toFixed(0)} ms ${filter}`)
        .join('\n'),
    );
  }
  await auditAll(pool);
  const { rows } = await pool.query(
    `SELECT pg_size_pretty(sum(pg_total_relation_size(c.oid))) AS size FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'directory' AND c.relkind = 'r'`,
  );
  say(`stored: ${rows[0]?.size}`);
} finally {
  await pool.end();
  server.stop();
}
