import { badUserInput } from '@longyuan/schema/src/error-codes.ts';
import { directiveArguments, type Library } from '@longyuan/schema/src/read-libraries.ts';
import { valueForms } from '@longyuan/schema/src/value-forms.ts';
import { rules as said } from '@longyuan/schema/src/words/catalogue.ts';
import {
  type ArgumentNode,
  type DocumentNode,
  type GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  type InputValueDefinitionNode,
  isInputObjectType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  type ValueNode,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** What `@format` says of one argument or input field. */
type FormatRule = Readonly<{ is?: string; min?: number; max?: number; minLength?: number; maxLength?: number; maxItems?: number }>;

/** The rules of all libraries, by coordinate: `Query.person(idNumber:)`, `IdentityInput.name`. */
export type FormatRules = ReadonlyMap<string, FormatRule>;

/** Reads `@format` from the arguments and input fields of every library. @throws Error for a form that nobody wrote down. */
export function readArgumentFormats(libraries: readonly Pick<Library, 'document'>[]): FormatRules {
  const rules = new Map<string, FormatRule>();
  for (const { document } of libraries) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION) {
        for (const field of definition.fields ?? []) {
          for (const argument of field.arguments ?? []) {
            keepRule(rules, `${definition.name.value}.${field.name.value}(${argument.name.value}:)`, argument);
          }
        }
      }
      if (definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) {
        for (const field of definition.fields ?? []) keepRule(rules, `${definition.name.value}.${field.name.value}`, field);
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

/** One place in an operation where a value stands that a rule, or an input type with rules, speaks of. */
type Place = Readonly<{ coordinate: string; type: GraphQLInputType; value: ValueNode }>;

/** Places are found once per document and schema; requests only look at the values that stand there. */
const placesByDocument = new WeakMap<
  DocumentNode,
  Readonly<{ schema: GraphQLSchema; operations: ReadonlyMap<string, readonly Place[]> }>
>();

/**
 * Every value of the operation that breaks a rule, as BAD_USER_INPUT errors that name the argument and the rule, never the value.
 * The document must have been validated. Types are GraphQL's own business: a value of the wrong type is passed over.
 */
export function checkArgumentFormats(call: {
  rules: FormatRules;
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName: string | null | undefined;
  variables: Readonly<Record<string, unknown>> | null | undefined;
}): GraphQLError[] {
  const operation = findOperation(call.document, call.operationName);
  if (!operation) return [];
  const variables = { ...defaultsOf(operation), ...call.variables };
  const errors: GraphQLError[] = [];
  for (const place of findPlaces(call.document, call.schema, operation)) {
    checkValue({ rules: call.rules, type: place.type, errors }, place.coordinate, writtenValue(place.value, variables));
  }
  return errors;
}

function findOperation(document: DocumentNode, name: string | null | undefined): OperationDefinitionNode | undefined {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  return name ? operations.find((operation) => operation.name?.value === name) : operations[0];
}

function defaultsOf(operation: OperationDefinitionNode): Record<string, unknown> {
  const defaults: Record<string, unknown> = {};
  for (const variable of operation.variableDefinitions ?? []) {
    if (variable.defaultValue) defaults[variable.variable.name.value] = valueFromASTUntyped(variable.defaultValue);
  }
  return defaults;
}

function findPlaces(document: DocumentNode, schema: GraphQLSchema, operation: OperationDefinitionNode): readonly Place[] {
  const known = placesByDocument.get(document);
  const kept = known?.schema === schema ? known : { schema, operations: placesOfAll(document, schema) };
  if (kept !== known) placesByDocument.set(document, kept);
  return kept.operations.get(operation.name?.value ?? '') ?? [];
}

/** Fragments belong to every operation of the document; validation has seen to it that each is used. */
function placesOfAll(document: DocumentNode, schema: GraphQLSchema): ReadonlyMap<string, readonly Place[]> {
  const ofFragments: Place[] = [];
  const ofOperations = new Map<string, Place[]>();
  let current = ofFragments;
  const typeInfo = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      OperationDefinition(operation) {
        current = [];
        ofOperations.set(operation.name?.value ?? '', current);
      },
      FragmentDefinition() {
        current = ofFragments;
      },
      Argument(argument: ArgumentNode) {
        const [parent, field, type] = [typeInfo.getParentType(), typeInfo.getFieldDef(), typeInfo.getInputType()];
        if (!parent || !field || !type || typeInfo.getDirective()) return;
        current.push({ coordinate: `${parent.name}.${field.name}(${argument.name.value}:)`, type, value: argument.value });
      },
    }),
  );
  return new Map([...ofOperations].map(([name, places]) => [name, [...places, ...ofFragments]]));
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
