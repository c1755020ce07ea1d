import { isCreditCode } from '@longyuan/schema/src/check-digits.ts';
import { badUserInput } from '@longyuan/schema/src/refuse.ts';

/**
 * The entity that a code led to. A register holds some whose check digit is wrong, and they are answered; a code that is wrong and leads
 * nowhere was mistyped. @throws GraphQLError `BAD_USER_INPUT` naming the argument.
 */
export function unlessMistyped<Row>(argument: string, uscc: string, entity: Row | null): Row | null {
  if (entity === null && !isCreditCode(uscc)) throw badUserInput(argument, 'FORM_CREDIT_CODE');
  return entity;
}
