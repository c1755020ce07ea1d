import { type InputValueDefinitionNode, Kind } from 'graphql';
import type { Library } from './read-libraries.ts';
import { directiveArguments } from './sdl-node.ts';
import { valueForms } from './value-forms.ts';

/** What `@format` says of one argument or input field. */
export type FormatRule = Readonly<{ is?: string; min?: number; max?: number; minLength?: number; maxLength?: number; maxItems?: number }>;

/** The rules of all libraries, by coordinate: `Query.person(idNumber:)`, `IdentityInput.name`. */
export type FormatRules = ReadonlyMap<string, FormatRule>;

/** Reads `@format` from the arguments and input fields of every library. @throws Error for a form that nobody wrote down. */
export function readArgumentFormats(libraries: readonly Pick<Library, 'document'>[]): FormatRules {
  const rules = new Map<string, FormatRule>();
  for (const { document } of libraries) {
    for (const definition of document.definitions) {
      switch (definition.kind) {
        case Kind.OBJECT_TYPE_DEFINITION:
        case Kind.OBJECT_TYPE_EXTENSION:
        case Kind.INTERFACE_TYPE_DEFINITION:
        case Kind.INTERFACE_TYPE_EXTENSION:
          for (const field of definition.fields ?? []) {
            for (const argument of field.arguments ?? []) {
              keepRule(rules, `${definition.name.value}.${field.name.value}(${argument.name.value}:)`, argument);
            }
          }
          break;
        case Kind.INPUT_OBJECT_TYPE_DEFINITION:
        case Kind.INPUT_OBJECT_TYPE_EXTENSION:
          for (const field of definition.fields ?? []) keepRule(rules, `${definition.name.value}.${field.name.value}`, field);
          break;
        default:
      }
    }
  }
  return rules;
}

function keepRule(rules: Map<string, FormatRule>, coordinate: string, node: InputValueDefinitionNode): void {
  const directive = node.directives?.find((each) => each.name.value === 'format');
  if (!directive) return;
  // The vocabulary's own SDL types these arguments; a wrong one does not validate there.
  const rule = directiveArguments(directive) as FormatRule;
  if (rule.is !== undefined && !Object.hasOwn(valueForms, rule.is)) throw new Error(`${coordinate}: @format(is: ${rule.is}) has no form`);
  rules.set(coordinate, rule);
}
