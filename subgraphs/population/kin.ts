import type { AccessSet } from '@longyuan/access/access-set.ts';
import { SHOWN_OF_KIN } from '@longyuan/access/others-rows.ts';
import type { AskedRows } from '../serve/rows/asked-rows.ts';
import { showing } from '../serve/rows/guard-cells.ts';
import { EVERY_ROW } from '../serve/rows/row-rule.ts';

/**
 * How people are read who are reached from `from`, a person's key, by kinship, marriage or household. From a citizen's own row everyone is
 * there, with the name alone; for anyone else they are people like others.
 */
export function readKin(access: AccessSet, from: string | undefined, asked: AskedRows) {
  const { caller } = access.standing;
  const isOwnKin = caller.kind === 'citizen' && caller.person === from;
  return {
    asked: isOwnKin ? { ...asked, rows: EVERY_ROW } : asked,
    show: <Person extends object>(person: Person): Person => (isOwnKin ? showing(person, SHOWN_OF_KIN) : person),
  };
}
