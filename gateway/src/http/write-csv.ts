import type { Cell } from '@longyuan/inner/inner-subgraph.ts';
import { stringify } from 'csv-stringify/sync';

/** Records of RFC 4180, a CRLF after each. */
export function toCsv(records: readonly (readonly Cell[])[]): string {
  return stringify(
    records.map((record) => [...record]),
    { record_delimiter: 'windows', escape_formulas: true },
  );
}
