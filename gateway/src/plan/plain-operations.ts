import type { Operation } from '@longyuan/operation/read-operation.ts';
import type { AskedField, Selection } from '@longyuan/operation/selection.ts';
import { writeOperation } from '@longyuan/operation/write-operation.ts';
import { costOfDocument } from '@longyuan/schema/src/kept/cost-of-document.ts';
import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import { type DocumentNode, GraphQLError, parse, print, visit } from 'graphql';
import { LRUCache } from 'lru-cache';
import { makeFetchBound } from '../fairness/count-fetches.ts';
import type { Executor } from '../request/gateway-context.ts';

type Result = Awaited<ReturnType<Executor>>;

/** An operation as it is given to Apollo's gateway. */
export type PlainOperation = Readonly<{
  document: DocumentNode;
  /** By which its plans are kept. */
  name: string;
  /** Fetches that every plan of it has at least. */
  leastFetches: number;
  /** Whether names of the hub's own stand in its answer. */
  hasOwnNames: boolean;
}>;

/** Begins names that no caller may give: the admission refuses them. */
const RESERVED = '__hub_';
/** Stands in a selection of which nothing may apply, and is taken out of the answer. */
const FILLER = `${RESERVED}nothing`;

/** How much is kept: written out, a document may be many times what it was. */
const KEPT = { most: 500, mostBytes: 16_000_000 };

/** Writes what is asked of an operation; the same name for the same. */
export type PlainOf = (operation: Pick<Operation, 'node' | 'schema'>, asked: Selection, name: string) => PlainOperation;

/**
 * Keeps what Apollo's gateway (2.14) is given, by the name of what is asked. Its fragments are written out: the gateway takes one on
 * an interface for the type of the object that it is applied to, so that fragments below it on that very type vanish from its answer without an
 * error, and puts fragments of one condition together, in another order than was asked; below a field of which all is left out (`@include`) it
 * fetches nothing, and answers null for an object that is there. And callers may give fields any name: the planner selects keys and what fields
 * require beside what was asked, and takes a field that a caller calls by such a name for it, so that `id: name` would be answered with the
 * key. A field that is called like another one of the supergraph, or like what GraphQL itself adds (`__typename`), gets a name of the hub's own.
 */
export function keepPlainOperations(supergraphSdl: string): PlainOf {
  const names = fieldNames(supergraphSdl);
  const leastFetches = makeFetchBound(supergraphSdl);
  const kept = countKept(
    'plain operations',
    new LRUCache<string, PlainOperation>({
      max: KEPT.most,
      maxSize: KEPT.mostBytes,
      sizeCalculation: ({ document }, hash) => 2 * hash.length + costOfDocument(document),
    }),
  );
  const nameOf = ({ key, name }: AskedField): string =>
    key !== name && (names.has(key) || key.startsWith('__')) ? `${RESERVED}${key}` : key;
  return (operation, asked, name) => {
    const known = kept.get(name);
    if (known) return known;
    const document = writeOperation(operation, asked, { nameOf, filler: FILLER });
    const plain = { document, name, leastFetches: leastFetches({ root: asked }), hasOwnNames: print(document).includes(RESERVED) };
    kept.set(name, plain);
    return plain;
  };
}

function fieldNames(sdl: string): ReadonlySet<string> {
  const names = new Set<string>();
  visit(parse(sdl, { noLocation: true }), { FieldDefinition: ({ name }) => void names.add(name.value) });
  return names;
}

/** The answer to a plain operation under the names that its caller gave. */
export function underCallersNames({ data, errors, ...rest }: Result): Result {
  return { ...rest, ...(data !== undefined && { data: giveBack(data) }), ...(errors && { errors: errors.map(giveBackPath) }) };
}

const callersName = (name: string): string => (name.startsWith(RESERVED) ? name.slice(RESERVED.length) : name);

function giveBack<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(giveBack) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => name !== FILLER);
  // Its members are the same ones, but for the one that nobody asked for, under the names that their caller gave them.
  return Object.fromEntries(members.map(([name, member]) => [callersName(name), giveBack(member)])) as Value;
}

function giveBackPath(error: GraphQLError): GraphQLError {
  const { message, path, extensions } = error;
  if (!path?.some((step) => typeof step === 'string' && step.startsWith(RESERVED))) return error;
  const shown = path.map((step) => (typeof step === 'string' ? callersName(step) : step));
  return new GraphQLError(message, { path: shown, extensions, originalError: error });
}
