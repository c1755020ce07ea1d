import { type DocumentNode, type FieldNode, GraphQLError, Kind, parse, visit } from 'graphql';
import { answerThrough, type Executor, type GatewayInterface } from './bounded-gateway.ts';

type Result = Awaited<ReturnType<Executor>>;

/** Begins names that no caller may give: the admission refuses them. */
const RESERVED = '__hub_';

/**
 * The same gateway, to which callers may give fields any name. Apollo's planner selects keys and what fields require beside what was asked,
 * and takes a field that a caller calls by such a name for it (query-planner 2.14): `id: name` would be answered with the key. So a field that
 * is called like another one of the supergraph, or like what GraphQL itself adds (`__typename`), goes its way under a name of the hub's own,
 * and has its caller's again in the answer.
 */
export function freeAliases(gateway: GatewayInterface, supergraphSdl: string): GatewayInterface {
  const names = fieldNames(supergraphSdl);
  /** Null: nothing in the document needs another name. */
  const renamed = new WeakMap<DocumentNode, DocumentNode | null>();
  const answer = async (executor: Executor, request: Parameters<Executor>[0]): Promise<Result> => {
    const document = renamed.getOrInsertComputed(request.document, () => rename(request.document, names));
    if (!document) return executor(request);
    // Plans are kept by this hash.
    const { data, errors, ...rest } = await executor({ ...request, document, queryHash: `${request.queryHash} ${RESERVED}` });
    return { ...rest, ...(data !== undefined && { data: giveBack(data) }), ...(errors && { errors: errors.map(giveBackPath) }) };
  };
  return answerThrough(gateway, answer);
}

function fieldNames(sdl: string): ReadonlySet<string> {
  const names = new Set<string>();
  visit(parse(sdl, { noLocation: true }), { FieldDefinition: ({ name }) => void names.add(name.value) });
  return names;
}

function rename(document: DocumentNode, names: ReadonlySet<string>): DocumentNode | null {
  const changed = visit(document, {
    Field: (field: FieldNode) => {
      const { alias, name } = field;
      if (!alias || alias.value === name.value || !(names.has(alias.value) || alias.value.startsWith('__'))) return undefined;
      return { ...field, alias: { kind: Kind.NAME, value: `${RESERVED}${alias.value}` } };
    },
  });
  return changed === document ? null : changed;
}

const callersName = (name: string): string => (name.startsWith(RESERVED) ? name.slice(RESERVED.length) : name);

function giveBack<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(giveBack) as Value;
  if (typeof value !== 'object' || value === null) return value;
  // Its members are the same ones, under the names that their caller gave them.
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [callersName(name), giveBack(member)])) as Value;
}

function giveBackPath(error: GraphQLError): GraphQLError {
  const { message, path, extensions } = error;
  if (!path?.some((step) => typeof step === 'string' && step.startsWith(RESERVED))) return error;
  const shown = path.map((step) => (typeof step === 'string' ? callersName(step) : step));
  return new GraphQLError(message, { path: shown, extensions, originalError: error });
}
