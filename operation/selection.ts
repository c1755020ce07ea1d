import {
  type DirectiveNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  GraphQLSkipDirective,
  Kind,
} from 'graphql';

/**
 * What is asked of one object of an answer, or of each object of a list: its fields in the order asked, fragments written out where they stood.
 * A response name may come more than once; what is asked below it is then asked of the same object.
 */
export type Selection = Readonly<{
  /** As the field that leads there declares it. */
  type: GraphQLCompositeType;
  /** What the object can be. */
  possible: readonly GraphQLObjectType[];
  fields: readonly AskedField[];
}>;

/** A field that is asked for. What literals of `@skip` and `@include` leave out is none. */
export type AskedField = Readonly<{
  /** Its response name. */
  key: string;
  name: string;
  /** Arguments, and where it stands in the text. */
  node: FieldNode;
  /** The type that declares it there. */
  parent: GraphQLCompositeType;
  declared: GraphQLField<unknown, unknown>;
  /** The objects that it is asked of, some or all of those that stand there. */
  possible: readonly GraphQLObjectType[];
  /** By what variables it is asked for: all must hold. */
  conditions: readonly Condition[];
  below: Selection | null;
}>;

/** Every field of a selection and of all below it, each before those below. */
export function* everyField({ fields }: Selection): Generator<AskedField> {
  for (const field of fields) {
    yield field;
    if (field.below) yield* everyField(field.below);
  }
}

/** Whether a field of the root tells of the schema. */
export function isAboutSchema({ name }: Pick<AskedField, 'name'>): boolean {
  return name === '__schema' || name === '__type';
}

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
