import type { AccessFacts } from '@longyuan/access/access-facts.ts';
import type { AccessSet } from '@longyuan/access/access-set.ts';
import type { Refusal } from '@longyuan/access/decide.ts';
import { NO_ROWS, type RowCondition } from '@longyuan/access/row-condition.ts';
import { say } from '@longyuan/schema/src/words/catalogue.ts';
import type { Language } from '@longyuan/schema/src/words/sentence.ts';
import { textsOfRows } from '@longyuan/schema/src/words/texts.ts';
import { claimedCodes, decideClaims } from './decide-claims.ts';
import type { PrunedOperation } from './prune-operation.ts';
import type { Operation } from './read-operation.ts';
import { type AskedField, areMet, type Selection, type Variables } from './selection.ts';

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
 * its library refuses. `given`: the variables with their defaults; what they switch off is not asked for, and so not explained.
 */
export function explainOperation(question: {
  operation: Operation;
  facts: AccessFacts;
  access: AccessSet;
  pruned: PrunedOperation;
  given: Variables;
}): readonly ExplainedItem[] {
  const { facts, access, pruned, given } = question;
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

  function visit({ fields }: Selection, path: readonly string[]): void {
    for (const field of fields) {
      const { key, name, possible, conditions, below } = field;
      if (name.startsWith('__') || !areMet(conditions, given)) continue;
      const at = [...path, key];
      for (const object of possible) {
        if (!facts.ofField(object.name, name)?.item) continue;
        const { visible, masked } = access.ofField(object.name, name);
        const coordinate = `${object.name}.${name}`;
        shown.set(`${at.join('.')} ${coordinate}`, { path: at, coordinate, visible, masked, refusal: null });
      }
      if (path.length === 0) claimed.getOrInsertComputed(key, () => refusedClaims(question, field));
      if (below) visit(below, at);
    }
  }
  if (pruned.left) visit(pruned.left, []);
  return [...refused, ...[...claimed.values()].flat(), ...shown.values()];
}

/** Items that a verification names by their codes, and that its library refuses. @throws GraphQLError BAD_USER_INPUT as the library does. */
function refusedClaims(
  { operation: { schema }, facts, access, given }: Parameters<typeof explainOperation>[0],
  field: AskedField,
): readonly ExplainedItem[] {
  const codes = claimedCodes(field, given);
  if (codes === null) return [];
  return decideClaims(codes, { schema, facts, access, field: field.name }).flatMap(({ type, column, refusal }) =>
    refusal ? [{ path: [field.key], coordinate: `${type}.${column}`, visible: NO_ROWS, masked: NO_ROWS, refusal }] : [],
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
