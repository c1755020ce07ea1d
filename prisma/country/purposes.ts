import { join } from 'node:path';
import named from './purposes.json' with { type: 'json' };

/** What `HUB_PURPOSES_FILE` names where the hub is the made-up country's. Credit codes are of the unassigned division. */
export const purposesFile = join(import.meta.dirname, 'purposes.json');

/** A service item (政务服务事项) as the purpose of a query: its code of 31 characters and its name. */
export type ServiceItem = Readonly<{ implCode: string; name: string }>;

/**
 * The twelve errands that need more than one library. GB/T 39554.1: credit code of the department that leads it, level (2: province), basic code
 * of twelve digits that begins with the kind.
 */
export const serviceItems: readonly ServiceItem[] = Object.entries(named.serviceItems).map(([implCode, name]) => ({ implCode, name }));

/** Departments of the hub that own no base library and use those of others. */
export const consumerDepartments: readonly Readonly<{ uscc: string; name: string }>[] = Object.entries(named.departments).map(
  ([uscc, name]) => ({ uscc, name }),
);
