import type { Predicates } from '../serve/rows/row-guard.ts';
import { is } from '../serve/rows/row-rule.ts';

/** Which licenses the predicates of the SDL hold for. */
export const predicates: Predicates = { HOLDER_IS_LEGAL_ENTITY: is('holderIsEntity', true) };
