import { publicBodyCode } from './seed/numbers.ts';

/**
 * Departments of the hub that own no base library and use those of others: name, and the number its credit code is made from.
 * Numbers 1–5 and those in `@library` belong to the owners.
 */
const consumers: readonly (readonly [name: string, number: number])[] = [
  ['甘肃省民政厅', 6],
  ['甘肃省人力资源和社会保障厅', 7],
  ['甘肃省卫生健康委员会', 8],
  ['甘肃省医疗保障局', 9],
  ['甘肃省住房和城乡建设厅', 10],
  ['甘肃省残疾人联合会', 11],
  ['国家税务总局甘肃省税务局', 12],
  ['甘肃省应急管理厅', 13],
  ['甘肃省教育厅', 14],
  ['甘肃省交通运输厅', 15],
  ['甘肃省农业农村厅', 16],
  ['兰州市公安局', 17],
  ['兰州市不动产登记事务中心', 18],
];

export type PublicBody = Readonly<{ uscc: string; name: string }>;

/** The consuming departments, with credit codes of the unassigned division. */
export const consumerDepartments: readonly PublicBody[] = consumers.map(([name, number]) => ({ uscc: publicBodyCode('11', number), name }));
