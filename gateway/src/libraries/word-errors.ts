import { PUBLIC } from '@longyuan/access/caller.ts';
import type { Refusal, Standing } from '@longyuan/access/decide.ts';
import { missingIn } from '@longyuan/access/refusal-error.ts';
import { type ErrorCode, errorCodes, isErrorCode } from '@longyuan/schema/src/error-codes.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import { plainClass, type SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import { say } from '@longyuan/schema/src/words/catalogue.ts';
import { type Hole, isLibrarySentence } from '@longyuan/schema/src/words/library-sentences.ts';
import { refusalsOfItems } from '@longyuan/schema/src/words/refusals-of-items.ts';
import { variables as settings } from '@longyuan/settings/environment.ts';
import type { GraphQLFormattedError } from 'graphql';
import type { RefusalsOf } from '../access/word-refusals.ts';
import type { FetchPlace } from './fetch-shape.ts';

/** What is known of a question that a library answers with an error. */
type Asked = Readonly<{
  /** The place in the answer, and what it may be; null: the whole of it. */
  place: FetchPlace | null;
  /** Who asks, where an item may be refused to them. */
  standing?: Standing;
  /** What was sent: values that the library may name since its caller did. */
  variables: Readonly<Record<string, unknown>>;
}>;
/** Says in the hub's own words what a library's error says. */
export type ErrorWords = (error: unknown, asked: Asked) => GraphQLFormattedError;

/** Codes with which an item is refused, each with what is missing where the library does not say. */
const refusals: Readonly<Partial<Record<ErrorCode, Refusal['missing']>>> = {
  UNAUTHENTICATED: 'LOGIN',
  ITEM_NOT_SHARED: 'NOTHING_HELPS',
  ITEM_NOT_GRANTED: 'GRANT',
  PURPOSE_REQUIRED: 'PURPOSE',
  PURPOSE_NOT_GRANTED: 'PURPOSE',
};

/**
 * Makes the words of one library's errors. Nothing of them is quoted, whoever wrote them: of a known code, the sentence is one of the hub's own
 * (`schema/src/words/`) with what the hub itself knows of item, owner and argument.
 */
export function makeErrorWords(
  library: Pick<Library, 'name' | 'title' | 'department'>,
  facts: SharingFacts,
  refusalsOf: RefusalsOf,
): ErrorWords {
  const names = knownNames(library, facts);
  return (error, { place, variables, standing = NOBODY }) => {
    const { message, extensions } = isRecord(error) ? error : {};
    const told = isRecord(extensions) ? extensions : {};
    const said = typeof message === 'string' ? message : '';
    // Of hashes the hub alone speaks: it made a client send its operation again.
    const code = isErrorCode(told['code']) && told['code'] !== 'PERSISTED_QUERY_NOT_FOUND' ? told['code'] : 'INTERNAL';
    const where = place ? { path: place.path } : {};
    const missing = refusals[code];
    const item = missing && place ? itemAt(place, told['item'], names) : undefined;
    if (missing && place && item !== undefined) {
      // The type of a refusal's code is narrower than that of all codes; `refusals` holds exactly those.
      const refusal = { code, missing: missingIn(said) ?? missing } as Refusal;
      // What is not shown there is compared with what was given.
      const itemCode = names.codes.get(item);
      const wanted = itemCode === undefined ? [] : [{ code: itemCode, toVerify: !place.coordinates.includes(item), refusal }];
      const { message: worded, extensions: own } = refusalsOf(standing, wanted)({ item, refusal, path: place.path });
      return { message: worded, ...where, extensions: { ...own, library: library.name } };
    }
    const argument = typeof told['argument'] === 'string' && names.arguments.has(told['argument']) ? told['argument'] : null;
    const isKnown = (hole: Hole, value: string): boolean => {
      if (hole === 'asked') return names.isKnown('code', value) || wasSent(variables, value);
      return hole === 'variable' ? Object.hasOwn(variables, value.slice(1)) : names.isKnown(hole, value);
    };
    const isSaid = isLibrarySentence(code, said, code === 'BAD_USER_INPUT' ? argument : null, isKnown);
    return {
      message: isSaid ? said : sentenceOf(code, library, argument),
      ...where,
      extensions: { ...(argument !== null && { argument }), ...limitIn(told), code, library: library.name },
    };
  };
}

/** Whoever is not known can apply for nothing. */
const NOBODY: Standing = { caller: PUBLIC, purpose: null, grants: [], now: new Date(0) };

