import { type ASTNode, type OperationDefinitionNode, type SelectionNode, valueFromASTUntyped, visit } from 'graphql';

export type Variables = Readonly<Record<string, unknown>>;

/** Whether `@skip` and `@include` leave a selection in, with these variables. */
export function isIncluded(selection: SelectionNode, variables: Variables): boolean {
  for (const { name, arguments: given } of selection.directives ?? []) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const condition = given?.find((each) => each.name.value === 'if');
    if (condition && Boolean(valueFromASTUntyped(condition.value, { ...variables })) === (name.value === 'skip')) return false;
  }
  return true;
}

/** Names of the variables that skip or include something in a document, or in a part of one. */
export function conditionVariables(part: ASTNode): ReadonlySet<string> {
  const names = new Set<string>();
  visit(part, {
    Directive(directive) {
      if (directive.name.value !== 'skip' && directive.name.value !== 'include') return;
      visit(directive, { Variable: (variable) => void names.add(variable.name.value) });
    },
  });
  return names;
}

/** The variables of an operation as sent, and the defaults of those that were not. */
export function withDefaults(operation: OperationDefinitionNode, variables: Variables): Variables {
  const definitions = operation.variableDefinitions ?? [];
  if (definitions.every(({ defaultValue }) => !defaultValue)) return variables;
  const defaults = definitions.flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : [],
  );
  return { ...Object.fromEntries(defaults), ...variables };
}
