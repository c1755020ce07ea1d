import {
  type BreakingChange,
  buildSchema,
  type DangerousChange,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLSchema,
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
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    const { name } = type;
    parts.set(name, {
      kind: 'TYPE',
      within: null,
      names: [`${name} `],
      type: null,
      description: type.description ?? null,
      deprecation: null,
    });
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        const coordinate = `${name}.${field.name}`;
        parts.set(coordinate, { ...factsOf(field), kind: 'FIELD', within: name, names: [`${coordinate} `], type: String(field.type) });
        for (const argument of field.args) {
          const names = [coordinate, ` ${argument.name} `];
          parts.set(`${coordinate}(${argument.name}:)`, {
            ...factsOf(argument),
            kind: 'ARGUMENT',
            within: coordinate,
            names,
            type: String(argument.type),
          });
        }
      }
    }
    if (isEnumType(type)) {
      for (const value of type.getValues()) {
        const names = [`${value.name} `, ` ${name}`];
        parts.set(`${name}.${value.name}`, { ...factsOf(value), kind: 'ENUM_VALUE', within: name, names, type: null });
      }
    }
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        const names = [`${field.name} `, name];
        parts.set(`${name}.${field.name}`, { ...factsOf(field), kind: 'INPUT_FIELD', within: name, names, type: String(field.type) });
      }
    }
  }
  return parts;
}

function factsOf(part: { description?: string | null | undefined; deprecationReason?: string | null | undefined }) {
  return { description: part.description ?? null, deprecation: part.deprecationReason ?? null };
}