/** What is said of a code where the library says nothing that the hub would say. */
function sentenceOf(code: ErrorCode, { name, title }: Pick<Library, 'name' | 'title'>, argument: string | null): string {
  const library = { library: name, title };
  switch (code) {
    case 'BAD_USER_INPUT':
      return (argument === null ? refuse('SOME_VALUE_NOT_TAKEN', library) : refuse('VALUE_NOT_TAKEN', { ...library, argument })).message;
    case 'INTERNAL':
      return refuse('LIBRARY_FAILED', library).message;
    case 'LIBRARY_UNAVAILABLE':
      return refuse('LIBRARY_NOT_NOW', library).message;
    case 'LIBRARY_TIMEOUT':
      return refuse('LIBRARY_LATE', library).message;
    default: {
      const { en } = errorCodes[code];
      return say(refusalsOfItems.LIBRARY_REFUSES, { ...library, meaning: `${en.charAt(0).toLowerCase()}${en.slice(1)}` });
    }
  }
}

/**
 * The item that is refused at a place: the one that the library names, where it may stand there or below, or where none stands there that has items (a
 * verification, a search) and it is one of the library's own.
 */
function itemAt({ coordinates, below }: FetchPlace, told: unknown, names: Names): string | undefined {
  const there = coordinates.filter((coordinate) => names.isKnown('coordinate', coordinate));
  const isThere = there.some((coordinate) => coordinate === told);
  const isElsewhere = typeof told === 'string' && names.ownItems.has(told) && !there.some((coordinate) => names.ownItems.has(coordinate));
  // A list that is empty says it of what would stand in it.
  const isBelow = typeof told === 'string' && names.isKnown('coordinate', told) && below().includes(told);
  return typeof told === 'string' && (isThere || isElsewhere || isBelow) ? told : there[0];
}

/** A limit is one of the hub's settings, with a number. */
function limitIn({ limit, value }: Readonly<Record<string, unknown>>): Readonly<Record<string, string | number>> {
  if (typeof limit !== 'string' || !Object.hasOwn(settings, limit)) return {};
  return Number.isSafeInteger(value) ? { limit, value: Number(value) } : { limit };
}

type Names = Readonly<{
  arguments: ReadonlySet<string>;
  /** Codes of all items, by the coordinates of their fields. */
  codes: ReadonlyMap<string, string>;
  /** Fields of this library that have items, by their coordinates. */
  ownItems: ReadonlySet<string>;
  isKnown: (hole: Hole, value: string) => boolean;
}>;

function knownNames(library: Pick<Library, 'name' | 'department'>, facts: SharingFacts): Names {
  const inputs = Map.groupBy(
    facts.types.flatMap((type) => type.inputs),
    ({ coordinate }) => coordinate.split('.')[0] ?? '',
  );
  const taken = facts.fields.flatMap((field) => field.arguments);
  const names = new Set([
    ...taken.flatMap(({ coordinate, name, takes }) => [
      name,
      coordinate,
      ...(inputs.get(takes) ?? []).map((each) => `${coordinate}.${each.name}`),
    ]),
    ...facts.types.flatMap((type) => type.inputs.map(({ coordinate }) => coordinate)),
  ]);
  const items = facts.fields.flatMap((field) => field.items);
  const known: Readonly<Record<Exclude<Hole, 'asked' | 'variable' | 'arguments'>, ReadonlySet<string>>> = {
    title: new Set(items.map(({ title }) => title)),
    code: new Set([...items.map(({ code }) => code), ...facts.types.flatMap(({ resource }) => (resource ? [resource.code] : []))]),
    type: new Set(facts.types.map(({ name }) => name)),
    coordinate: new Set(facts.fields.map(({ coordinate }) => coordinate)),
    limit: new Set(Object.keys(settings)),
    library: new Set([library.name]),
    department: new Set([library.department]),
  };
  const own = facts.fields.filter(({ owner, items: there }) => owner.library.name === library.name && there.length > 0);
  return {
    arguments: names,
    codes: new Map(
      facts.fields.flatMap((field) => {
        const plain = plainClass(field);
        return plain ? [[field.coordinate, plain.code] as const] : [];
      }),
    ),
    ownItems: new Set(own.map(({ coordinate }) => coordinate)),
    isKnown: (hole, value) => {
      if (hole === 'arguments') return [...value.matchAll(/`(\w+)`/g)].every(([, name = '']) => names.has(name));
      return hole !== 'asked' && hole !== 'variable' && known[hole].has(value);
    },
  };
}

/** Whether a value stands in what was sent. */
function wasSent(sent: unknown, value: string): boolean {
  if (Array.isArray(sent)) return sent.some((each) => wasSent(each, value));
  return isRecord(sent) ? Object.values(sent).some((each) => wasSent(each, value)) : sent === value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
