import { type DocumentNode, GraphQLError, type GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';
import { writeMoment } from './moment.ts';

type Scalar = Pick<GraphQLScalarType, 'serialize' | 'parseValue' | 'parseLiteral'>;

/** How each scalar that a subgraph may declare is written and read, everywhere alike. Values come in as the text they were, so arguments stay text. */
export const scalars: Readonly<Record<string, Scalar>> = {
  Date: scalar(serializeDay, (value) => readText(value, /^\d{4}-\d{2}-\d{2}$/, 'a day, YYYY-MM-DD')),
  DateTime: scalar(serializeMoment, (value) =>
    readText(value, /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/, 'a moment with its offset from UTC (RFC 3339)'),
  ),
  GeoJSON: scalar(serializeGeometry, () => {
    throw new GraphQLError('GeoJSON is answered, never asked');
  }),
};

function scalar(serialize: (value: unknown) => unknown, parseValue: (value: unknown) => unknown): Scalar {
  return { serialize, parseValue, parseLiteral: (node, variables) => parseValue(valueFromASTUntyped(node, variables)) };
}

/** Prisma gives a day as midnight in UTC. */
function serializeDay(value: unknown): string {
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value)) return value.slice(0, 10);
  throw new GraphQLError('Not a day');
}

function serializeMoment(value: unknown): string {
  const moment = typeof value === 'string' || value instanceof Date ? writeMoment(value) : null;
  if (moment !== null) return moment;
  throw new GraphQLError('Not a moment');
}

/** PostGIS answers ST_AsGeoJSON as text. */
function serializeGeometry(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value;
}

function readText(value: unknown, form: RegExp, says: string): string {
  if (typeof value === 'string' && form.test(value)) return value;
  throw new GraphQLError(`Must be ${says}`);
}

/** The scalars that an SDL declares, for its executable schema. @throws Error for one that is not here; `file` names the SDL. */
export function scalarsOf(document: DocumentNode, file: string): Readonly<Record<string, Scalar>> {
  const declared = document.definitions.flatMap((each) => (each.kind === Kind.SCALAR_TYPE_DEFINITION ? [each.name.value] : []));
  return Object.fromEntries(
    declared.map((name) => {
      const scalar = scalars[name];
      if (!scalar) throw new Error(`${file} declares the scalar ${name}, which schema/src/scalars.ts does not write`);
      return [name, scalar];
    }),
  );
}
