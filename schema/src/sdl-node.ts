import { type ConstDirectiveNode, type InputValueDefinitionNode, Kind, type TypeNode, valueFromASTUntyped } from 'graphql';

/** Whether a part of the SDL bears this directive. */
export function bears(node: { readonly directives?: readonly ConstDirectiveNode[] | undefined }, directive: string): boolean {
  return node.directives?.some(({ name }) => name.value === directive) ?? false;
}

/** Arguments of a directive in SDL as plain values: enum values as strings, lists and objects as such. */
export function directiveArguments(directive: ConstDirectiveNode): Record<string, unknown> {
  return Object.fromEntries((directive.arguments ?? []).map((argument) => [argument.name.value, valueFromASTUntyped(argument.value)]));
}

/** Top-level names in the field set of a `@key` or `@requires(fields: "a b { c }")`. */
export function fieldSetOf(directive: ConstDirectiveNode): readonly string[] {
  const { fields } = directiveArguments(directive);
  return typeof fields === 'string' ? (fields.replace(/\{[^}]*\}/g, ' ').match(/\S+/g) ?? []) : [];
}

/** Name of the type inside lists and non-nulls. */
export function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

export function isList(type: TypeNode): boolean {
  return type.kind === Kind.NON_NULL_TYPE ? isList(type.type) : type.kind === Kind.LIST_TYPE;
}

/** Whether a value must be given: of an argument, or of a field of an input. */
export function isRequired(input: InputValueDefinitionNode): boolean {
  return input.type.kind === Kind.NON_NULL_TYPE && !input.defaultValue;
}
