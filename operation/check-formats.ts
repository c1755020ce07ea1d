import type { FormatRule, FormatRules } from '@longyuan/schema/src/argument-formats.ts';
import { badUserInput } from '@longyuan/schema/src/refuse.ts';
import { valueForms } from '@longyuan/schema/src/value-forms.ts';
import { rules as said } from '@longyuan/schema/src/words/catalogue.ts';
import {
  type GraphQLError,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  Kind,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import type { Operation } from './read-operation.ts';
import type { Variables } from './selection.ts';

/**
 * Every value of the operation that breaks a rule, as BAD_USER_INPUT errors that name the argument and the rule, never the value. `given`: the
 * variables with their defaults. Types are GraphQL's own business: a value of the wrong type is passed over.
 */
export function checkFormats({ inputs }: Pick<Operation, 'inputs'>, given: Variables, rules: FormatRules): GraphQLError[] {
  const errors: GraphQLError[] = [];
  for (const { field, argument, value } of inputs) {
    const coordinate = `${field.parent.name}.${field.name}(${argument.name}:)`;
    checkValue({ rules, type: argument.type, errors }, coordinate, writtenValue(value, given));
  }
  return errors;
}

/** The value as it is written: an ID of digits alone may stand as a whole number, and is then longer than a number can hold. */
function writtenValue(node: ValueNode, variables: Readonly<Record<string, unknown>>): unknown {
  if (node.kind === Kind.INT && !Number.isSafeInteger(Number(node.value))) return node.value;
  if (node.kind === Kind.LIST) return node.values.map((each) => writtenValue(each, variables));
  if (node.kind === Kind.OBJECT)
    return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, writtenValue(value, variables)]));
  return valueFromASTUntyped(node, variables);
}

type Checking = Readonly<{ rules: FormatRules; type: GraphQLInputType; errors: GraphQLError[] }>;

function checkValue({ rules, type, errors }: Checking, coordinate: string, value: unknown): void {
  if (value === null || value === undefined) return;
  const rule = rules.get(coordinate);
  const isList = isListType(getNullableType(type));
  const values = isList && Array.isArray(value) ? value : [value];
  if (rule?.maxItems !== undefined && values.length > rule.maxItems) {
    errors.push(badUserInput(coordinate, 'AT_MOST_ENTRIES', { number: rule.maxItems }));
    return;
  }
  const named = getNamedType(type);
  for (const each of values) {
    const broken = breach(coordinate, rule ?? NO_RULE, each);
    if (broken) {
      // One error an argument: a list of a thousand wrong numbers is one mistake of its caller.
      errors.push(broken);
      return;
    }
    if (isInputObjectType(named) && typeof each === 'object' && each !== null) {
      for (const field of Object.values(named.getFields())) {
        checkValue({ rules, type: field.type, errors }, `${named.name}.${field.name}`, (each as Record<string, unknown>)[field.name]);
      }
    }
  }
}

const NO_RULE: FormatRule = {};

/** Says what the value must be, where it is not. */
function breach(coordinate: string, rule: FormatRule, value: unknown): GraphQLError | null {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^-?\d+$/.test(value));
  if (isNumber && (rule.min !== undefined || rule.max !== undefined)) return breachOfBounds(coordinate, rule, Number(value));
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value);
  // PostgreSQL has no place for it, in whatever text it stands.
  if (text.includes('\u0000')) return badUserInput(coordinate, 'NO_NUL');
  // Half a character becomes another one on its way into a store: what was signed would not be what is kept.
  if (!text.isWellFormed()) return badUserInput(coordinate, 'WELL_FORMED');
  const { minLength, maxLength } = rule;
  if (minLength !== undefined && [...text.trim()].length < minLength)
    return badUserInput(coordinate, 'AT_LEAST_CHARACTERS', { number: minLength });
  if (maxLength !== undefined && [...text].length > maxLength) return badUserInput(coordinate, 'AT_MOST_CHARACTERS', { number: maxLength });
  const form = rule.is === undefined ? undefined : valueForms[rule.is];
  if (!form || form.holds(text)) return null;
  return form.holds(tidy(text)) ? badUserInput(coordinate, 'TIDIED', { rule: said[form.rule].en }) : badUserInput(coordinate, form.rule);
}

function breachOfBounds(coordinate: string, { min, max }: FormatRule, value: number): GraphQLError | null {
  if ((min === undefined || value >= min) && (max === undefined || value <= max)) return null;
  if (max === undefined) return badUserInput(coordinate, 'AT_LEAST', { number: min ?? 0 });
  return min === undefined
    ? badUserInput(coordinate, 'AT_MOST', { number: max })
    : badUserInput(coordinate, 'BETWEEN', { number: min, most: max });
}

/** The same code as whoever typed or pasted it may have meant it. */
function tidy(text: string): string {
  return text.normalize('NFKC').replace(/\s/g, '').toUpperCase();
}
