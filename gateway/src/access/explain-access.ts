import type { AccessFacts } from '@longyuan/schema/src/access/access-facts.ts';
import type { AccessSet } from '@longyuan/schema/src/access/access-set.ts';
import { describeRows, explainOperation } from '@longyuan/schema/src/access/explain-operation.ts';
import type { Prune } from '@longyuan/schema/src/access/keep-prunings.ts';
import { because } from '@longyuan/schema/src/access/refusal-error.ts';
import { readArgumentFormats } from '@longyuan/schema/src/argument-formats.ts';
import { badUserInput } from '@longyuan/schema/src/error-codes.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import { plainClass, type SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import { type DocumentNode, type GraphQLSchema, parse } from 'graphql';
import { findEntities, makeAdmission } from '../admit-operation.ts';
import type { OperationLimits } from '../operation-limits.ts';

/** As `AccessExplanation` of schema/directory.graphql, with keys for what other loaders answer. */
export type AccessExplanation = Readonly<{ isWhole: boolean; items: readonly ExplainedRow[] }>;
export type ExplainedRow = Readonly<{
  path: string;
  coordinate: string;
  itemCode: string | null;
  access: 'VISIBLE' | 'MASKED' | 'REFUSED';
  rows: string | null;
  maskedRows: string | null;
  code: string | null;
  rule: string | null;
  basis: string | null;
  missing: string | null;
  ownerUscc: string | null;
}>;

/** Explains one operation to one caller; `access` is their access set for the purpose that is asked about. */
export type Explain = (asked: { query: string; variables: string | null; access: AccessSet }) => AccessExplanation;

/** Makes the explainer. It lets in what the door lets in, so that nothing is explained which would be refused as a whole. */
export function makeExplain(parts: {
  /** As callers see it. */
  schema: GraphQLSchema;
  prune: Prune;
  sharing: SharingFacts;
  facts: AccessFacts;
  settings: OperationLimits & Pick<Settings, 'maxCost'>;
  subgraphs: readonly Pick<Library, 'document'>[];
}): Explain {
  const { schema, prune, sharing, facts, settings } = parts;
  const admit = makeAdmission({
    schema,
    limits: settings,
    formats: readArgumentFormats(parts.subgraphs),
    entities: findEntities(parts.subgraphs),
  });
  const fields = new Map(sharing.fields.filter(({ items }) => items.length > 0).map((field) => [field.coordinate, field]));
  return ({ query, variables: text, access }) => {
    const document = parseQuery(query);
    const variables = parseVariables(text);
    const [refused] = admit({ document, operationName: null, variables, mayIntrospect: true });
    if (refused) throw badUserInput('query', `would be refused as a whole: ${refused.message}`);
    const pruned = prune({ document, operationName: null, variables }, access);
    const items = explainOperation({ schema, facts, access, pruned, variables }).map(
      ({ path, coordinate, visible, masked, refusal }): ExplainedRow => {
        const field = fields.get(coordinate);
        const plain = field && plainClass(field);
        const isMasked = visible.rows === 'NONE' && masked.rows !== 'NONE';
        const isGrantable = refusal !== null && refusal.missing !== 'LOGIN' && refusal.missing !== 'NOTHING_HELPS';
        return {
          path: path.join('.'),
          coordinate,
          itemCode: plain?.code ?? null,
          access: refusal ? 'REFUSED' : isMasked ? 'MASKED' : 'VISIBLE',
          rows: refusal ? null : describeRows(isMasked ? masked : visible),
          maskedRows: masked.rows === 'NONE' ? null : describeRows(masked),
          code: refusal?.code ?? null,
          rule: refusal && `${plain?.share ?? 'NOT_SHARED'}: ${because[refusal.missing]}`,
          basis: refusal ? (plain?.basis ?? null) : null,
          missing: refusal?.missing ?? null,
          ownerUscc: isGrantable ? (field?.owner.library.uscc ?? null) : null,
        };
      },
    );
    return { isWhole: pruned.refused.length === 0, items };
  };
}

function parseQuery(query: string): DocumentNode {
  try {
    return parse(query, { maxTokens: 10_000 });
  } catch (error) {
    throw badUserInput('query', `is no GraphQL: ${error instanceof Error ? error.message : 'it cannot be read'}`);
  }
}

function parseVariables(text: string | null): Record<string, unknown> {
  if (text === null) return {};
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return { ...read };
  } catch {
    // Told below, like everything else that is no object.
  }
  throw badUserInput('variables', 'must be a JSON object');
}
