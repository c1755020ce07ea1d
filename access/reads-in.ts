import {
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
} from 'graphql';
import type { AccessFacts, Read } from './access-facts.ts';

/**
 * What a given value reads by its fields and by values of enums. It is followed as deep as its type is: what does not fit its type is
 * refused by whoever executes, and reads nothing.
 */
export function readsIn(facts: AccessFacts, type: GraphQLInputType, value: unknown): readonly Read[] {
  if (value === null || value === undefined || !facts.canRead(getNamedType(type).name)) return [];
  const nullable = getNullableType(type);
  // One value where a list is expected is a list of it.
  if (isListType(nullable)) return [value].flat().flatMap((each) => readsIn(facts, nullable.ofType, each));
  if (isEnumType(nullable)) return readsOfValue(facts, nullable, value);
  if (isInputObjectType(nullable) && typeof value === 'object') return readsOfObject(facts, nullable, { ...value });
  return [];
}

function readsOfValue(facts: AccessFacts, type: GraphQLEnumType, value: unknown): readonly Read[] {
  return typeof value === 'string' ? facts.readsAt(`${type.name}.${value}`) : [];
}

function readsOfObject(facts: AccessFacts, type: GraphQLInputObjectType, value: Readonly<Record<string, unknown>>) {
  return Object.values(type.getFields()).flatMap((input) => {
    const given = Object.hasOwn(value, input.name) ? value[input.name] : undefined;
    if (given === null || given === undefined) return [];
    return [...facts.readsAt(`${type.name}.${input.name}`), ...readsIn(facts, input.type, given)];
  });
}
