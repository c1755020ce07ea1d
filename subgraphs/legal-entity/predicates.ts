import type { Predicates } from '../serve/rows/row-guard.ts';
import { is } from '../serve/rows/row-rule.ts';

/** Which rows the predicates of the SDL hold for: reports the first, entities the second. */
export const predicates: Predicates = {
  FIRM_CHOSE_TO_PUBLISH: is('published', true),
  TAX_GRADE_IS_A: is('taxCreditGrade', 'A'),
};
