import type { FormatRules } from '@longyuan/schema/src/argument-formats.ts';
import { valueForms } from '@longyuan/schema/src/value-forms.ts';
import { rules } from '@longyuan/schema/src/words/catalogue.ts';
import { fill, type Words } from '@longyuan/schema/src/words/sentence.ts';
import {
  type GraphQLArgument,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredInputField,
} from 'graphql';

/** As `OperationArgument` of schema/directory.graphql. */
export type OperationArgument = Readonly<{ name: string; type: string; description: string | null; form: Words | null; example: string }>;

/** What an argument of a schema must be, with an example that is. `coordinate` names it in the rules of `@format`. */
export function describeArgument(argument: GraphQLArgument, coordinate: string, formats: FormatRules): OperationArgument {
  return {
    name: argument.name,
    type: String(argument.type),
    description: argument.description ?? null,
    form: formOf(argument.type, coordinate, formats),
    example: JSON.stringify(exampleOf(argument.type, coordinate, formats)),
  };
}

function formOf(type: GraphQLInputType, coordinate: string, formats: FormatRules): Words | null {
  const rule = formats.get(coordinate);
  const form = rule?.is === undefined ? undefined : valueForms[rule.is];
  if (form) return rules[form.rule];
  const named = getNamedType(type);
  if (isEnumType(named)) {
    const values = named.getValues().map(({ name, description }) => (description ? `${name} (${description})` : name));
    return saidInBoth(rules.ONE_OF, { written: values.join(', ') });
  }
  const { min, max, maxLength } = rule ?? {};
  if (min !== undefined && max !== undefined) return saidInBoth(rules.BETWEEN, { number: min, most: max });
  if (min !== undefined) return saidInBoth(rules.AT_LEAST, { number: min });
  if (max !== undefined) return saidInBoth(rules.AT_MOST, { number: max });
  return maxLength === undefined ? null : saidInBoth(rules.AT_MOST_CHARACTERS, { number: maxLength });
}

function saidInBoth(words: Words, holes: Readonly<Record<string, string | number>>): Words {
  return { en: fill(words.en, holes), zh: fill(words.zh, holes) };
}

function exampleOf(type: GraphQLInputType, coordinate: string, formats: FormatRules): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [exampleOf(nullable.ofType, coordinate, formats)];
  if (isEnumType(nullable)) return nullable.getValues()[0]?.name;
  if (isInputObjectType(nullable)) {
    const needed = Object.values(nullable.getFields()).filter(isRequiredInputField);
    return Object.fromEntries(needed.map((field) => [field.name, exampleOf(field.type, `${nullable.name}.${field.name}`, formats)]));
  }
  const rule = formats.get(coordinate);
  const form = rule?.is === undefined ? undefined : valueForms[rule.is];
  if (form) return form.example;
  const { name } = getNamedType(nullable);
  if (name === 'Boolean') return true;
  if (name === 'Int' || name === 'Float') return rule?.min ?? 1;
  return 'A'.repeat(Math.max(1, rule?.minLength ?? 1));
}
