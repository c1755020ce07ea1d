import type { AccessFacts } from '@longyuan/schema/src/access/access-facts.ts';
import type { AccessSet } from '@longyuan/schema/src/access/access-set.ts';
import type { Refusal } from '@longyuan/schema/src/access/decide.ts';
import { NO_ROWS, type RowCondition } from '@longyuan/schema/src/access/row-condition.ts';
import { say } from '@longyuan/schema/src/words/catalogue.ts';
import type { Language } from '@longyuan/schema/src/words/sentence.ts';
import { textsOfRows } from '@longyuan/schema/src/words/texts.ts';
import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { claimedCodes, claimingArgument, decideClaims } from './decide-claims.ts';
import { isIncluded, type Variables } from './included-selections.ts';
import type { PrunedOperation } from './prune-operation.ts';

/** What becomes of one item at one place of an operation: `refusal` null where it is answered, for the rows that `visible` and `masked` mean. */
export type ExplainedItem = Readonly<{
  path: readonly string[];
  coordinate: string;
  visible: RowCondition;
  masked: RowCondition;
  refusal: Refusal | null;
}>;

/**
 * Tells of each item of a pruned operation what becomes of it: read from the very pruning that answers the operation, so that it cannot
 * differ from what happens. Refused items first, in the order they were asked for; then those that a verification names by their codes and
 * its library refuses.
 */
export function explainOperation(question: {
  schema: GraphQLSchema;
  facts: AccessFacts;
  access: AccessSet;
  pruned: PrunedOperation;
  /** As sent, a missing one with its default: what they switch off is not asked for, and so not explained. */
  variables: Variables;
}): readonly ExplainedItem[] {
  const { schema, facts, access, pruned, variables } = question;
  const refused = pruned.refused.map(({ path, item, refusal }) => ({
    path,
    coordinate: item,
    visible: NO_ROWS,
    masked: NO_ROWS,
    refusal,
  }));
  /** By response name: a field that stands there twice is one. */
  const claimed = new Map<string, readonly ExplainedItem[]>();
  const shown = new Map<string, ExplainedItem>();
  const fragments = new Map(
    (pruned.document?.definitions ?? []).flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
    ),
  );

  function visit(set: SelectionSetNode, type: GraphQLCompositeType, path: readonly string[]): void {
    for (const selection of set.selections) {
      if (!isIncluded(selection, variables)) continue;
      if (selection.kind === Kind.FIELD) {
        visitField(selection, type, path);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      const named = fragment?.typeCondition ? schema.getType(fragment.typeCondition.name.value) : type;
      if (fragment && isCompositeType(named)) visit(fragment.selectionSet, named, path);
    }
  }
  function visitField(field: FieldNode, type: GraphQLCompositeType, path: readonly string[]): void {
    const name = field.name.value;
    if (name.startsWith('__')) return;
    const at = [...path, (field.alias ?? field.name).value];
    for (const object of isAbstractType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : []) {
      if (!facts.ofField(object.name, name)?.item) continue;
      const { visible, masked } = access.ofField(object.name, name);
      const coordinate = `${object.name}.${name}`;
      shown.set(`${at.join('.')} ${coordinate}`, { path: at, coordinate, visible, masked, refusal: null });
    }
    const below = 'getFields' in type ? type.getFields()[name] : undefined;
    if (type === schema.getQueryType()) claimed.getOrInsertComputed(at.join(), () => refusedClaims(question, field, at));
    const named = below && getNamedType(below.type);
    if (field.selectionSet && isCompositeType(named)) visit(field.selectionSet, named, at);
  }
  for (const definition of pruned.document?.definitions ?? []) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const root = schema.getRootType(definition.operation);
    if (root) visit(definition.selectionSet, root, []);
  }
  return [...refused, ...[...claimed.values()].flat(), ...shown.values()];
}

/** Items that a verification names by their codes, and that its library refuses. @throws GraphQLError BAD_USER_INPUT as the library does. */
function refusedClaims(
  { schema, facts, access, variables }: Parameters<typeof explainOperation>[0],
  field: FieldNode,
  path: readonly string[],
): readonly ExplainedItem[] {
  const root = field.name.value;
  if (claimingArgument({ schema, field: root }) === undefined) return [];
  return decideClaims(claimedCodes(schema, field, variables), { schema, facts, access, field: root }).flatMap(
    ({ type, column, refusal }) => (refusal ? [{ path, coordinate: `${type}.${column}`, visible: NO_ROWS, masked: NO_ROWS, refusal }] : []),
  );
}

/** Which rows are meant, in words of a language. */
export function describeRows(condition: RowCondition, language: Language): string {
  switch (condition.rows) {
    case 'ALL':
      return textsOfRows.EVERY_ROW[language];
    case 'NONE':
      return textsOfRows.NO_ROW[language];
    case 'WHEN':
      return say(textsOfRows.ROWS_WHEN, { predicate: condition.predicate }, language);
    case 'SUBJECT':
    case 'OWN':
      return textsOfRows.ROWS_OF_CALLER[language];
    case 'DIVISION':
      return say(
        condition.minors ? textsOfRows.ROWS_OF_DIVISION : textsOfRows.ROWS_OF_DIVISION_OF_AGE,
        { division: condition.within },
        language,
      );
    case 'ANY':
      return condition.of.map((each) => describeRows(each, language)).join(language === 'zh' ? '；' : '; ');
  }
}
