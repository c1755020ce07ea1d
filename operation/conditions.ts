import { type DirectiveNode, GraphQLSkipDirective, Kind } from 'graphql';

/** Values of an operation's variables, by name. */
export type Variables = Readonly<Record<string, unknown>>;

/** `@include` (`wants` true) or `@skip` by a variable. */
export type Condition = Readonly<{ variable: string; wants: boolean }>;

/** What `@skip` and `@include` ask of variables; null where their literals leave out what they stand on. */
export function readConditions(directives: readonly DirectiveNode[] = []): readonly Condition[] | null {
  const conditions: Condition[] = [];
  for (const { name, arguments: given } of directives) {
    const value = given?.find((argument) => argument.name.value === 'if')?.value;
    if (!value || (name.value !== 'include' && name.value !== 'skip')) continue;
    const wants = name.value !== GraphQLSkipDirective.name;
    if (value.kind === Kind.VARIABLE) conditions.push({ variable: value.name.value, wants });
    else if (value.kind === Kind.BOOLEAN && value.value !== wants) return null;
  }
  return conditions;
}

/** Whether all of them hold with these variables. One that is not there is false. */
export function areMet(conditions: readonly Condition[], variables: Variables): boolean {
  return conditions.every(({ variable, wants }) => Boolean(variables[variable]) === wants);
}
