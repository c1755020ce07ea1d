import type { FieldNode, GraphQLCompositeType, GraphQLField, GraphQLObjectType } from 'graphql';
import type { Condition } from './conditions.ts';

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
