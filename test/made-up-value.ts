import {
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql';

/** What stands in a made-up text: no number, code or name of anyone. */
export const MADE_UP = 'made up';

/** A value of the type as text of an operation. Its types are right; its forms (numbers with a check digit, codes) are not. */
export function madeUpValue(type: GraphQLInputType): string {
  if (isNonNullType(type)) return madeUpValue(type.ofType);
  if (isListType(type)) return `[${madeUpValue(type.ofType)}]`;
  const named = getNamedType(type);
  if (isEnumType(named)) return named.getValues()[0]?.name ?? 'null';
  if (isInputObjectType(named)) {
    const fields = Object.values(named.getFields()).filter(isRequiredInputField);
    return `{ ${fields.map((field) => `${field.name}: ${madeUpValue(field.type)}`).join(', ')} }`;
  }
  if (named.name === 'Boolean') return 'true';
  return ['Int', 'Float'].includes(named.name) ? '1' : JSON.stringify(MADE_UP);
}
