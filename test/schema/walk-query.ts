import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';

/** Everything that a query can name, from Query down: fields by coordinate, inputs with the root of the path they are given on. */
export function walkQuery(schema: GraphQLSchema) {
  const fields = new Set<string>();
  const inputs: [input: string, field: string][] = [];
  const taken = new Set<string>();
  const types = new Set<string>();
  const take = (coordinate: string, field: string, input: GraphQLArgument | GraphQLInputField): void => {
    // The same input is another question under another field: what statistics may group by, a list may not be filtered by.
    if (taken.has(`${coordinate} ${field}`)) return;
    taken.add(`${coordinate} ${field}`);
    inputs.push([coordinate, field]);
    const type = getNamedType(input.type);
    types.add(type.name);
    if (isEnumType(type)) inputs.push(...type.getValues().map((value): [string, string] => [`${type.name}.${value.name}`, field]));
    if (isInputObjectType(type)) for (const each of Object.values(type.getFields())) take(`${type.name}.${each.name}`, field, each);
  };
  const enter = (type: GraphQLNamedType): void => {
    if (types.has(type.name) || isSpecifiedScalarType(type)) {
      types.add(type.name);
      return;
    }
    types.add(type.name);
    if (isCompositeType(type))
      for (const possible of isObjectType(type) ? type.getInterfaces() : schema.getPossibleTypes(type)) enter(possible);
    if (!isObjectType(type) && !isInterfaceType(type)) return;
    for (const field of Object.values(type.getFields())) {
      const coordinate = `${type.name}.${field.name}`;
      fields.add(coordinate);
      for (const argument of field.args) take(`${coordinate}(${argument.name}:)`, coordinate, argument);
      enter(getNamedType(field.type));
    }
  };
  const query = schema.getQueryType();
  if (query) enter(query);
  return { fields, inputs, types };
}
