import { publicBodyCode } from './seed/numbers.ts';

/** A service item (政务服务事项) as the purpose of a query: its code of 31 characters and its name. */
export type ServiceItem = Readonly<{ implCode: string; name: string }>;

/** The twelve errands that need more than one library: name, number of the department that leads it, kind (GB/T 39554), running number. */
const errands: readonly (readonly [name: string, department: number, kind: string])[] = [
  ['新生儿出生一件事', 8, '20'],
  ['开办餐饮店一件事', 2, '01'],
  ['社会救助家庭经济状况核对', 6, '05'],
  ['不动产登记', 3, '07'],
  ['养老待遇资格静默认证', 7, '20'],
  ['许可前信用核查', 5, '20'],
  ['户口迁移', 1, '07'],
  ['机动车驾驶证核发', 1, '01'],
  ['惠企政策不来即享', 5, '05'],
  ['残疾人两项补贴资格认定', 11, '05'],
  ['信用修复一件事', 5, '20'],
  ['双随机抽查', 2, '06'],
];

/** GB/T 39554.1: credit code of the department, level (2: province), basic code of twelve digits that begins with the kind. */
export const serviceItems: readonly ServiceItem[] = errands.map(([name, department, kind], place) => ({
  implCode: `${publicBodyCode('11', department)}2${kind}0${String(620_000_001 + place)}`,
  name,
}));
