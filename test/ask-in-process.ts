import type { AccessSet } from '@longyuan/access/access-set.ts';
import { EVERYTHING_VISIBLE } from '@longyuan/access/everything-visible.ts';
import { findOperation, nameWith, type Operation, readOperation } from '@longyuan/operation/read-operation.ts';
import { libraryNamed } from '@longyuan/schema/src/read-libraries.ts';
import { buildLibrarySchema } from '@longyuan/subgraphs/serve/build-schema.ts';
import { openExecution, withheldErrors } from '@longyuan/subgraphs/serve/call/execution.ts';
import type { ResolverMap } from '@longyuan/subgraphs/serve/define-library.ts';
import { type Predicates, rowGuardOf } from '@longyuan/subgraphs/serve/rows/row-guard.ts';
import { openVerifications, type VerificationsFor } from '@longyuan/subgraphs/serve/verification/open-verifications.ts';
import { openSealedCursors } from '@longyuan/trust/sealed-cursor.ts';
import { type ExecutionResult, execute, type GraphQLSchema, parse, validate } from 'graphql';

/** A question put to a store: its name and what it was asked with. */
type Question = Readonly<{ name: string; asked: readonly unknown[] }>;

type Ask = (
  source: string,
  variables?: Record<string, unknown>,
  access?: AccessSet,
) => Promise<{ answer: ExecutionResult; questions: readonly Question[] }>;

/**
 * For tests: a library over a store of arrays, asked without HTTP. Each call is one request with loaders of its own,
 * and hands back the answer with the questions that reached the store. Where nothing else is said nobody guesses too often, and no
 * receipt can be signed.
 */
export function askInProcess<Store extends object, Loaders>(library: {
  name: string;
  resolvers: ResolverMap;
  predicates?: Predicates;
  store: Store;
  makeLoaders: (store: Store) => Loaders;
  verificationsFor?: VerificationsFor;
}): Ask {
  const { verificationsFor = withoutBound(library.name) } = library;
  const schema: GraphQLSchema = buildLibrarySchema(libraryNamed(library.name), library);
  const cursors = openSealedCursors(async () => new Uint8Array(32));
  // A question asked again is the same operation, as with Apollo Server: what is kept of one must hold for the next.
  const operations = new Map<string, Operation>();
  return async (source, variables = {}, access = EVERYTHING_VISIBLE) => {
    const questions: Question[] = [];
    const loaders = library.makeLoaders(noteQuestions(library.store, questions));
    const { caller, purpose } = access.standing;
    const operation = operations.getOrInsertComputed(source, () => readValid(schema, source));
    const execution = openExecution(nameWith(operation, operation.given(variables)));
    const contextValue = { caller, purpose, access, loaders, verificationsFor, cursors, execution };
    const answer = await execute({ schema, document: operation.document, variableValues: variables, contextValue });
    const told = [...(answer.errors ?? []), ...withheldErrors(execution, rowGuardOf(schema).writeRefusal)];
    // Objects of graphql-js have no prototype; a round trip makes them plain, as a client reads them.
    return { answer: JSON.parse(JSON.stringify({ ...answer, ...(told.length > 0 && { errors: told }) })), questions };
  };
}

function readValid(schema: GraphQLSchema, source: string): Operation {
  const document = parse(source);
  const [wrong] = validate(schema, document);
  if (wrong) throw wrong;
  const node = findOperation(document, null);
  if (typeof node === 'string') throw new Error(node);
  return readOperation(schema, document, node);
}

function withoutBound(name: string): VerificationsFor {
  const noKey = () => Promise.reject(new Error('This test gave no key to sign with.'));
  return openVerifications({
    name,
    mostMismatches: { ofSubject: 1_000_000, ofCaller: 1_000_000 },
    keys: { current: noKey, receiptSecret: noKey },
  });
}

function noteQuestions<Store extends object>(store: Store, questions: Question[]): Store {
  return new Proxy(store, {
    get(target, name) {
      const question: unknown = Reflect.get(target, name);
      if (typeof question !== 'function') return question;
      return (...asked: unknown[]) => {
        questions.push({ name: String(name), asked });
        return question.apply(target, asked);
      };
    },
  });
}
