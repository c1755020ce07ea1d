import type { Bureau } from './authorities.ts';
import { padded, publicBodyCode } from './numbers.ts';

export type LicenseTypeKey = keyof typeof kinds;
export type LicenseKind = Readonly<{
  code: string;
  name: string;
  definedBy: string;
  definedByUscc: string;
  holderKind: 'PERSON' | 'LEGAL_ENTITY' | 'MIXED';
  validityYears: number | null;
  relatedItems: readonly string[];
  /** Which body of a county issues it. */
  issuer: Bureau;
}>;

/**
 * Bodies that define types of license. The Ministry of Public Security's code is a real one, seen as an example of such codes; the
 * others bear codes of the unassigned division, since their real ones were not at hand.
 */
const definers = {
  police: ['公安部', '11100000000013338W'],
  civilAffairs: ['民政部', publicBodyCode('11', 901)],
  health: ['国家卫生健康委员会', publicBodyCode('11', 902)],
  humanResources: ['人力资源和社会保障部', publicBodyCode('11', 903)],
  disabled: ['中国残疾人联合会', publicBodyCode('13', 904)],
  market: ['国家市场监督管理总局', publicBodyCode('11', 905)],
  naturalResources: ['自然资源部', publicBodyCode('11', 906)],
  education: ['教育部', publicBodyCode('11', 907)],
  transport: ['交通运输部', publicBodyCode('11', 908)],
  housing: ['住房和城乡建设部', publicBodyCode('11', 909)],
  emergency: ['应急管理部', publicBodyCode('11', 910)],
  tobacco: ['国家烟草专卖局', publicBodyCode('11', 911)],
  agriculture: ['农业农村部', publicBodyCode('11', 912)],
  organisation: ['中央机构编制委员会办公室', publicBodyCode('11', 913)],
  environment: ['生态环境部', publicBodyCode('11', 914)],
  culture: ['文化和旅游部', publicBodyCode('11', 915)],
} as const;

const one = (
  definer: keyof typeof definers,
  serial: number,
  name: string,
  holderKind: LicenseKind['holderKind'],
  validityYears: number | null,
  ...relatedItems: string[]
): LicenseKind => {
  const [definedBy, definedByUscc] = definers[definer];
  return {
    code: definedByUscc + padded(serial, 3),
    name,
    definedBy,
    definedByUscc,
    holderKind,
    validityYears,
    relatedItems,
    issuer: definer,
  };
};

const kinds = {
  identityCard: one('police', 11, '中华人民共和国居民身份证', 'PERSON', 20, '居民身份证办理'),
  householdRegister: one('police', 12, '居民户口簿', 'PERSON', null, '户口登记'),
  driving: one('police', 21, '中华人民共和国机动车驾驶证', 'PERSON', 10, '机动车驾驶证核发'),
  vehicle: one('police', 22, '中华人民共和国机动车行驶证', 'MIXED', null, '机动车登记'),
  residencePermit: one('police', 13, '居住证', 'PERSON', 1, '居住证申领'),
  marriage: one('civilAffairs', 1, '结婚证', 'PERSON', null, '内地居民婚姻登记'),
  divorce: one('civilAffairs', 2, '离婚证', 'PERSON', null, '内地居民婚姻登记'),
  subsistence: one('civilAffairs', 3, '最低生活保障证', 'PERSON', null, '最低生活保障对象认定'),
  nonprofit: one('civilAffairs', 4, '民办非企业单位登记证书', 'LEGAL_ENTITY', 4, '民办非企业单位成立登记'),
  socialGroup: one('civilAffairs', 5, '社会团体法人登记证书', 'LEGAL_ENTITY', 5, '社会团体成立登记'),
  birth: one('health', 1, '出生医学证明', 'PERSON', null, '出生医学证明办理'),
  doctor: one('health', 2, '医师执业证书', 'PERSON', null, '医师执业注册'),
  nurse: one('health', 3, '护士执业证书', 'PERSON', 5, '护士执业注册'),
  clinic: one('health', 4, '医疗机构执业许可证', 'LEGAL_ENTITY', 5, '医疗机构执业登记'),
  publicPlace: one('health', 5, '公共场所卫生许可证', 'LEGAL_ENTITY', 4, '公共场所卫生许可'),
  socialSecurityCard: one('humanResources', 1, '社会保障卡', 'PERSON', 10, '社会保障卡申领'),
  qualification: one('humanResources', 2, '专业技术人员职业资格证书', 'PERSON', null, '专业技术人员职业资格考试'),
  disability: one('disabled', 1, '中华人民共和国残疾人证', 'PERSON', 10, '残疾人证办理'),
  business: one('market', 1, '营业执照', 'LEGAL_ENTITY', null, '企业设立登记', '个体工商户设立登记', '农民专业合作社设立登记'),
  foodTrade: one('market', 2, '食品经营许可证', 'LEGAL_ENTITY', 5, '食品经营许可'),
  foodMaking: one('market', 3, '食品生产许可证', 'LEGAL_ENTITY', 5, '食品生产许可'),
  medicineTrade: one('market', 4, '药品经营许可证', 'LEGAL_ENTITY', 5, '药品零售企业筹建、开办许可'),
  realEstate: one('naturalResources', 1, '不动产权证书', 'MIXED', null, '不动产登记'),
  teacher: one('education', 1, '教师资格证书', 'PERSON', null, '教师资格认定'),
  diploma: one('education', 2, '普通高等学校毕业证书', 'PERSON', null, '学历证书电子注册'),
  privateSchool: one('education', 3, '民办学校办学许可证', 'LEGAL_ENTITY', 5, '民办学校设立审批'),
  roadTransport: one('transport', 1, '道路运输经营许可证', 'LEGAL_ENTITY', 4, '道路货物运输经营许可'),
  roadWorker: one('transport', 2, '道路运输从业人员从业资格证', 'PERSON', 6, '道路运输从业资格认定'),
  building: one('housing', 1, '建筑业企业资质证书', 'LEGAL_ENTITY', 5, '建筑业企业资质审批'),
  safety: one('housing', 2, '安全生产许可证', 'LEGAL_ENTITY', 3, '建筑施工企业安全生产许可'),
  dangerousGoods: one('emergency', 1, '危险化学品经营许可证', 'LEGAL_ENTITY', 3, '危险化学品经营许可'),
  tobacco: one('tobacco', 1, '烟草专卖零售许可证', 'LEGAL_ENTITY', 5, '烟草专卖零售许可'),
  collective: one('agriculture', 1, '农村集体经济组织登记证', 'LEGAL_ENTITY', null, '农村集体经济组织登记'),
  seeds: one('agriculture', 2, '农药经营许可证', 'LEGAL_ENTITY', 5, '农药经营许可'),
  institution: one('organisation', 1, '事业单位法人证书', 'LEGAL_ENTITY', 5, '事业单位设立登记'),
  pollution: one('environment', 1, '排污许可证', 'LEGAL_ENTITY', 5, '排污许可'),
  entertainment: one('culture', 1, '娱乐经营许可证', 'LEGAL_ENTITY', 2, '娱乐场所经营许可'),
} as const satisfies Record<string, LicenseKind>;

/** Every type of license, by the word the generator calls it. */
export const licenseTypes: Readonly<Record<LicenseTypeKey, LicenseKind>> = kinds;
