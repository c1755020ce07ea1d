import readWorkbook from 'read-excel-file/node';
import type { Rows } from './inventory-rows.ts';
import { rowsUnderHeadings } from './rows-under-headings.ts';

/** Whether a file is a workbook (XLSX), which is a ZIP archive, or an old one (XLS), which is a compound document. */
export function workbookKind(bytes: Uint8Array): 'XLSX' | 'XLS' | null {
  const beginsWith = (...signature: readonly number[]) => signature.every((byte, place) => bytes[place] === byte);
  if (beginsWith(0x50, 0x4b, 0x03, 0x04)) return 'XLSX';
  return beginsWith(0xd0, 0xcf, 0x11, 0xe0) ? 'XLS' : null;
}

/** Largest workbook; it is unpacked in memory, to some twenty times its size. */
const MOST_BYTES = 20_000_000;

/** Rows of the first sheet of a workbook; a row's line is its number in the sheet. */
export async function rowsOfWorkbook(bytes: Uint8Array): Promise<Rows> {
  const wrong = (reason: string): Rows => ({ headings: [], rows: [], mistakes: [{ line: 1, reason }] });
  if (bytes.length > MOST_BYTES) return wrong(`is a workbook of more than ${MOST_BYTES / 1_000_000} MB: save its sheet as CSV`);
  let sheets: Awaited<ReturnType<typeof readWorkbook>>;
  try {
    sheets = await readWorkbook(Buffer.from(bytes));
  } catch {
    return wrong('is no workbook that can be read: save its sheet as CSV, or as XLSX without a password');
  }
  return rowsUnderHeadings((sheets[0]?.data ?? []).map((row, place) => ({ line: place + 1, cells: row.map(textOf) })));
}

/** A cell as it reads in the sheet: a day as a day, a number without an exponent. */
function textOf(cell: unknown): string {
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  if (cell === true) return '是';
  if (cell === false) return '否';
  return cell === null || cell === undefined ? '' : String(cell).trim();
}
