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
  /** Codes of service items; null where no purpose is missing. */
  purposes: readonly string[] | null;
}>;
