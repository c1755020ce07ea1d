import type { AccessFacts } from '@longyuan/access/access-facts.ts';
import type { AccessSet } from '@longyuan/access/access-set.ts';
import { GRANTABLE } from '@longyuan/access/apply-operation.ts';
import { purposesHeld } from '@longyuan/access/decide.ts';
import { reasonOf } from '@longyuan/access/refusal-error.ts';
import type { AccessExplanation, ExplainedRow } from '@longyuan/inner/inner-subgraph.ts';
import type { Quotas } from '@longyuan/inner/quotas.ts';
import { admitOperation, findEntities, makeAdmission } from '@longyuan/operation/admit-operation.ts';
import { claimsIn } from '@longyuan/operation/decide-claims.ts';
import { describeRows, explainOperation } from '@longyuan/operation/explain-operation.ts';
import { type Prune, readAnew } from '@longyuan/operation/keep-operations.ts';
import type { DocumentLimits } from '@longyuan/operation/measure-document.ts';
import { findOperation, type Operation, readOperation } from '@longyuan/operation/read-operation.ts';
import { isAboutSchema } from '@longyuan/operation/selection.ts';
import { readArgumentFormats } from '@longyuan/schema/src/argument-formats.ts';
import { isErrorCode } from '@longyuan/schema/src/error-codes.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import { badUserInput, refuse } from '@longyuan/schema/src/refuse.ts';
import { plainClass, type SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import { refusals, say } from '@longyuan/schema/src/words/catalogue.ts';
import { inChinese } from '@longyuan/schema/src/words/in-chinese.ts';
import type { Language } from '@longyuan/schema/src/words/sentence.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import { type DocumentNode, GraphQLError, type GraphQLFormattedError, type GraphQLSchema, parse } from 'graphql';
import { presentError } from '../http/answer-errors.ts';
import { readPurpose } from '../identify/identify.ts';
import { namedRows, planRows } from './plan-rows.ts';
import { findUsedUp } from './spend-grants.ts';

/**
 * Explains one operation to one caller; `access` is their access set for the purpose that is asked about, `mayIntrospect` whether they may be
 * told of the schema, `publicAddress` where they know the hub.
 */
export type Explain = (asked: {
  query: string;
  variables: string | null;
  access: AccessSet;
  mayIntrospect: boolean;
  publicAddress: string;
  /** Of the sentences in it. */
  language: Language;
}) => Promise<AccessExplanation>;

/**
 * Makes the explainer. It lets in what the door lets in, so that nothing is explained which would be refused as a whole, but for want of what
 * is left of the day's calls and rows: that is said of each item. Nothing is spent of them.
 */
export function makeExplain(parts: {
  /** As callers see it. */
  schema: GraphQLSchema;
  prune: Prune;
  sharing: SharingFacts;
  facts: AccessFacts;
  settings: DocumentLimits & Pick<Settings, 'maxCost' | 'maxTokens'>;
  subgraphs: readonly Pick<Library, 'document'>[];
  quotas: Pick<Quotas, 'used'>;
}): Explain {
  const { schema, prune, sharing, facts, settings, quotas } = parts;
  const admission = makeAdmission({
    schema,
    operations: readAnew(schema),
    limits: settings,
    formats: readArgumentFormats(parts.subgraphs),
    entities: findEntities(parts.subgraphs),
  });
  const fields = new Map(sharing.fields.filter(({ items }) => items.length > 0).map((field) => [field.coordinate, field]));
  return async ({ query, variables: text, access, mayIntrospect, language, publicAddress }) => {
    const document = parseQuery(query, settings.maxTokens);
    const sent = parseVariables(text);
    const operation = admitOperation(admission, { document, operationName: null, variables: sent, mayIntrospect, publicAddress });
    if ('errors' in operation) {
      const [refused = refuse('NO_OPERATION')] = operation.errors;
      const node = findOperation(document, null);
      if (refused.extensions['code'] !== 'UNAUTHENTICATED' || typeof node === 'string') throw refusedAsWhole(refused);
      const rule = say(refusals.NO_INTROSPECTION, { address: publicAddress }, language);
      return explainIntrospection(readOperation(schema, document, node), rule);
    }
    const given = operation.given(sent);
    const pruned = prune(operation, given, access);
    const plan = planRows(pruned, access, pruned.left ? claimsIn(pruned.left, given) : []);
    const usedUp = plan && (await findUsedUp({ plan, named: namedRows(plan, given), quotas }));
    const items = explainOperation({ operation, facts, access, pruned, given }).map(
      ({ path, coordinate, visible, masked, refusal }): ExplainedRow => {
        const field = fields.get(coordinate);
        const plain = field && plainClass(field);
        const decided = plain && facts.ofItem(plain.code);
        const isMasked = visible.rows === 'NONE' && masked.rows !== 'NONE';
        const ownerUscc = field?.owner.library.uscc ?? null;
        const { caller } = access.standing;
        const isOwn = caller.kind === 'department' && caller.uscc === ownerUscc;
        if (!refusal && usedUp)
          return { ...REFUSED, path: path.join('.'), coordinate, itemCode: plain?.code ?? null, ...tellUsedUp(usedUp, language) };
        const isGrantable = refusal !== null && GRANTABLE.has(refusal.missing) && !isOwn;
        return {
          path: path.join('.'),
          coordinate,
          itemCode: plain?.code ?? null,
          access: refusal ? 'REFUSED' : isMasked ? 'MASKED' : 'VISIBLE',
          rows: refusal ? null : describeRows(isMasked ? masked : visible, language),
          maskedRows: masked.rows === 'NONE' ? null : describeRows(masked, language),
          code: refusal?.code ?? null,
          rule: refusal && `${plain?.share ?? 'NOT_SHARED'}: ${reasonOf(refusal, plain?.share ?? null)[language]}`,
          basis: refusal ? (plain?.basis ?? null) : null,
          missing: refusal?.missing ?? null,
          ownerUscc: isGrantable ? ownerUscc : null,
          purposes: refusal?.missing === 'PURPOSE' && decided ? purposesHeld(decided, access.standing) : null,
        };
      },
    );
    return { isWhole: items.every(({ code }) => code === null), items };
  };
}

/** What is said alike of every refused item, unless more is known of it. */
const REFUSED = { access: 'REFUSED', rows: null, maskedRows: null, basis: null, ownerUscc: null, purposes: null } as const;

/** Calls or rows of the day are used up until when, or how many are left cannot be told now. */
function tellUsedUp({ message, extensions }: GraphQLError, language: Language) {
  const code = isErrorCode(extensions['code']) ? extensions['code'] : 'INTERNAL';
  return { code, rule: language === 'zh' ? inChinese(message, code) : message, missing: 'QUOTA' };
}

/** What resolvers ask: `purpose` left out is that of the call. */
type Question = Readonly<{ query: string; purpose?: string | null; variables?: string | null }>;

/** The explainer of one request: the same question is worked out once, under however many names it is asked. */
export function explainOnce(explain: (asked: Question) => Promise<AccessExplanation>): (asked: Question) => Promise<AccessExplanation> {
  const told = new Map<string, Promise<AccessExplanation>>();
  return (asked) => {
    const { query, purpose = null, variables = null } = asked;
    return told.getOrInsertComputed(JSON.stringify([query, purpose, variables]), () => explain(asked));
  };
}

/** Asking for the schema without a token is refused as a whole, whatever else is asked: that alone is told. */
function explainIntrospection({ root }: Operation, rule: string): AccessExplanation {
  const items = root.fields.filter(isAboutSchema).map(
    ({ key: path, name }): ExplainedRow => ({
      ...REFUSED,
      ...{ path, coordinate: `Query.${name}`, itemCode: null, code: 'UNAUTHENTICATED', rule, missing: 'LOGIN' },
    }),
  );
  return { isWhole: false, items };
}

/** Parsed within the bounds of the door, and refused as the door refuses it. */
function parseQuery(query: string, maxTokens: number): DocumentNode {
  try {
    return parse(query, { maxTokens });
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    throw refusedAsWhole(presentError({ message, extensions: { code: 'GRAPHQL_PARSE_FAILED' } }));
  }
}

/** The purpose that is asked about; `ofCall` where none is named. @throws GraphQLError where X-Purpose could not name it. */
export function purposeAskedAbout(asked: string | null | undefined, ofCall: string | null): string | null {
  const purpose = asked === null || asked === undefined ? ofCall : readPurpose(asked);
  if (purpose === undefined) throw refusedAsWhole(refuse('PURPOSE_MALFORMED'), 'purpose');
  return purpose;
}

/** The refusal that the operation itself would get, said of the argument that holds it. */
function refusedAsWhole({ message, extensions = {} }: GraphQLFormattedError | GraphQLError, argument = 'query'): GraphQLError {
  const { code } = extensions;
  const asWhole = isErrorCode(code) ? code : 'BAD_USER_INPUT';
  const said = badUserInput('query', 'REFUSED_AS_WHOLE', { message });
  return new GraphQLError(said.message, { extensions: { ...extensions, ...said.extensions, code: asWhole, argument } });
}

function parseVariables(text: string | null): Record<string, unknown> {
  if (text === null) return {};
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return { ...read };
  } catch {
    // Told below, like everything else that is no object.
  }
  throw badUserInput('variables', 'JSON_OBJECT');
}
