/**
 * Which rows of a resource are meant, in terms of what `@resource(rows:)` and `@item(when:)` name. It is applied by the store that keeps
 * the rows: `subgraphs/serve` turns it into SQL.
 */
export type RowCondition =
  | Readonly<{ rows: 'ALL' }>
  | Readonly<{ rows: 'NONE' }>
  /** Those that a predicate of the library holds for. */
  | Readonly<{ rows: 'WHEN'; predicate: string }>
  /** Those whose subject is one of these keys. */
  | Readonly<{ rows: 'SUBJECT'; keys: readonly string[] }>
  /** Those whose own key is one of these, which were told to be the caller's. */
  | Readonly<{ rows: 'OWN'; keys: readonly string[] }>
  /** Those of a division and everything below it; `minors`: those of people under 14, too. */
  | Readonly<{ rows: 'DIVISION'; within: string; minors: boolean }>
  | Readonly<{ rows: 'ANY'; of: readonly RowCondition[] }>;

export const ALL_ROWS: RowCondition = Object.freeze({ rows: 'ALL' });
export const NO_ROWS: RowCondition = Object.freeze({ rows: 'NONE' });

/** Whether nothing but a caller's own rows is meant. */
export function isOwnAlone(condition: RowCondition): boolean {
  if (condition.rows === 'ANY') return condition.of.every(isOwnAlone);
  return condition.rows === 'SUBJECT' || condition.rows === 'OWN';
}

/** Whether a caller's own rows are meant, among others or alone. */
export function meansOwn(condition: RowCondition): boolean {
  return condition.rows === 'ANY' ? condition.of.some(meansOwn) : isOwnAlone(condition);
}

/** The rows that at least one of the conditions means. */
export function anyOf(conditions: readonly RowCondition[]): RowCondition {
  const parts = new Map<string, RowCondition>();
  for (const condition of conditions) {
    if (condition.rows === 'ALL') return ALL_ROWS;
    if (condition.rows === 'NONE') continue;
    for (const part of condition.rows === 'ANY' ? condition.of : [condition]) parts.set(nameOf(part), part);
  }
  const [first = NO_ROWS, ...more] = parts.values();
  return more.length === 0 ? first : { rows: 'ANY', of: [...parts.values()] };
}

/** One name for conditions that mean the same in the same words. */
function nameOf(condition: RowCondition): string {
  return JSON.stringify(condition);
}
