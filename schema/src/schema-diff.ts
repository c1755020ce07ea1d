import {
  type BreakingChange,
  buildSchema,
  type DangerousChange,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLSchema,
  type GraphQLType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';

export type Severity = 'BREAKING' | 'DANGEROUS' | 'SAFE';

/** One change between two schemas. BREAKING: a client's query may fail; DANGEROUS: its answer may hold something it does not expect. */
export type SchemaChange = Readonly<{ severity: Severity; kind: string; message: string }>;

/** Every change from one schema to another, the gravest first. Both as SDL. */
export function diffSchemas(beforeSdl: string, afterSdl: string): readonly SchemaChange[] {
  const before = buildSchema(beforeSdl);
  const after = buildSchema(afterSdl);
  const grave = [
    ...findBreakingChanges(before, after).map((change) => graveChange('BREAKING', change)),
    ...findDangerousChanges(before, after).map((change) => graveChange('DANGEROUS', change)),
  ];
  return [...grave, ...safeChanges(before, after, grave)];
}

function graveChange(severity: Severity, { type, description }: BreakingChange | DangerousChange): SchemaChange {
  return { severity, kind: type, message: description };
}

/** What graphql-js has no word for: additions, promises made stricter, and descriptions. */
function safeChanges(before: GraphQLSchema, after: GraphQLSchema, grave: readonly SchemaChange[]): SchemaChange[] {
  const old = partsOf(before);
  const changes: SchemaChange[] = [];
  for (const [coordinate, part] of partsOf(after)) {
    const was = old.get(coordinate);
    const isGrave = grave.some(({ message }) => part.names.every((name) => message.includes(name)));
    if (!was) {
      // Parts of a new type are told with the type, and an addition that may surprise somebody was told above.
      const isTold = part.within !== null && !old.has(part.within);
      if (!isTold && !isGrave) changes.push({ severity: 'SAFE', kind: `${part.kind}_ADDED`, message: `${coordinate} was added.` });
      continue;
    }
    if (was.type !== part.type && !isGrave) {
      changes.push({
        severity: 'SAFE',
        kind: `${part.kind}_TYPE_CHANGED`,
        message: `${coordinate} changed type from ${was.type} to ${part.type}.`,
      });
    }
    if (was.description !== part.description) {
      changes.push({ severity: 'SAFE', kind: 'DESCRIPTION_CHANGED', message: `The description of ${coordinate} changed.` });
    }
    if (was.deprecation !== part.deprecation) {
      const message =
        part.deprecation === null ? `${coordinate} is no longer deprecated.` : `${coordinate} is deprecated: ${part.deprecation}`;
      changes.push({ severity: 'SAFE', kind: 'DEPRECATION_CHANGED', message });
    }
  }
  return changes;
}

/** `names` are the words by which graphql-js tells a change of this part; `within` is the coordinate of the type it belongs to. */
type Part = Readonly<{
  kind: 'TYPE' | 'FIELD' | 'ARGUMENT' | 'ENUM_VALUE' | 'INPUT_FIELD';
  within: string | null;
  names: readonly string[];
  type: string | null;
  description: string | null;
  deprecation: string | null;
}>;

function partsOf(schema: GraphQLSchema): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>();
  const add = (kind: Part['kind'], coordinate: string, part: Said, of: Pick<Part, 'within' | 'names'>): void => {
    const { type = null, description = null, deprecationReason: deprecation = null } = part;
    parts.set(coordinate, { kind, ...of, type: type && String(type), description, deprecation });
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    const { name, description } = type;
    add('TYPE', name, { description }, { within: null, names: [`${name} `] });
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        const coordinate = `${name}.${field.name}`;
        add('FIELD', coordinate, field, { within: name, names: [`${coordinate} `] });
        for (const argument of field.args)
          add('ARGUMENT', `${coordinate}(${argument.name}:)`, argument, { within: coordinate, names: [coordinate, ` ${argument.name} `] });
      }
    }
    if (isEnumType(type))
      for (const value of type.getValues())
        add('ENUM_VALUE', `${name}.${value.name}`, value, { within: name, names: [`${value.name} `, ` ${name}`] });
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields()))
        add('INPUT_FIELD', `${name}.${field.name}`, field, { within: name, names: [`${field.name} `, name] });
  }
  return parts;
}

/** What a schema says of any of its parts. */
type Said = Readonly<{ type?: GraphQLType; description?: string | null | undefined; deprecationReason?: string | null | undefined }>;
