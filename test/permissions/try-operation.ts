import { type FragmentDefinitionNode, Kind, type OperationDefinitionNode, parse, print } from 'graphql';
import { type Answer, ask } from '../ask.ts';
import type { Reference } from './askers.ts';
import { differences, expectAnswer } from './expect-answer.ts';
import { type Asked, collectFields, expectRefusals, type Refusal } from './expect-refusals.ts';
import type { Asker } from './read-rights.ts';
import { referenceOf } from './reference.ts';
import type { Rows } from './rows.ts';
import type { Model, Rules } from './rules.ts';

/** A hub with what the suite knows of it. */
export type Tried = Readonly<{
  url: string;
  /** Where it is asked: all that the model has may be asked there. What answers are held against is always asked at /graphql. */
  door: '/graphql' | '/public/graphql';
  model: Model;
  rows: Rows;
  /** Somebody to whom everything was granted; and, of each owner with a list that is for it alone, that owner, by credit code. */
  reference: Reference;
  owners: ReadonlyMap<string, Reference>;
}>;

export type Operation = Readonly<{ text: string; variables: Readonly<Record<string, unknown>> }>;
/** An operation that was read, with what the reference was answered. */
export type Referred = Operation & Readonly<{ asked: Asked; told: Readonly<Record<string, unknown>> }>;

/** An operation that nobody is answered, whatever their rights: it is malformed, or larger than the limits. */
export class RefusedForAllError extends Error {}

/** A library did not answer in time, however often it was asked: nothing can be said. */
export class BusyError extends Error {}

/** Asks the reference. @throws Error where it meets an error: then nothing can be said of anybody. */
export async function refer(tried: Tried, { text, variables }: Operation): Promise<Referred> {
  const document = parse(text);
  const operation = document.definitions.find((each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('There is no operation.');
  const fragments = new Map(
    document.definitions
      .filter((each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION)
      .map((each) => [each.name.value, each] as const),
  );
  const asked: Asked = { schema: tried.model.schema, selectionSet: operation.selectionSet, fragments, variables };
  const query = print(referenceOf(tried.model, tried.rows, document));
  const { data, errors } = await askAs({ url: tried.url }, { query, variables, ...referenceFor(tried, asked) });
  const isRefused = errors?.some(({ extensions }) => ['BAD_USER_INPUT', 'OPERATION_TOO_COSTLY'].includes(extensions.code));
  if (isRefused) throw new RefusedForAllError(errors?.[0]?.message);
  if (errors?.some(({ extensions }) => BUSY.has(extensions.code))) throw new BusyError('The reference was not answered in time');
  if (!data || errors) throw new Error(`The reference was answered with ${JSON.stringify(errors)} for ${query}`);
  return { text, variables, asked, told: data };
}

/** Who may ask everything of an operation. @throws RefusedForAllError where it takes the owners of two libraries. */
function referenceFor({ model, reference, owners }: Tried, asked: Asked): Reference {
  const root = asked.schema.getQueryType();
  const names = root ? [...collectFields(asked, root, [asked.selectionSet]).values()].flat().map(({ name }) => `Query.${name.value}`) : [];
  const needed = new Set(
    model.sharing.fields.flatMap(({ coordinate, lists, owner }) =>
      lists === 'OWNER' && names.includes(coordinate) ? [owner.library.uscc] : [],
    ),
  );
  const [owner] = needed;
  if (owner === undefined) return reference;
  const known = owners.get(owner);
  if (!known || needed.size > 1) throw new RefusedForAllError('Lists of several owners in one operation are whole for nobody.');
  return known;
}

/** What is wrong with what this asker is answered; empty where all is as the rules say. */
export async function tryAs(tried: Tried, operation: Referred, rules: Rules): Promise<readonly string[]> {
  const { asker } = rules;
  const { data, errors, status } = await askAs(tried, { ...asker, query: operation.text, variables: operation.variables });
  if (errors?.some(({ extensions }) => BUSY.has(extensions.code))) throw new BusyError(`${asker.name} was not answered in time`);
  if (data === undefined) return [`${asker.name}: no answer (${status}): ${errors?.[0]?.extensions.code} ${errors?.[0]?.message}`];
  const expected = expectAnswer({ rules, rows: tried.rows, asked: operation.asked, reference: operation.told });
  const found = differences(expected.data, data);
  const refusals = [...expectRefusals(rules, operation.asked), ...expected.emptied];
  const isUnknown = ({ path }: Refusal) => expected.unknown.some((place) => `${path}.`.startsWith(`${place}.`));
  const said = (errors ?? []).map(readError);
  const isOf = (refusal: Refusal, error: Refusal) =>
    refusal.item === error.item && refusal.code === error.code && `${refusal.path}.`.startsWith(`${error.path}.`);
  for (const each of refusals) if (!said.some((error) => isOf(each, error))) found.push(`no error says ${sayRefusal(each)}`);
  for (const each of said)
    if (!isUnknown(each) && !refusals.some((refusal) => isOf(refusal, each))) found.push(`an error says ${sayRefusal(each)}`);
  return found.map((each) => `${asker.name}: ${each}`);
}

/** An error's path ends where the answer ends: at a null, or at a list that is empty. */
function readError({ path = [], extensions }: NonNullable<Answer['errors']>[number]): Refusal {
  return { path: path.filter((step) => typeof step === 'string').join('.'), item: String(extensions['item']), code: extensions.code };
}

function sayRefusal({ path, item, code }: Refusal): string {
  return `${path} ${item} ${code}`;
}

/** A library that was busy says nothing of rights: it is asked again. */
const BUSY: ReadonlySet<string> = new Set(['LIBRARY_TIMEOUT', 'LIBRARY_UNAVAILABLE']);
const TRIES = 5;

/** Asks as this asker, for the asker's purpose. */
export async function askAs(
  { url, door }: Pick<Tried, 'url'> & Partial<Pick<Tried, 'door'>>,
  as: Pick<Asker, 'token' | 'purpose'> & Readonly<{ query: string; variables: Readonly<Record<string, unknown>> }>,
): Promise<Answer> {
  for (let left = TRIES - 1; left > 0; left -= 1) {
    const answer = await askOnce({ url, ...(door && { door }) }, as);
    if (!answer.errors?.some(({ extensions }) => BUSY.has(extensions.code))) return answer;
  }
  return askOnce({ url, ...(door && { door }) }, as);
}

function askOnce({ url, door = '/graphql' }: Parameters<typeof askAs>[0], as: Parameters<typeof askAs>[1]): Promise<Answer> {
  return ask({ url, ...(as.purpose !== null && { purpose: as.purpose }) }, as.query, { ...as.variables }, door, as.token);
}
