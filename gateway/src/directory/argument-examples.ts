import type { FormatRules } from '@longyuan/schema/src/argument-formats.ts';
import { valueForms } from '@longyuan/schema/src/value-forms.ts';
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
export type OperationArgument = Readonly<{ name: string; type: string; description: string | null; form: string | null; example: string }>;

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

function formOf(type: GraphQLInputType, coordinate: string, formats: FormatRules): string | null {
  const rule = formats.get(coordinate);
  const form = rule?.is === undefined ? undefined : valueForms[rule.is];
  if (form) return form.says;
  const named = getNamedType(type);
  if (isEnumType(named)) {
    const values = named.getValues().map(({ name, description }) => (description ? `${name} (${description})` : name));
    return `must be one of ${values.join(', ')}`;
  }
  if (rule?.min !== undefined || rule?.max !== undefined) return `must be from ${rule.min ?? 'any'} to ${rule.max ?? 'any'}`;
  return rule?.maxLength === undefined ? null : `must be text of at most ${rule.maxLength} characters`;
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
