import type { Place } from './country.ts';
import { publicBodyCode } from './numbers.ts';

/** A body that issues, registers or punishes. */
export type Authority = Readonly<{ name: string; code: string }>;

/** What bodies a county has; the order gives their codes, so new ones go to the end. */
const bureaus = {
  police: '公安局',
  civilAffairs: '民政局',
  humanResources: '人力资源和社会保障局',
  health: '卫生健康局',
  market: '市场监督管理局',
  naturalResources: '自然资源局',
  education: '教育局',
  transport: '交通运输局',
  housing: '住房和城乡建设局',
  disabled: '残疾人联合会',
  emergency: '应急管理局',
  tobacco: '烟草专卖局',
  agriculture: '农业农村局',
  organisation: '机构编制委员会办公室',
  tax: '税务局',
  court: '人民法院',
  environment: '生态环境局',
  culture: '文化体育广电和旅游局',
  fire: '消防救援大队',
} as const;
export type Bureau = keyof typeof bureaus;

/** Numbers below are those of the provincial departments in `world.ts`. */
const FIRST_COUNTY_NUMBER = 10_000;
const BUREAUS_PER_COUNTY = 50;
const order = Object.keys(bureaus);
const known = new Map<string, Authority>();

/** A county's body of one kind. */
export function countyAuthority(place: Pick<Place, 'county' | 'prefecture'>, bureau: Bureau): Authority {
  const { county } = place;
  const key = `${county.code}${bureau}`;
  let authority = known.get(key);
  if (!authority) {
    const number = FIRST_COUNTY_NUMBER + Number(county.code.slice(2)) * BUREAUS_PER_COUNTY + order.indexOf(bureau);
    const isDistrict = county.name.endsWith('区') && bureau === 'police';
    const name = isDistrict ? `${place.prefecture.name}公安局${county.name.slice(0, -1)}分局` : county.name + bureaus[bureau];
    authority = { name, code: publicBodyCode(bureau === 'disabled' ? '13' : '11', number) };
    known.set(key, authority);
  }
  return authority;
}
