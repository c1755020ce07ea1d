import { expect, test } from 'vitest';
import { readDirectory } from './read-directory.ts';
import { readLibraries, readLibrary } from './read-libraries.ts';

const libraries = readLibraries();
const directory = readDirectory(libraries);
const resource = (code: string) => directory.resources.find((each) => each.code === code);
const item = (code: string) => directory.resources.flatMap((each) => each.items).find((each) => each.code === code);

test('every resource stands in the directory with its core metadata', () => {
  expect(
    directory.resources.map((each) => `${each.code} ${each.title} ${each.shareType} ${each.openness} ${each.items.length}`),
  ).toMatchInlineSnapshot(`
    [
      "101001/1 人口基础信息 CONDITIONAL PARTLY_OPEN 25",
      "102001/1 法人单位基础信息 CONDITIONAL PARTLY_OPEN 28",
      "103001/1 行政区划信息 UNCONDITIONAL OPEN 5",
      "103002/1 标准地址信息 CONDITIONAL NOT_OPEN 4",
      "103003/1 公共服务兴趣点 UNCONDITIONAL OPEN 1",
      "103004/1 不动产登记信息 CONDITIONAL NOT_OPEN 3",
      "105001/1 证照类型目录 UNCONDITIONAL OPEN 2",
      "105002/1 电子证照信息 CONDITIONAL PARTLY_OPEN 12",
      "104001/1 行政许可信息 CONDITIONAL PARTLY_OPEN 1",
      "104002/1 行政处罚信息 CONDITIONAL PARTLY_OPEN 1",
      "104003/1 失信被执行人信息 UNCONDITIONAL PARTLY_OPEN 1",
      "104004/1 信用概况信息 CONDITIONAL PARTLY_OPEN 3",
    ]
  `);
  const { items, ...metadata } = resource('102001/1') ?? { items: [] };
  expect(items).toHaveLength(28);
  expect(metadata).toMatchInlineSnapshot(`
    {
      "abstract": "法人单位基础信息: every enterprise, individual business, cooperative, institution and social organisation registered in the province.",
      "abstractZh": "全省登记的企业、个体工商户、农民专业合作社、机关、事业单位和社会组织，一个主体一行，含名称、统一社会信用代码、住所、行业、经营范围和登记状态，来自市场监管、编办和民政的登记。",
      "category": [
        "基础信息资源类",
        "法人单位基础信息资源",
        "登记信息",
      ],
      "code": "102001/1",
      "datedBy": "establishedOn",
      "formats": [
        "DATABASE",
        "SERVICE_API",
      ],
      "keywords": [
        "法人",
        "企业",
        "legal entity",
        "company register",
      ],
      "level": 3,
      "library": "legal-entity",
      "openness": "PARTLY_OPEN",
      "provider": {
        "name": "甘肃省市场监督管理局",
        "uscc": "11629901000000027G",
      },
      "publishedOn": "2026-01-15",
      "related": [],
      "rows": {
        "division": "division",
        "minorUntil": null,
        "own": null,
        "representative": "legalRep",
        "subject": "uscc",
      },
      "shareModes": [
        "QUERY_API",
        "VERIFICATION",
        "FILE_DOWNLOAD",
      ],
      "shareType": "CONDITIONAL",
      "sources": [
        "国家税务总局甘肃省税务局",
        "甘肃省人力资源和社会保障厅",
      ],
      "title": "法人单位基础信息",
      "typeName": "LegalEntity",
      "updateCycle": "DAILY",
    }
  `);
});

test('an item says what it is, who may have it and the query path that reads it', () => {
  expect(item('P032')).toMatchInlineSnapshot(`
    {
      "aggregate": false,
      "basis": "《个人信息保护法》第三十四条",
      "code": "P032",
      "fields": [
        {
          "coordinate": "Person.phone",
          "description": "联系电话, 11 digits; null where none was given.",
          "graphqlPath": "person(idNumber:).phone",
          "mask": "PHONE",
        },
      ],
      "graphqlPath": "person(idNumber:).phone",
      "length": 11,
      "level": 3,
      "mask": "PHONE",
      "open": false,
      "reason": null,
      "share": "CONDITIONAL",
      "source": null,
      "standard": null,
      "title": "联系电话",
      "type": "C",
      "verifyOnly": false,
      "when": [],
    }
  `);
});

test('an item of several fields and classes says all of them', () => {
  expect(item('L031')).toMatchObject({
    share: 'CONDITIONAL',
    graphqlPath: 'legalEntity(uscc:).annualReport(year:).employees',
    fields: ['employees', 'assets', 'revenue', 'taxPaid'].map((field) => ({ coordinate: `AnnualReport.${field}` })),
    when: [{ predicate: 'FIRM_CHOSE_TO_PUBLISH', share: 'UNCONDITIONAL', open: true, level: 1, basis: null }],
  });
});

test('a path stays in the library that answers, and goes through another only where it must', () => {
  const paths = Object.fromEntries(
    ['L023', 'G010', 'G030', 'X040', 'X050', 'P090', 'C017', 'C022'].map((code) => [code, item(code)?.graphqlPath]),
  );
  expect(paths).toEqual({
    L023: 'legalEntity(uscc:).shareholders.person',
    G010: 'address(code:).code',
    G030: 'pois(category:).nodes.code',
    X040: 'dishonestList.nodes.id',
    X050: 'legalEntity(uscc:).credit.repairs',
    P090: 'populationStatistics(division:, by:)',
    C017: 'license(identifier:).state',
    C022: 'mutation authorizeUse(identifier:, department:, purpose:, until:)',
  });
});

test('every item has a path, and belongs to one resource', () => {
  const codes = directory.resources.flatMap((each) => each.items.map((one) => one.code));
  expect(new Set(codes).size).toBe(codes.length);
  expect(directory.resources.flatMap((each) => each.items).filter((each) => each.graphqlPath === null)).toEqual([]);
});

test('changing one directive changes the entry, and nothing else', () => {
  const changed = libraries.map((library) =>
    library.name === 'geospatial'
      ? readLibrary(
          'geospatial.graphql',
          library.sdl.replaceAll(/(@item\(code: "G030".*?)open: true, level: 1/g, '$1open: false, level: 2'),
        )
      : library,
  );
  const after = readDirectory(changed);
  expect(after.resources.find((each) => each.code === '103003/1')).toMatchObject({ openness: 'NOT_OPEN', level: 2 });
  expect(after.resources.filter((each) => each.code !== '103003/1')).toEqual(
    directory.resources.filter((each) => each.code !== '103003/1'),
  );
});

test('a resource is shared without conditions only where all of it is', () => {
  expect(resource('103001/1')).toMatchObject({ shareType: 'UNCONDITIONAL', openness: 'OPEN', level: 1 });
  expect(resource('103002/1')).toMatchObject({ shareType: 'CONDITIONAL', openness: 'NOT_OPEN', level: 3 });
});
